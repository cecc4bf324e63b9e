from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """How a page stands in a language."""

    MISSING = "missing", pgettext_lazy("translation", "Missing")
    DRAFT = "draft", pgettext_lazy("translation", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("translation", "In review")
    CURRENT = "current", pgettext_lazy("translation", "Current")
    OUTDATED = "outdated", pgettext_lazy("translation", "Outdated")
    ORPHANED = "orphaned", _("Without its original")


class Priority(models.IntegerChoices):
    URGENT = 1, pgettext_lazy("priority", "Urgent")
    NORMAL = 5, pgettext_lazy("priority", "Normal")
    LOW = 9, pgettext_lazy("priority", "Low")


class Progress(models.TextChoices):
    """How far the draft of a requested translation is."""

    WAITING = "waiting", pgettext_lazy("translation draft", "Waiting")
    READY = "ready", pgettext_lazy("translation draft", "Ready")
    FAILED = "failed", pgettext_lazy("translation draft", "Not possible")


class Operation(StrEnum):
    """What is done with a page, so that its translations are asked about."""

    MOVE = "move"
    UNPUBLISH = "unpublish"
    DELETE = "delete"


class Answer(StrEnum):
    """What becomes of the translations of a page with which something is done."""

    FOLLOW = "follow"
    STAY = "stay"
