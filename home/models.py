from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, MultipleChooserPanel, Panel
from wagtail.api import APIField
from wagtail.models import Orderable, TranslatableMixin

from cms.core.fields import VocabularyKey, synchronised
from cms.core.loading import load_references
from cms.core.models import BasePage, tabs
from cms.core.querysets import load_row_facts
from cms.core.registries import profile_paths
from cms.core.serialisers import LabelledField
from cms.languages import sort_key
from home.choices import DoorKind
from news.models import EventPage, NewsPage
from practices.models import PracticePage
from reports.charts import newest_figures
from reports.models import CountryReportPage
from taxonomy.models import Country

if TYPE_CHECKING:
    from django.http import HttpRequest

ROWS_PER_BLOCK = 3


class HomePage(BasePage):
    """The entrance: what this is, where to go, what is new."""

    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "practices.PracticeIndexPage",
        "reports.CountryIndexPage",
        "reports.ReportIndexPage",
        "reports.IndicatorIndexPage",
        "news.NewsIndexPage",
        "news.EventIndexPage",
        "ideas.IdeaIndexPage",
        "home.StandardPage",
    ]
    template = "home/home_page.html"

    content_panels: list[Panel] = [
        *BasePage.intro_panels,
        BasePage.cover_panel,
        InlinePanel("doors", heading=_("Doors"), label=_("Door"), max_num=3),
        FieldPanel("body"),
    ]
    facts_panels: list[Panel] = [
        MultipleChooserPanel(
            "figures", chooser_field_name="indicator", heading=_("Figures at a glance"), label=_("Indicator"), max_num=3
        ),
        *BasePage.facts_panels,
    ]
    edit_handler = tabs(content_panels, facts_panels)
    override_translatable_fields = [*BasePage.override_translatable_fields, *synchronised("figures")]

    api_fields = [*BasePage.api_fields, APIField("doors"), APIField("figures")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)

        language = self.locale.language_code

        def newest(model: Any) -> Any:
            return model.objects.for_readers(language).newest()

        events = EventPage.objects.for_readers(language).coming()
        sections = {
            "practices": newest(PracticePage),
            "reports": newest(CountryReportPage),
            "news": newest(NewsPage),
            "events": events,
        }
        rows = {name: list(pages.for_rows()[:ROWS_PER_BLOCK]) for name, pages in sections.items()}
        load_row_facts([page for pages in rows.values() for page in pages])
        countries = [(Country.vocabulary().by_pk[pk], path) for pk, path in profile_paths().items()]
        load_references(self)
        context |= {
            **rows,
            "countries": sorted(countries, key=lambda entry: sort_key(entry[0].label)),
            "figures": newest_figures([link.indicator for link in self.figures.all()]),
        }
        return context


class Door(TranslatableMixin, Orderable):
    """One of the ways into the site that the home page offers."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="doors")
    kind = models.CharField(_("leads to"), max_length=20, choices=DoorKind.choices)
    title = models.CharField(_("title"), max_length=80)
    text = models.CharField(_("text"), max_length=255)

    panels = [FieldPanel("kind"), FieldPanel("title"), FieldPanel("text")]
    override_translatable_fields = synchronised("kind")
    api_fields = [APIField("kind"), APIField("title"), APIField("text")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("door")
        verbose_name_plural = _("doors")


class HomeFigureLink(Orderable):
    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="figures")
    indicator = VocabularyKey(
        "reports.Indicator", on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator")
    )

    panels = [FieldPanel("indicator")]
    api_fields = [APIField("indicator", serializer=LabelledField())]


class StandardPage(BasePage):
    """A page of plain text: about, privacy, accessibility, terms."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    template = "home/standard_page.html"

    show_in_footer = models.BooleanField(_("show in the footer"), default=False)

    content_panels: list[Panel] = [*BasePage.content_panels]
    facts_panels: list[Panel] = [
        MultiFieldPanel([FieldPanel("show_in_footer")], heading=_("Navigation")),
        *BasePage.facts_panels,
    ]
    edit_handler = tabs(content_panels, facts_panels)
    override_translatable_fields = [*BasePage.override_translatable_fields, *synchronised("show_in_footer")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")
