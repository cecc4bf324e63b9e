from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PageChooserPanel,
    Panel,
)
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page
from wagtail.search import index

from cms.core.fields import VocabularyKey, synchronised
from cms.core.links import public_targets, rows_to
from cms.core.loading import load_references
from cms.core.models import BasePage, tabs
from cms.core.serialisers import ChoiceField, LabelledField
from cms.languages import sort_key
from reports.bodies import load_measures
from reports.choices import Clearance
from reports.comparisons import Comparison
from reports.coverage import coverage_of
from reports.editions import fixed_of, newer_figures, panel_figures, will_renew
from reports.forms import CountryReportForm
from reports.models.indicators import Indicator
from reports.search import FACETS
from reports.timelines import build_timeline
from search.listings import FacetedIndexMixin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse


class ReportIndexPage(FacetedIndexMixin, BasePage):
    """Country reports of all countries, newest period first."""

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "reports/report_index_page.html"
    facets = FACETS

    edit_handler = tabs(BasePage.content_panels, BasePage.facts_panels)

    class Meta:
        verbose_name = _("list of country reports")

    def listed_pages(self) -> Any:
        return CountryReportPage.objects.for_readers(self.locale.language_code)


class CountryReportPage(BasePage):
    """One dated edition of one country's account."""

    parent_page_types = ["reports.CountryPage"]
    subpage_types: list[str] = []
    template = "reports/country_report_page.html"
    base_form_class = CountryReportForm
    required_to_publish = ("country",)

    period_start = models.DateField(_("reporting period from"), null=True)
    period_end = models.DateField(_("reporting period to"), null=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    author_organisation = VocabularyKey(
        "taxonomy.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author organisation"),
    )
    clearance = models.CharField(_("clearance"), max_length=20, choices=Clearance.choices, default=Clearance.DRAFT)
    superseded_by = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("superseded by"),
        help_text=_("The newer edition; readers are pointed to it."),
    )
    # When an editor asked for the newest figures: see `reports.editions`.
    figures_asked_at = models.DateTimeField(null=True, blank=True, editable=False)

    content_panels: list[Panel] = [
        *BasePage.intro_panels,
        BasePage.cover_panel,
        FieldPanel(
            "body",
            heading=_("Narrative"),
            help_text=_("Begin each section with a heading: they make the contents list."),
        ),
    ]
    findings_panels: list[Panel] = [
        InlinePanel(
            "indicator_panel",
            heading=_("Indicator panel"),
            label=_("Indicator"),
            help_text=_("The figures are fixed when the report is published: later revisions do not change them."),
        ),
        FieldPanel("renew_figures"),
        MultipleChooserPanel("measures", chooser_field_name="measure", heading=_("Measures"), label=_("Measure")),
        InlinePanel("recommendations", heading=_("Recommendations"), label=_("Recommendation")),
        InlinePanel("practices", heading=_("Practices"), label=_("Practice")),
        InlinePanel("sources", heading=_("Sources"), label=_("Source")),
    ]
    facts_panels: list[Panel] = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("period_start"), FieldPanel("period_end"), FieldPanel("edition")])],
            heading=_("Period and edition"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("author_organisation"),
                FieldPanel("clearance"),
                PageChooserPanel("superseded_by", "reports.CountryReportPage"),
            ],
            heading=_("Authorship"),
        ),
        *BasePage.facts_panels,
    ]
    edit_handler = tabs(content_panels, facts_panels, ObjectList(findings_panels, heading=_("Findings")))
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *synchronised(
            "period_start",
            "period_end",
            "edition",
            "author_organisation",
            "clearance",
            "superseded_by",
            "figures_asked_at",
            "measures",
            "practices",
            "sources",
        ),
    ]

    search_fields = [*BasePage.search_fields, index.FilterField("period_end")]

    api_fields = [
        *BasePage.api_fields,
        APIField("period_start"),
        APIField("period_end"),
        APIField("edition"),
        APIField("author_organisation", serializer=LabelledField()),
        APIField("clearance", serializer=ChoiceField()),
        APIField("indicator_panel"),
        APIField("recommendations"),
        APIField("sources"),
    ]

    class Meta:
        verbose_name = _("country report")
        verbose_name_plural = _("country reports")
        # By which lists are narrowed: much less to read than whole rows.
        indexes = [models.Index(name="reports_narrowed", fields=["period_start", "period_end", "edition", "page_ptr"])]

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.period_start and self.period_end and self.period_end < self.period_start:
            errors["period_end"] = _("The reporting period cannot end before it begins.")
        if self.pk and self.superseded_by_id == self.pk:
            errors["superseded_by"] = _("Choose another report: this is the one you are editing.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        load_references(self)
        ids = [link.measure_id for link in self.measures.all()]
        measures = load_measures(self, ids)
        context |= {
            "figures": panel_figures(self, is_preview=getattr(request, "is_preview", False)),
            "timeline": build_timeline(measures[pk] for pk in ids),
            "recommendations": self.recommendations.all(),
            "practices": rows_to(link.practice_id for link in self.practices.all()),
            "sources": self.sources.all(),
            "superseded_by": self.newer_edition,
        }
        return context

    @property
    def newer_figures(self) -> dict[Indicator, int]:
        """The indicators of the panel that have newer values than readers see, and how many."""
        return newer_figures(self)

    @property
    def will_renew_figures(self) -> bool:
        """Whether publishing this version takes over the newest figures."""
        return any(will_renew(self, fixed) for fixed in fixed_of(self).values())

    @property
    def newer_edition(self) -> Page | None:
        """The public edition that replaces this one, in the reader's language where it exists in it."""
        return public_targets([self.superseded_by_id]).get(self.superseded_by_id) if self.superseded_by_id else None

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(anchor, heading) of each section of the narrative."""
        return [(block.id or "", block.value) for block in self.body if block.block_type == "heading"]


class IndicatorIndexPage(RoutablePageMixin, BasePage):
    """All indicators, and below it a page for each."""

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "reports/indicator_index_page.html"

    map_disclaimer = models.TextField(
        _("map disclaimer"),
        blank=True,
        help_text=_("Stands under every map in this language. Leave empty for the platform's neutral wording."),
    )

    edit_handler = tabs([*BasePage.content_panels, FieldPanel("map_disclaimer")], BasePage.facts_panels)

    api_fields = [*BasePage.api_fields, APIField("map_disclaimer")]

    class Meta:
        verbose_name = _("list of indicators")

    @path("")
    def all_indicators(self, request: HttpRequest) -> HttpResponse:
        indicators = Indicator.objects.with_coverage()
        by_source = request.GET.get("by") == "source"
        context = self.get_context(request) | {
            "by_source": by_source,
            "groups": grouped(indicators, by_source=by_source),
        }
        return TemplateResponse(request, self.template, context)

    @path("<str:code>/")
    def one_indicator(self, request: HttpRequest, code: str) -> HttpResponse:
        indicators = Indicator.objects.prefetch_related("value_labels")
        indicator = indicators.filter(code=code).first() if code.isprintable() else None
        if indicator is None:
            raise Http404(f"no indicator {code}")
        context = self.get_context(request) | {
            "indicator": indicator,
            "comparison": Comparison(indicator, request.GET),
            "coverage": coverage_of(indicator),
        }
        return TemplateResponse(request, "reports/indicator_detail.html", context)


def grouped(indicators: Iterable[Indicator], *, by_source: bool) -> list[tuple[str, list[Indicator]]]:
    """Indicators by the name of their source or theme, in alphabetical order; those without a theme come last."""
    groups: dict[str, list[Indicator]] = {}
    for indicator in sorted(indicators, key=lambda one: sort_key(one.label)):
        owner = indicator.source if by_source else indicator.theme
        groups.setdefault(owner.label if owner else "", []).append(indicator)
    return sorted(groups.items(), key=lambda entry: (not entry[0], sort_key(entry[0])))
