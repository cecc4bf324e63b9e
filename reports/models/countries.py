from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultipleChooserPanel, Panel
from wagtail.api import APIField
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from cms.core.fields import synchronised
from cms.core.loading import load_references
from cms.core.models import BasePage, tabs
from cms.core.querysets import content_order, load_row_facts, versions_for
from cms.core.registries import country_sections
from cms.core.serialisers import RichTextField as RichTextSerialiser
from cms.languages import sort_key
from reports.downloads.selection import BadParameterError, day_of
from reports.key_figures import key_figures
from reports.models.measures import Measure
from reports.timelines import build_timeline
from search.registries import content_kinds

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from cms.core.registries import LoadedSection

# Keys of the kinds of content whose number stands beside a country's name.
KINDS_COUNTED = ("reports", "practices")


class CountryIndexPage(BasePage):
    """All countries that have a profile, by region."""

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["reports.CountryPage"]
    template = "reports/country_index_page.html"

    edit_handler = tabs(BasePage.content_panels, BasePage.facts_panels)

    class Meta:
        verbose_name = _("list of countries")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        profiles = CountryPage.objects.for_readers(self.locale.language_code).with_row_facts()
        regions: dict[str, list[CountryPage]] = {}
        for profile in sorted(profiles, key=lambda page: sort_key(page.country.label)):
            regions.setdefault(profile.country.subregion_label, []).append(profile)
        context["regions"] = sorted(regions.items(), key=lambda entry: sort_key(entry[0]))
        context["numbers"] = numbers_by_country(self.locale.language_code)
        return context


def numbers_by_country(language: str) -> dict[int, list[tuple[str, int]]]:
    """By country id: the names of the types of page that its profile counts, and how many items readers find."""
    kinds = [kind for kind in content_kinds() if kind.key in KINDS_COUNTED]
    types = {ContentType.objects.get_for_model(kind.model).pk: str(kind.label) for kind in kinds}
    pages = Page.objects.filter(versions_for(Page, content_order(language)), content_type__in=types).order_by()
    rows = pages.values_list("page_countries__country", "content_type").annotate(number=models.Count("pk"))
    found: dict[int, list[tuple[str, int]]] = {}
    for country, kind, number in sorted(rows, key=lambda row: list(types).index(row[1])):
        found.setdefault(country, []).append((types[kind], number))
    return found


class CountryPage(RoutablePageMixin, BasePage):
    """The profile of one country: what it says of itself, and all that the platform knows of it.

    Below it is a page of what was in force on a day.
    """

    parent_page_types = ["reports.CountryIndexPage"]
    subpage_types = ["reports.CountryReportPage"]
    template = "reports/country_page.html"
    required_to_publish = ("country",)

    introduction = RichTextField(
        _("introduction"), help_text=_("What this country shares, in two or three paragraphs.")
    )
    civil_service = RichTextField(
        _("civil service system"), blank=True, help_text=_("How the administration and its personnel are organised.")
    )
    map_disclaimer = models.TextField(
        _("map disclaimer"), blank=True, help_text=_("Leave empty for the platform's neutral wording.")
    )

    content_panels: list[Panel] = [
        *BasePage.intro_panels,
        BasePage.cover_panel,
        FieldPanel("introduction"),
        FieldPanel("civil_service"),
        FieldPanel("body"),
        FieldPanel("map_disclaimer"),
    ]
    facts_panels: list[Panel] = [
        MultipleChooserPanel(
            "key_indicators",
            chooser_field_name="indicator",
            heading=_("Key indicators"),
            label=_("Indicator"),
            max_num=6,
        ),
        *BasePage.facts_panels,
    ]
    edit_handler = tabs(content_panels, facts_panels)
    override_translatable_fields = [*BasePage.override_translatable_fields, *synchronised("key_indicators")]

    search_fields = [*BasePage.search_fields, index.SearchField("introduction"), index.SearchField("civil_service")]

    api_fields = [
        *BasePage.api_fields,
        APIField("introduction", serializer=RichTextSerialiser()),
        APIField("civil_service", serializer=RichTextSerialiser()),
        APIField("key_indicators"),
        APIField("map_disclaimer"),
    ]

    class Meta:
        verbose_name = _("country profile")
        verbose_name_plural = _("country profiles")

    def clean(self) -> None:
        super().clean()
        if (
            self.country_id
            and CountryPage.objects.filter(country=self.country_id, locale=self.locale_id)
            .exclude(pk=self.pk)
            .exclude(translation_key=self.translation_key)
            .exists()
        ):
            raise ValidationError({"country": _("This country has a profile already. Edit that one instead.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if self.country is None:  # a preview of a profile whose country is not chosen yet
            return context
        load_references(self)
        indicators = [link.indicator for link in self.key_indicators.all()]
        context |= {
            "key_figures": key_figures(indicators, self.country),
            "memberships": self.country.memberships.all(),
            "sections": self.load_sections(),
        }
        return context

    @path("measures/")
    def measures(self, request: HttpRequest) -> HttpResponse:
        """All measures of the country. `day` tells those that were in force then from the others."""
        if self.country is None:
            raise Http404("a profile without a country")
        day, problem = None, ""
        try:
            day = day_of(request.GET, "day")
        except BadParameterError as error:
            problem = str(error)
        context = super().get_context(request) | {
            "timeline": build_timeline(Measure.objects.of_country(self.country), day=day),
            "day": request.GET.get("day", ""),
            "problem": problem,
        }
        return TemplateResponse(request, "reports/country_measures_page.html", context)

    def load_sections(self) -> list[LoadedSection]:
        """What the apps contribute, with the facts of all their rows that are pages."""
        if self.country is None:
            return []
        sections = [section.load(self.country) for section in country_sections()]
        load_row_facts([row for section in sections for row in section.rows if isinstance(row, BasePage)])
        return sections
