"""Who reused what: one row per adoption, its texts per language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Page

from cms.core.fields import VocabularyKey
from cms.languages import content_languages, language_order, reader_language
from practices.choices import AdaptationStatus
from taxonomy.choices import Scheme
from taxonomy.models import Country, Organisation

if TYPE_CHECKING:
    from typing import Self

    from practices.shapes import AdaptationJSON


class AdaptationQuerySet(models.QuerySet["PracticeAdaptation"]):
    def of(self, practice: Page) -> Self:
        """Adaptations of a practice, whichever language version is given."""
        return self.filter(practice__translation_key=practice.translation_key).with_facts()

    def given_or_received_by(self, country: Any) -> Self:
        """Adaptations in the country, and those elsewhere of practices that come from it, which are `is_given`."""
        concerned = Q(country=country) | Q(practice__practicepage__country=country)
        is_given = Case(When(country=country, then=False), default=True, output_field=models.BooleanField())
        return self.filter(concerned, practice__live=True).annotate(is_given=is_given).with_facts()

    def newest(self, number: int) -> Self:
        """The newest of those that were given and of those that were received, at most so many of each."""
        place = Window(RowNumber(), partition_by=F("is_given"), order_by=[F("start").desc(nulls_last=True), F("pk")])
        return self.annotate(place=place).filter(place__lte=number)

    def matching(self, text: str) -> Self:
        """Adaptations whose practice (its title in any language), country or organisation contains the text."""
        titles = Page.objects.filter(title__iregex=re.escape(text)).values("translation_key")
        return self.filter(
            Q(practice__translation_key__in=titles)
            | Q(country__in=Country.objects.matching(text).values("pk"))
            | Q(organisation__in=Organisation.objects.matching(text).values("pk"))
        )

    def with_facts(self) -> Self:
        return self.select_related("practice").prefetch_related("texts")


class PracticeAdaptation(ClusterableModel):
    """The record that a country reused a practice of another."""

    practice = models.ForeignKey(
        Page,
        on_delete=models.CASCADE,
        related_name="adaptation_records",
        verbose_name=_("practice"),
        help_text=_("The practice in its source language; the record is shown with all its translations."),
    )
    country = VocabularyKey(
        "taxonomy.Country", on_delete=models.PROTECT, related_name="+", verbose_name=_("adopting country")
    )
    organisation = VocabularyKey(
        "taxonomy.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation"),
    )
    level = VocabularyKey(
        "taxonomy.Concept",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"scheme": Scheme.LEVEL},
        verbose_name=_("level of government"),
    )
    start = models.DateField(_("start"), null=True, blank=True)
    end = models.DateField(_("end"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=AdaptationStatus.choices, default=AdaptationStatus.INTERESTED
    )
    supported_by_hub = models.BooleanField(_("supported by the hub"), default=False)
    confirmed_by_origin = models.BooleanField(_("confirmed by the country of origin"), default=False)
    evidence_url = models.URLField(_("evidence"), blank=True)

    objects = AdaptationQuerySet.as_manager()

    panels = [
        PageChooserPanel("practice", "practices.PracticePage"),
        MultiFieldPanel(
            [FieldPanel("country"), FieldPanel("organisation"), FieldPanel("level")], heading=_("Who reuses it")
        ),
        MultiFieldPanel(
            [FieldPanel("status"), FieldRowPanel([FieldPanel("start"), FieldPanel("end")])], heading=_("State")
        ),
        InlinePanel("texts", heading=_("What changed and what came of it"), label=_("Language"), min_num=1),
        MultiFieldPanel(
            [FieldPanel("supported_by_hub"), FieldPanel("confirmed_by_origin"), FieldPanel("evidence_url")],
            heading=_("Evidence"),
        ),
    ]

    class Meta:
        verbose_name = _("adaptation")
        verbose_name_plural = _("adaptations")
        ordering = ["-start", "pk"]

    def __str__(self) -> str:
        return f"{self.country}: {self.practice.title}"

    def clean(self) -> None:
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": _("The end cannot be before the start.")})

    @property
    def text(self) -> AdaptationText | None:
        """The texts in the reader's language, or in the one offered instead."""
        rows = {row.language: row for row in self.texts.all()}
        return next((rows[code] for code in language_order(reader_language()) if code in rows), None)

    def as_json(self) -> AdaptationJSON:
        text = self.text
        return {
            "country": {"code": self.country.code, "label": self.country.label},
            "status": {"code": self.status, "label": str(self.get_status_display())},
            "start": self.start,
            "end": self.end,
            "changed": text.changed if text else "",
            "result": text.result if text else "",
            "supported_by_hub": self.supported_by_hub,
            "confirmed_by_origin": self.confirmed_by_origin,
            "evidence_url": self.evidence_url,
        }


class AdaptationText(models.Model):
    adaptation = ParentalKey(PracticeAdaptation, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=content_languages)
    changed = models.TextField(_("what was changed"))
    result = models.TextField(_("result"), blank=True)

    panels = [FieldPanel("language"), FieldPanel("changed"), FieldPanel("result")]

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["adaptation", "language"], name="adaptation_text_once")]

    def __str__(self) -> str:
        return self.get_language_display()
