from django.db import models
from django.utils.translation import gettext_lazy as _


class DoorKind(models.TextChoices):
    """The parts of the site that the home page leads to: pages, found by their type, and the form for ideas."""

    PRACTICES = "practices", _("Practices")
    COUNTRIES = "countries", _("Countries")
    REPORTS = "reports", _("Country reports")
    INDICATORS = "indicators", _("Indicators")
    NEWS = "news", _("News")
    EVENTS = "events", _("Events")
    IDEAS = "ideas", _("Send an idea")
