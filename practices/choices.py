from django.db import models
from django.utils.translation import gettext_lazy as _


class PracticeStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    PILOT = "pilot", _("Pilot")
    OPERATION = "operation", _("In operation")
    SCALED = "scaled", _("Scaled up")
    ENDED = "ended", _("Ended")


class CostBand(models.TextChoices):
    """Total cost, in US dollars at the time."""

    NONE = "none", _("No additional cost")
    UNDER_10K = "under-10k", _("Under 10,000 US dollars")
    UNDER_100K = "10k-100k", _("10,000 to 100,000 US dollars")
    UNDER_1M = "100k-1m", _("100,000 to 1 million US dollars")
    OVER_1M = "over-1m", _("Over 1 million US dollars")
    UNKNOWN = "unknown", _("Not known")


class AdaptationStatus(models.TextChoices):
    INTERESTED = "interested", _("Interested")
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    SCALED = "scaled", _("Scaled up")
    STOPPED = "stopped", _("Stopped")
