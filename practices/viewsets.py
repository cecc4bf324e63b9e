"""Where editors find practices and record who reused them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.core.filters import AnyOf
from cms.core.viewsets import PER_PAGE, ContentListing, DayColumn, NamedIndexView, YesNoColumn
from practices.choices import PracticeStatus
from practices.models import PracticeAdaptation, PracticePage
from taxonomy.filters import TopicFilterSet
from taxonomy.models import Country

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class PracticeFilterSet(TopicFilterSet):
    status = AnyOf(label=_("Status"), choices=PracticeStatus.choices)


class PracticeListing(ContentListing):
    model = PracticePage
    name = "practices"
    icon = "lightbulb"
    menu_order = 10
    facts = [
        Column("practice_status", label=_("Status"), accessor="get_status_display", sort_key="status"),
        Column("start_year", label=_("Start"), sort_key="start_year"),
    ]
    filterset_class = PracticeFilterSet
    list_export = [*ContentListing.list_export, "get_status_display", "start_year", "end_year", "lead_organisation"]
    export_headings = ContentListing.export_headings | {"get_status_display": _("Status")}


class AdaptationFilterSet(WagtailFilterSet):
    country = django_filters.ModelChoiceFilter(
        label=_("Adopting country"),
        queryset=lambda _request: Country.objects.by_label().filter(
            pk__in=PracticeAdaptation.objects.values("country")
        ),
    )

    class Meta:
        model = PracticeAdaptation
        fields = ["status", "supported_by_hub", "confirmed_by_origin"]


class AdaptationViewSet(SnippetViewSet):
    model = PracticeAdaptation
    icon = "resubmit"
    menu_order = 15
    menu_item_is_registered = True
    index_view_class = NamedIndexView
    copy_view_enabled = False
    list_per_page = PER_PAGE
    ordering = "-start"
    list_display = [
        "__str__",
        Column("organisation", label=_("Organisation")),
        Column("status", label=_("Status"), accessor="get_status_display", sort_key="status"),
        DayColumn("start", label=_("Start"), sort_key="start"),
        YesNoColumn("confirmed_by_origin", label=_("Confirmed"), sort_key="confirmed_by_origin"),
    ]
    filterset_class = AdaptationFilterSet
    list_export = ["practice.title", "country", "organisation", "get_status_display", "start", "end", "evidence_url"]
    export_headings = {"practice.title": _("Practice"), "get_status_display": _("Status")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return PracticeAdaptation.objects.with_facts()
