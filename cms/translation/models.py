from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import String, TranslationContext

from cms.languages import content_languages
from cms.translation.choices import Priority, Progress
from cms.translation.querysets import ChangedSegmentQuerySet, TranslationStateQuerySet


class TranslationState(models.Model):
    """Of what page another one is the translation, and whether that has changed since.

    Every page that was not written in its language has one row.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="translation_state")
    source = models.ForeignKey(
        Page, null=True, on_delete=models.SET_NULL, related_name="translation_states", verbose_name=_("original")
    )
    language = models.CharField(_("language"), max_length=10, db_index=True)
    outdated_segments = models.PositiveIntegerField(_("changed segments"), default=0)
    outdated_by = models.ForeignKey(
        Revision,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("version of the original since which it is outdated"),
    )
    outdated_since = models.DateTimeField(_("outdated since"), null=True)

    objects = TranslationStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")
        constraints = (
            models.CheckConstraint(
                name="outdated_since_a_moment",
                condition=models.Q(outdated_segments=0, outdated_since=None)
                | models.Q(outdated_segments__gt=0, outdated_since__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.page} ({self.language})"


class ChangedSegment(models.Model):
    """A sentence of an original that has changed, or was added, since a translation of the page was published.

    `previous` is the sentence for which the present translation was made; empty where there was none. The row goes
    when a text is published that was translated after `resolved_at`.
    """

    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    string = models.ForeignKey(String, on_delete=models.CASCADE, related_name="+")
    context = models.ForeignKey(TranslationContext, on_delete=models.CASCADE, related_name="+")
    previous = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)

    objects = ChangedSegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed segment")
        verbose_name_plural = _("changed segments")
        constraints = (models.UniqueConstraint(name="segment_changed_once", fields=("locale", "string", "context")),)

    def __str__(self) -> str:
        return f"{self.context.path}: {self.string.data[:60]}"


class TranslationRequest(models.Model):
    """Pages that somebody wants translated into some languages, and until when."""

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("requested by"),
    )
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("translator"),
    )
    note = models.TextField(_("note to the translator"), blank=True)

    class Meta:
        verbose_name = _("request for translation")
        verbose_name_plural = _("requests for translation")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class RequestedTranslation(models.Model):
    """A page of a request in one of its languages. A worker makes its draft, for translators to work on."""

    request = models.ForeignKey(TranslationRequest, on_delete=models.CASCADE, related_name="items")
    source = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("original"))
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+", verbose_name=_("language"))
    progress = models.CharField(
        _("draft"), max_length=10, choices=Progress.choices, default=Progress.WAITING, db_index=True
    )
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+")
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = _("requested translation")
        verbose_name_plural = _("requested translations")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(name="requested_once", fields=("request", "source", "locale")),)

    def __str__(self) -> str:
        return f"{self.source} ({self.locale})"


class MemoryKey(models.Model):
    """One of the keys by which sentences that are like another are found; `editor.memory` computes them."""

    string = models.ForeignKey(String, on_delete=models.CASCADE, related_name="memory_keys", db_index=False)
    key = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("key of the translation memory")
        verbose_name_plural = _("keys of the translation memory")
        constraints = (models.UniqueConstraint(name="memory_key_once", fields=("string", "key")),)

    def __str__(self) -> str:
        return str(self.string)


class GlossaryTerm(ClusterableModel):
    """A term that is always said in the same words, one wording for each language."""

    meaning = models.TextField(
        _("meaning"), blank=True, help_text=_("What is meant, where the words alone do not say it.")
    )

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return " – ".join(wording.text for wording in self.wordings.all()) or str(self._meta.verbose_name)


class GlossaryWording(models.Model):
    """How a term is said in a language."""

    term = ParentalKey(GlossaryTerm, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=10, choices=content_languages)
    text = models.CharField(_("wording"), max_length=120)
    note = models.CharField(
        _("note to translators"), max_length=250, blank=True, help_text=_("For example, words that are not to be used.")
    )

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(name="worded_once", fields=("term", "language")),)

    def __str__(self) -> str:
        return self.text
