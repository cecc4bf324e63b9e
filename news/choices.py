from django.db import models
from django.utils.translation import gettext_lazy as _


class NewsKind(models.TextChoices):
    NEWS = "news", _("News")
    ANNOUNCEMENT = "announcement", _("Announcement")


class EventKind(models.TextChoices):
    WEBINAR = "webinar", _("Webinar")
    TRAINING = "training", _("Training")
    CONFERENCE = "conference", _("Conference")
    PEER_VISIT = "peer-visit", _("Peer visit")
    HACKATHON = "hackathon", _("Hackathon")


class EventMode(models.TextChoices):
    ONLINE = "online", _("Online")
    IN_PERSON = "in-person", _("In person")
    HYBRID = "hybrid", _("In person and online")


class EventStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open for registration")
    FULL = "full", _("Fully booked")
    CLOSED = "closed", _("Registration closed")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class MaterialKind(models.TextChoices):
    SLIDES = "slides", _("Slides")
    RECORDING = "recording", _("Recording")
    TRANSCRIPT = "transcript", _("Transcript")


class NextStep(models.TextChoices):
    """What somebody who is interested in an event can do now."""

    REGISTER = "register", _("Registration is open.")
    WAIT = "wait", _("Registration has not opened yet.")
    FULL = "full", _("All places are taken.")
    CLOSED = "closed", _("Registration is closed.")
    JOIN = "join", _("The event is taking place now.")
    WATCH = "watch", _("The event is over. Its materials are on this page.")
    OVER = "over", _("The event is over.")
    CANCELLED = "cancelled", _("The event has been cancelled.")
