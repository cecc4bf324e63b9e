"""Where editors keep indicators and measures, look into observations and imports, and find country pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, UserColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import (
    CopyView,
    DeleteView,
    EditView,
    HistoryView,
    SnippetViewSet,
    SnippetViewSetGroup,
    UsageView,
)

from cms.core.filters import AnyOf
from cms.core.templatetags.display_tags import number, period
from cms.core.viewsets import PER_PAGE, ContentListing, DayColumn, LabelledViewSet, NamedIndexView
from reports.choices import Clearance
from reports.choosers import IndicatorChooserViewSet, MeasureChooserViewSet
from reports.models import CountryPage, CountryReportPage, ImportRun, Indicator, Measure, Observation
from reports.wording import interval
from taxonomy.filters import TopicFilterSet
from taxonomy.models import Country, Organisation, Theme

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


RECORD_ACTIONS = ("view", "change", "delete")


def coverage_text(indicator: Any) -> str:
    """Countries that are covered, and from which period to which there are values; empty where none is covered."""
    if not indicator.country_count:
        return ""
    days = [day for day in (indicator.first_period, indicator.last_period) if day]
    periods = dict.fromkeys(period(day, indicator.frequency) for day in days)
    return f"{indicator.country_count} ({' – '.join(periods) or _('no value')})"


class IndicatorFilterSet(WagtailFilterSet):
    source = django_filters.ModelChoiceFilter(
        label=_("Source"),
        queryset=lambda _request: Organisation.objects.by_label().filter(pk__in=Indicator.objects.values("source")),
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        queryset=lambda _request: Theme.objects.by_label().filter(pk__in=Indicator.objects.values("theme")),
    )

    class Meta:
        model = Indicator
        fields = ["scale_type", "frequency", "is_comparable"]


class IndicatorViewSet(LabelledViewSet):
    model = Indicator
    icon = "chart-line"
    menu_order = 10
    chooser_viewset_class = IndicatorChooserViewSet
    list_display = [
        "__str__",
        Column("unit", label=_("Unit"), accessor="unit_name"),
        Column("source", label=_("Source")),
        Column("frequency", label=_("Frequency"), accessor="get_frequency_display", sort_key="frequency"),
        Column("coverage", label=_("Countries and period"), accessor=coverage_text, sort_key="country_count"),
        Column("code", label=_("Code"), sort_key="code"),
    ]
    filterset_class = IndicatorFilterSet
    list_export = [
        "code",
        "label",
        "unit_name",
        "get_scale_type_display",
        "get_frequency_display",
        "source",
        "licence",
        "country_count",
        "first_period",
        "last_period",
    ]
    export_headings = LabelledViewSet.export_headings | {
        "unit_name": _("Unit"),
        "get_scale_type_display": _("Scale"),
        "get_frequency_display": _("Frequency"),
        "country_count": _("Countries"),
        "first_period": _("First period"),
        "last_period": _("Last period"),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Indicator.objects.by_label().with_coverage()


class MeasureFilterSet(WagtailFilterSet):
    country = django_filters.ModelChoiceFilter(
        label=_("Country"),
        queryset=lambda _request: Country.objects.by_label().filter(measures__isnull=False).distinct(),
    )
    start = django_filters.DateFromToRangeFilter(label=_("Start"), widget=DateRangePickerWidget)
    is_open = django_filters.BooleanFilter(
        label=_("Without an end"), field_name="end", lookup_expr="isnull", widget=BooleanRadioSelect
    )

    class Meta:
        model = Measure
        fields = ["category", "level", "bindingness"]


class OfOwnCountry:
    """A mixin for views of one record: a focal point opens those of the own countries."""

    def get_object(self: Any, *args: Any, **kwargs: Any) -> Any:
        record = super().get_object(*args, **kwargs)  # type: ignore[misc]  # a mixin of views
        policy = policy_registry.get(record)
        if not policy.user_has_any_permission_for_instance(self.request.user, RECORD_ACTIONS, record):
            raise PermissionDenied
        return record


class MeasureEditView(OfOwnCountry, EditView):
    pass


class MeasureCopyView(OfOwnCountry, CopyView):
    pass


class MeasureDeleteView(OfOwnCountry, DeleteView):
    pass


class MeasureUsageView(OfOwnCountry, UsageView):
    pass


class MeasureHistoryView(OfOwnCountry, HistoryView):
    pass


class MeasureViewSet(SnippetViewSet):
    model = Measure
    icon = "clipboard-list"
    menu_order = 20
    index_view_class = NamedIndexView
    edit_view_class = MeasureEditView
    copy_view_class = MeasureCopyView
    delete_view_class = MeasureDeleteView
    usage_view_class = MeasureUsageView
    history_view_class = MeasureHistoryView
    chooser_viewset_class = MeasureChooserViewSet
    copy_view_enabled = True
    list_per_page = PER_PAGE
    chooser_per_page = 20
    ordering = "-start"
    list_display = [
        "__str__",
        Column("category", label=_("Category"), accessor="get_category_display", sort_key="category"),
        DayColumn("start", label=_("Start"), sort_key="start"),
        DayColumn("end", label=_("End"), sort_key="end"),
        Column("level", label=_("Level"), accessor="get_level_display", sort_key="level"),
    ]
    filterset_class = MeasureFilterSet
    list_export = ["country", "country.code", "title", "get_category_display", "category", "start", "end", "legal_act"]
    export_headings = {
        "country.code": _("ISO code"),
        "title": _("Title"),
        "get_category_display": _("Category"),
        "category": _("Code"),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        policy = policy_registry.get_by_type(Measure)
        return policy.instances_user_has_any_permission_for(request.user, RECORD_ACTIONS).with_names()


def value_text(observation: Observation) -> str:
    """The value with as many decimals as the indicator has, or what stands for it where there is none."""
    if observation.value is None:
        return str(observation.get_status_display())
    return number(observation.value, observation.indicator.decimals)


def period_of(observation: Observation) -> str:
    return period(observation.period_start, observation.frequency)


class ObservationFilterSet(WagtailFilterSet):
    indicator = django_filters.ModelChoiceFilter(
        label=_("Indicator"), queryset=lambda _request: Indicator.objects.by_label()
    )
    country = django_filters.ModelChoiceFilter(
        label=_("Country"),
        queryset=lambda _request: Country.objects.by_label().filter(
            Exists(Observation.objects.filter(country=OuterRef("pk")))
        ),
    )
    period_start = django_filters.DateFromToRangeFilter(label=_("Period"), widget=DateRangePickerWidget)
    is_current = django_filters.BooleanFilter(
        label=_("Current value"), field_name="valid_to", lookup_expr="isnull", widget=BooleanRadioSelect
    )

    class Meta:
        model = Observation
        fields = ["status", "origin"]


class RecordViewSet(ModelViewSet):
    """Records that imports write. Staff may look; `ReadOnlyPolicy` keeps everybody from changing them by hand."""

    form_fields: list[str] = []
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = PER_PAGE
    rows: QuerySet[Any]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(queryset=self.rows, **kwargs)


class ObservationIndexView(IndexView):
    """Focal points see the figures of the own countries."""

    def get_base_queryset(self) -> Any:
        policy = policy_registry.get_by_type(Observation)
        return policy.instances_user_has_any_permission_for(self.request.user, {"view"}).with_names()


class ObservationInspectView(OfOwnCountry, InspectView):
    pass


class ObservationViewSet(RecordViewSet):
    model = Observation
    index_view_class = ObservationIndexView
    inspect_view_class = ObservationInspectView
    rows = Observation.objects.with_names()
    name = "observations"
    icon = "table"
    menu_order = 30
    ordering = "-pk"
    list_display = [
        Column("indicator", label=_("Indicator")),
        Column("country", label=_("Country")),
        Column("period", label=_("Period"), accessor=period_of, sort_key="period_start"),
        Column("value", label=_("Value"), accessor=value_text),
        Column("unit", label=_("Unit"), accessor="indicator.unit_name"),
        Column("status", label=_("Status"), accessor="get_status_display", sort_key="status"),
        Column("origin", label=_("Origin"), accessor="get_origin_display", sort_key="origin"),
        DateColumn("valid_from", label=_("Valid from"), sort_key="valid_from"),
        DateColumn("valid_to", label=_("Replaced"), sort_key="valid_to"),
    ]
    filterset_class = ObservationFilterSet


class ImportRunFilterSet(WagtailFilterSet):
    started = django_filters.DateFromToRangeFilter(label=_("Started"), widget=DateRangePickerWidget)

    class Meta:
        model = ImportRun
        fields = ["profile"]


class ImportRunViewSet(RecordViewSet):
    model = ImportRun
    rows = ImportRun.objects.select_related("user")
    name = "imports"
    icon = "upload"
    menu_order = 40
    ordering = "-started"
    list_display = [
        "file_name",
        "profile",
        DateColumn("started", label=_("Started"), sort_key="started"),
        UserColumn("user", label=_("By")),
        NumberColumn("rows_read", label=_("Read"), sort_key="rows_read"),
        NumberColumn("added", label=_("Added"), sort_key="added"),
        NumberColumn("changed", label=_("Changed"), sort_key="changed"),
        NumberColumn("rejected", label=_("Rejected"), sort_key="rejected"),
    ]
    filterset_class = ImportRunFilterSet


class StatisticsGroup(SnippetViewSetGroup):
    menu_label = _("Statistics")
    menu_name = "statistics"
    menu_icon = "table"
    menu_order = 410
    items = [IndicatorViewSet, MeasureViewSet, ObservationViewSet, ImportRunViewSet]


class CountryPageListing(ContentListing):
    model = CountryPage
    name = "country-profiles"
    icon = "globe"
    menu_order = 20
    filterset_class = TopicFilterSet


class CountryReportFilterSet(TopicFilterSet):
    clearance = AnyOf(label=_("Clearance"), choices=Clearance.choices)
    period_end = django_filters.DateFromToRangeFilter(
        label=_("End of the reporting period"), widget=DateRangePickerWidget
    )


class CountryReportListing(ContentListing):
    model = CountryReportPage
    name = "country-reports"
    icon = "doc-full"
    menu_order = 30
    facts = [
        Column(
            "period",
            label=_("Period"),
            accessor=lambda report: interval(report.period_start, report.period_end),
            sort_key="period_end",
        ),
        Column("edition", label=_("Edition"), sort_key="edition"),
        Column("clearance", label=_("Clearance"), accessor="get_clearance_display", sort_key="clearance"),
    ]
    filterset_class = CountryReportFilterSet
    list_export = [*ContentListing.list_export, "period_start", "period_end", "edition", "get_clearance_display"]
    export_headings = ContentListing.export_headings | {"get_clearance_display": _("Clearance")}
