from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from cms.core.fields import VocabularyKey
from cms.core.validators import validate_no_circle
from cms.languages import interface_languages, language_order, reader_language
from reports.choices import CCCSL_CROSSWALK, Bindingness, Certainty, MeasureCategory, MeasureLevel, OnDay
from reports.forms import MeasureForm
from taxonomy.models import Country

if TYPE_CHECKING:
    import datetime
    from typing import Self


def in_force(start: datetime.date | None, end: datetime.date | None) -> Q:
    """Measures in force on at least one day between two dates, both included; without an end they still are."""
    has_begun = Q(start__lte=end) if end else Q()
    return has_begun & (Q(end=None) | Q(end__gte=start)) if start else has_begun


class MeasureQuerySet(models.QuerySet["Measure"]):
    def of_country(self, country: Any) -> Self:
        return self.filter(country=country).prefetch_related("texts", "sources")

    def in_force(self, start: datetime.date | None, end: datetime.date | None) -> Self:
        return self.filter(in_force(start, end)).order_by("category", "start", "pk")

    def with_names(self) -> Self:
        return self.prefetch_related("texts")

    def matching(self, text: str) -> Self:
        """Measures of which a title in any language, the legal act or the name of the country contains the text."""
        words = re.escape(text)
        texts = MeasureText.objects.filter(title__iregex=words).values("measure")
        countries = Country.objects.matching(text).values("pk")
        return self.filter(Q(pk__in=texts) | Q(legal_act__iregex=words) | Q(country__in=countries))


class Measure(ClusterableModel):
    """A government action with a beginning, usually an end, and a source."""

    country = VocabularyKey(
        "taxonomy.Country", on_delete=models.PROTECT, related_name="measures", verbose_name=_("country")
    )
    category = models.CharField(_("category"), max_length=2, choices=MeasureCategory.choices)
    announced = models.DateField(_("announced"), null=True, blank=True)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"), null=True, blank=True)
    end_certainty = models.CharField(
        _("certainty of the end"), max_length=20, choices=Certainty.choices, default=Certainty.ONGOING
    )
    level = models.CharField(_("level"), max_length=20, choices=MeasureLevel.choices, default=MeasureLevel.NATIONAL)
    geographic_scope = models.CharField(_("geographic scope"), max_length=255, blank=True)
    target_groups = models.CharField(_("target groups"), max_length=255, blank=True)
    bindingness = models.CharField(
        _("binding or recommended"), max_length=20, choices=Bindingness.choices, default=Bindingness.BINDING
    )
    strength = models.PositiveSmallIntegerField(
        _("strength"), null=True, blank=True, help_text=_("The value on the ordinal scale of the category.")
    )
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by", verbose_name=_("replaces")
    )
    legal_act = models.CharField(_("number of the legal act"), max_length=120, blank=True)
    import_key = models.CharField(max_length=120, blank=True, editable=False, db_index=True)
    # Of what the last import wrote: see `reports.importers.measures`.
    import_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = MeasureQuerySet.as_manager()
    base_form_class = MeasureForm

    panels = [
        MultiFieldPanel([FieldPanel("country"), FieldPanel("category"), FieldPanel("strength")], heading=_("What")),
        InlinePanel("texts", heading=_("Texts per language"), label=_("Language"), min_num=1),
        MultiFieldPanel(
            [
                FieldPanel("announced"),
                FieldRowPanel([FieldPanel("start"), FieldPanel("end"), FieldPanel("end_certainty")]),
            ],
            heading=_("When"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("level"),
                FieldPanel("geographic_scope"),
                FieldPanel("target_groups"),
                FieldPanel("bindingness"),
            ],
            heading=_("Where and for whom"),
        ),
        InlinePanel("sources", heading=_("Sources"), label=_("Source")),
        FieldPanel("legal_act"),
        FieldPanel("replaces"),
    ]

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["-start", "pk"]
        indexes = [models.Index(fields=["country", "start"])]

    def __str__(self) -> str:
        return f"{self.country}: {self.title} ({self.start.year})"

    def clean(self) -> None:
        super().clean()
        if self.end and self.start and self.end < self.start:
            raise ValidationError({"end": _("The measure cannot end before it begins.")})
        validate_no_circle(self, "replaces")

    @property
    def text(self) -> MeasureText | None:
        rows = {row.language: row for row in self.texts.all()}
        return next((rows[code] for code in language_order(reader_language()) if code in rows), None)

    @property
    def title(self) -> str:
        text = self.text
        return text.title if text else str(self.get_category_display())

    def is_in_force(self, start: datetime.date | None, end: datetime.date | None) -> bool:
        """Whether it is in force on at least one day between two dates, both included; without an end it still is."""
        return (not end or self.start <= end) and (not start or not self.end or self.end >= start)

    @property
    def is_ongoing(self) -> bool:
        """Whether it is known to be in force still."""
        return self.end is None and self.end_certainty == Certainty.ONGOING

    def on_day(self, day: datetime.date) -> OnDay:
        """How it stands on a day. From its beginning on, nobody knows it of a measure whose end is not known."""
        if day < self.start:
            return OnDay.TO_COME
        if self.end:
            return OnDay.IN_FORCE if day <= self.end else OnDay.ENDED
        return OnDay.IN_FORCE if self.is_ongoing else OnDay.PERHAPS

    @property
    def cccsl_theme(self) -> tuple[str, str] | None:
        """Levels 1 and 2 of the CCCSL taxonomy nearest to the category; None where it has no counterpart."""
        return CCCSL_CROSSWALK[self.category]


class MeasureText(models.Model):
    measure = ParentalKey(Measure, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    title = models.CharField(_("title"), max_length=255)
    description = models.TextField(_("description"), blank=True)

    panels = [FieldPanel("language"), FieldPanel("title"), FieldPanel("description")]

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["measure", "language"], name="measure_text_once")]

    def __str__(self) -> str:
        return self.title


class MeasureSource(models.Model):
    measure = ParentalKey(Measure, on_delete=models.CASCADE, related_name="sources")
    url = models.URLField(_("address"), max_length=500)
    language = models.CharField(_("language"), max_length=10, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)

    panels = [FieldPanel("url"), FieldRowPanel([FieldPanel("language"), FieldPanel("date")])]

    def __str__(self) -> str:
        return self.url
