from django.db import models
from django.utils.translation import gettext_lazy as _


class Reviewers(models.TextChoices):
    """Who may review a page: the right that somebody must have on it."""

    PUBLISHERS = "publish", _("Those who may publish the page")
    EDITORS = "change", _("Those who may change the page")


class Kind(models.TextChoices):
    """Of what somebody is notified."""

    REVIEW = "review", _("A page waits for review")
    ASSIGNED = "assigned", _("A review is given to me")
    OVERDUE = "overdue", _("A review is overdue")
    ESCALATED = "escalated", _("A review has been overdue for long")
    CHANGES = "changes", _("Changes are asked for on a page of mine")
    APPROVED = "approved", _("A page of mine is approved")
    CLEARANCE = "clearance", _("A report of mine needs clearance, or is cleared")
    TRANSLATION = "translation", _("A translation is given to me")
    IDEAS = "ideas", _("How many ideas wait for moderators")


class Frequency(models.TextChoices):
    AT_ONCE = "at-once", _("At once")
    DAILY = "daily", _("Once a day, together")
    NEVER = "never", _("Never")


COUNTED = (Kind.IDEAS,)  # what is said once a day in numbers, and never at once
