from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index

from cms.core.choices import LICENCE_URLS, Licence
from cms.core.fields import VocabularyKey
from cms.core.labels import Labelled, LabelledManager, LabelledQuerySet, LabelRow
from cms.languages import interface_languages, reader_language
from reports.choices import Direction, Frequency, Origin, ScaleType
from reports.models.series import SeriesSummary

if TYPE_CHECKING:
    from typing import Self


class IndicatorQuerySet(LabelledQuerySet):
    def with_coverage(self) -> Self:
        """Indicators with the number of countries covered and the first and last period that has a value.

        `data_version` is when their values, of whatever origin, were changed last.

        Subqueries, not joins: the series of a page of indicators are read, not those of all.
        """
        international = SeriesSummary.objects.filter(origin=Origin.INTERNATIONAL)
        rows = international.filter(indicator=models.OuterRef("pk")).values("indicator")
        every = SeriesSummary.objects.filter(indicator=models.OuterRef("pk")).values("indicator")

        def of_rows(figure: models.Aggregate) -> models.Subquery:
            return models.Subquery(rows.annotate(figure=figure).values("figure"))

        return self.annotate(
            country_count=Coalesce(of_rows(models.Count("country")), 0),
            first_period=of_rows(models.Min("first_period")),
            last_period=of_rows(models.Max("last_period")),
            data_version=models.Subquery(every.annotate(figure=models.Max("changed")).values("figure")),
        )


IndicatorManager = LabelledManager.from_queryset(IndicatorQuerySet)


class Indicator(index.Indexed, Labelled):
    """A defined statistic. Its numbers are observations; its texts are label rows."""

    names = ("code", "labels__label", "labels__short_name")
    kept_relations = ("value_labels",)
    code = models.CharField(
        _("code"), max_length=60, unique=True, help_text=_("For example OXCGRT.C1 or WB.SP.POP.TOTL.")
    )
    unit = models.CharField(_("unit"), max_length=60)
    scale_type = models.CharField(_("scale"), max_length=20, choices=ScaleType.choices)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    direction = models.CharField(_("direction"), max_length=20, choices=Direction.choices, default=Direction.NEUTRAL)
    frequency = models.CharField(_("frequency"), max_length=1, choices=Frequency.choices)
    aggregation = models.CharField(
        _("aggregation"), max_length=60, blank=True, help_text=_("How daily values become those of the period.")
    )
    source = VocabularyKey(
        "taxonomy.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("source")
    )
    source_url = models.URLField(_("address of the source"), blank=True)
    licence = models.CharField(_("licence"), max_length=40, choices=Licence.choices)
    is_comparable = models.BooleanField(_("comparable between countries"), default=True)
    update_days = models.PositiveIntegerField(
        _("expected update, in days"),
        null=True,
        blank=True,
        help_text=_("After this time the series counts as overdue."),
    )
    theme = VocabularyKey(
        "taxonomy.Theme", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("theme")
    )

    objects = IndicatorManager()

    panels = [
        FieldPanel("code"),
        InlinePanel("labels", heading=_("Texts per language"), label=_("Language"), min_num=1),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("scale_type"), FieldPanel("unit"), FieldPanel("decimals")]),
                FieldRowPanel([FieldPanel("frequency"), FieldPanel("aggregation"), FieldPanel("direction")]),
                FieldPanel("is_comparable"),
            ],
            heading=_("Measurement"),
        ),
        InlinePanel("value_labels", heading=_("Meaning of the values (ordinal scales)"), label=_("Value")),
        MultiFieldPanel(
            [FieldPanel("source"), FieldPanel("source_url"), FieldPanel("licence"), FieldPanel("update_days")],
            heading=_("Source"),
        ),
        FieldPanel("theme"),
    ]
    search_fields = [index.SearchField("code"), index.AutocompleteField("code")]

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]

    @property
    def is_ordinal(self) -> bool:
        return self.scale_type == ScaleType.ORDINAL

    @property
    def unit_name(self) -> str:
        """The unit in the reader's language, or its symbol where it has no name."""
        row = self.label_row
        return (row.unit_label if row else "") or self.unit

    @property
    def licence_url(self) -> str:
        return LICENCE_URLS.get(Licence(self.licence), "")

    @property
    def ordinal_labels(self) -> dict[int, str]:
        """Value to its meaning in the reader's language, for ordinal scales; English where that is missing."""
        meanings = self._meanings
        return meanings.get("en", {}) | meanings.get(reader_language(), {})

    @cached_property
    def _meanings(self) -> dict[str, dict[int, str]]:
        """Value to its meaning, by language."""
        found: dict[str, dict[int, str]] = {}
        for row in self.value_labels.all():
            found.setdefault(row.language, {})[row.value] = row.label
        return found


class IndicatorLabel(LabelRow):
    owner = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="labels")
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    definition = models.TextField(_("definition"))
    unit_label = models.CharField(_("name of the unit"), max_length=80, blank=True)
    caveats = models.TextField(_("caveats"), blank=True)
    attribution = models.CharField(_("attribution"), max_length=500)

    panels = [
        FieldRowPanel([FieldPanel("language"), FieldPanel("label"), FieldPanel("short_name")]),
        FieldPanel("definition"),
        FieldPanel("unit_label"),
        FieldPanel("caveats"),
        FieldPanel("attribution"),
    ]

    class Meta(LabelRow.Meta):
        constraints = [models.UniqueConstraint(fields=["owner", "language"], name="indicator_label_once")]


class IndicatorValueLabel(models.Model):
    """What a value of an ordinal scale means, in one language."""

    indicator = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="value_labels")
    value = models.SmallIntegerField(_("value"))
    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    label = models.CharField(_("meaning"), max_length=255)

    panels = [FieldRowPanel([FieldPanel("value"), FieldPanel("language")]), FieldPanel("label")]

    class Meta:
        ordering = ["value", "language"]
        constraints = [models.UniqueConstraint(fields=["indicator", "value", "language"], name="value_label_once")]

    def __str__(self) -> str:
        return f"{self.value}: {self.label}"
