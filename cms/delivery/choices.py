from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Operation(models.TextChoices):
    """What happened to a public object. Why something was withdrawn is nobody else's business."""

    PUBLISHED = "published", _("Published")
    UPDATED = "updated", _("Updated")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Scope(models.TextChoices):
    """What a mark is about; which objects that concerns is found when it is settled."""

    SAVED = "saved"  # an object, of which the references may have changed as well
    OBJECT = "object"
    ALONE = "alone"  # an object, but not those that show something of it: these are marked as well
    SHOWN = "shown"  # something that public objects show: a vocabulary row, an image
    TREE = "tree"  # a page and everything below it
    ALL = "all"


class SubscriptionState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("webhook", "Active")
    STOPPED = "stopped", pgettext_lazy("webhook", "Stopped by hand")
    PARKED = "parked", pgettext_lazy("webhook", "Parked: nothing could be delivered")
