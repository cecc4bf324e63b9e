from __future__ import annotations

import secrets
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Page

from cms.core.fields import VocabularyKey
from cms.languages import interface_languages
from ideas.choices import Action, Actor, IdeaState, Reason, Stage, SubmitterKind
from ideas.querysets import IdeaQuerySet
from ideas.wording import DONE

# Without vowels, so that no word comes out, and without what is easily read as something else.
NUMBER_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
NUMBER_GROUPS, GROUP_LENGTH = 2, 4


def new_number() -> str:
    """A reference number that people can read out, and of which nobody can tell the next: `K7MT-9QXR`."""
    groups = ("".join(secrets.choice(NUMBER_LETTERS) for _letter in range(GROUP_LENGTH)) for _g in range(NUMBER_GROUPS))
    return "-".join(groups)


def private_storage() -> Any:
    return storages["private"]


def file_path(row: IdeaFile, name: str) -> str:
    """A name on the disk that says nothing; the real one stands in the row."""
    return f"ideas/{secrets.token_hex(16)}{PurePath(name).suffix.lower()}"


class ConsentText(models.Model):
    """Words to which people agreed, as they read them. Other words, in any language, are another row."""

    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    text = models.TextField(_("text"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    first_given_at = models.DateTimeField(_("first given"), auto_now_add=True)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")

    def __str__(self) -> str:
        return f"{self.language} {self.first_given_at:%Y-%m-%d}"


class Idea(models.Model):  # type: ignore[django-manager-missing]  # the manager of pages is made by a function
    """What somebody proposed, and where it stands. Who it was stands in `Submitter`.

    Once it is erased, the texts are empty, and number, dates, state and history are left.
    """

    number = models.CharField(_("number"), max_length=9, unique=True, default=new_number, editable=False)
    # SHA-256 of what opens the status page, and the number of the form that was sent, which serves once.
    secret = models.CharField(max_length=64, editable=False)
    ticket = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    title = models.CharField(_("title"), max_length=120, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    proposal = models.TextField(_("proposal"), blank=True)
    effect = models.TextField(_("expected effect"), blank=True)
    beneficiaries = models.TextField(_("who benefits"), blank=True)
    theme = VocabularyKey(
        "taxonomy.Theme", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("theme")
    )
    country = VocabularyKey(
        "taxonomy.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("country")
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, blank=True)
    submitter_kind = models.CharField(_("sent in"), max_length=20, choices=SubmitterKind.choices, blank=True)
    # The `translation_key` of the call that it answers, which is the same in all languages.
    campaign = models.UUIDField(_("call"), null=True, blank=True, db_index=True)
    consent = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="+", verbose_name=_("consent"), editable=False
    )
    state = models.CharField(_("state"), max_length=20, choices=IdeaState.choices, default=IdeaState.SUBMITTED)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    time_left = models.DurationField(null=True, blank=True, editable=False)  # while a question is open
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.SET_NULL, related_name="+", verbose_name=_("known as")
    )
    # Kept here alone: practices know nothing of ideas.
    practice = models.ForeignKey(
        Page, null=True, editable=False, on_delete=models.SET_NULL, related_name="+", verbose_name=_("practice")
    )

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["state", "state_since"], name="ideas_by_state")]

    def __str__(self) -> str:
        """The number alone: logs keep how a row was called, and outlive what is erased."""
        return self.number

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()

    @property
    def open_question(self) -> str:
        """What the submitter was asked last, while there is no answer."""
        if self.state != IdeaState.NEEDS_INFORMATION:
            return ""
        asked = self.events.filter(action=Action.ASK).order_by("-pk").first()
        return asked.text if asked else ""


class Submitter(models.Model):
    """Who sent an idea in. The row is deleted when personal data goes."""

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="submitter", verbose_name=_("idea"))
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, db_index=True)
    wants_credit = models.BooleanField(_("wants to be named"), default=False)

    class Meta:
        verbose_name = _("submitter")
        verbose_name_plural = _("submitters")

    def __str__(self) -> str:
        return f"#{self.pk}"


class IdeaFile(models.Model):
    """A file that came with an idea. It lies where no web server shows it."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="files", verbose_name=_("idea"))
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_path, max_length=120)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=255)
    size = models.PositiveIntegerField(_("size"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class IdeaKey(models.Model):
    """By which an idea is found that says much the same: see `ideas.similarity`."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="keys", verbose_name=_("idea"))
    key = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("key of an idea")
        verbose_name_plural = _("keys of ideas")

    def __str__(self) -> str:
        return f"#{self.pk}"


class IdeaEvent(models.Model):
    """A step in the life of an idea: who, when, why. Rows are added and never changed, but their texts are erased.

    `text` is what was said between moderators and the submitter, and `note` what moderators say among themselves.
    """

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="events", verbose_name=_("idea"))
    action = models.CharField(_("step"), max_length=20, choices=Action.choices)
    before = models.CharField(_("state before"), max_length=20, choices=IdeaState.choices, blank=True)
    after = models.CharField(_("state after"), max_length=20, choices=IdeaState.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.CharField(_("who"), max_length=20, choices=Actor.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("account")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    text = models.TextField(_("message"), blank=True)
    note = models.TextField(_("internal note"), blank=True)

    class Meta:
        verbose_name = _("step of an idea")
        verbose_name_plural = _("steps of ideas")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action} #{self.pk}"

    @property
    def words(self) -> str:
        """What has happened, as the submitter reads it."""
        return str(DONE[self.action])
