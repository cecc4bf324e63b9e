"""Where editors keep the vocabularies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.core.models import PageTheme
from cms.core.viewsets import LabelledViewSet
from taxonomy.choices import MembershipRole
from taxonomy.choosers import (
    ConceptChooserViewSet,
    CountryChooserViewSet,
    OrganisationChooserViewSet,
    ThemeChooserViewSet,
    region_choices,
)
from taxonomy.models import Concept, Country, Organisation, Theme

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def membership_text(country: Country) -> str:
    """Present memberships, for example “Founder (2012)”; the year is that of the beginning."""
    today = timezone.localdate()
    return ", ".join(
        f"{row.get_role_display()} ({row.since.year})"
        for row in country.memberships.all()
        if row.since <= today and (row.until is None or row.until >= today)
    )


class CountryFilterSet(WagtailFilterSet):
    subregion = django_filters.ChoiceFilter(
        label=_("Region"), choices=lambda: region_choices()[1:], empty_label=_("All")
    )
    role = django_filters.ChoiceFilter(
        label=_("Membership"),
        field_name="memberships__role",
        choices=MembershipRole.choices,
        empty_label=_("All"),
        distinct=True,
    )

    class Meta:
        model = Country
        fields: list[str] = []


class CountryViewSet(LabelledViewSet):
    model = Country
    icon = "globe"
    menu_order = 10
    chooser_viewset_class = CountryChooserViewSet
    list_display = [
        "__str__",
        Column("code", label=_("ISO code"), sort_key="code"),
        Column("region", label=_("Region"), accessor="subregion_label", sort_key="subregion"),
        Column("membership", label=_("Membership"), accessor=membership_text),
    ]
    filterset_class = CountryFilterSet
    list_export = ["label", "code", "alpha3", "m49", "region_label", "subregion_label"]
    export_headings = LabelledViewSet.export_headings | {
        "region_label": _("Region"),
        "subregion_label": _("Sub-region"),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("memberships")


class ThemeFilterSet(WagtailFilterSet):
    parent = django_filters.ModelChoiceFilter(
        label=_("Part of"),
        queryset=lambda _request: Theme.objects.by_label().filter(children__isnull=False).distinct(),
    )
    is_top = django_filters.BooleanFilter(
        label=_("Top level"), field_name="parent", lookup_expr="isnull", widget=BooleanRadioSelect
    )

    class Meta:
        model = Theme
        fields: list[str] = []


class ThemeViewSet(LabelledViewSet):
    model = Theme
    icon = "tag"
    menu_order = 20
    chooser_viewset_class = ThemeChooserViewSet
    list_display = [
        "__str__",
        Column("parent", label=_("Part of")),
        NumberColumn("item_count", label=_("Content items"), sort_key="item_count"),
        Column("sort_order", label=_("Order"), sort_key="sort_order"),
        Column("code", label=_("Code"), sort_key="code"),
    ]
    filterset_class = ThemeFilterSet
    list_export = ["code", "label", "parent", "definition", "item_count", "sort_order"]
    export_headings = LabelledViewSet.export_headings | {
        "definition": _("Definition"),
        "item_count": _("Content items"),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Themes with the number of items that name them; the languages of an item count once."""
        links = PageTheme.objects.filter(theme=OuterRef("pk")).order_by().values("theme")
        items = links.annotate(number=Count("page__translation_key", distinct=True)).values("number")
        themes = super().get_queryset(request).annotate(item_count=Coalesce(Subquery(items), 0))
        return themes.prefetch_related("parent__labels")


class ConceptFilterSet(WagtailFilterSet):
    class Meta:
        model = Concept
        fields = ["scheme"]


class ConceptViewSet(LabelledViewSet):
    model = Concept
    icon = "list-ul"
    menu_order = 30
    chooser_viewset_class = ConceptChooserViewSet
    ordering = ("scheme", "sort_order", "code")
    list_display = [
        "__str__",
        Column("scheme", label=_("Classification"), accessor="get_scheme_display", sort_key="scheme"),
        Column("parent", label=_("Part of")),
        Column("code", label=_("Code"), sort_key="code"),
    ]
    filterset_class = ConceptFilterSet
    list_export = ["scheme", "code", "label", "parent"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("parent__labels")


class OrganisationFilterSet(WagtailFilterSet):
    country = django_filters.ModelChoiceFilter(
        label=_("Country"),
        queryset=lambda _request: Country.objects.by_label().filter(organisations__isnull=False).distinct(),
    )
    is_merged = django_filters.BooleanFilter(
        label=_("Merged"), field_name="merged_into", lookup_expr="isnull", exclude=True, widget=BooleanRadioSelect
    )

    class Meta:
        model = Organisation
        fields = ["kind"]


class OrganisationViewSet(LabelledViewSet):
    model = Organisation
    icon = "group"
    menu_order = 40
    chooser_viewset_class = OrganisationChooserViewSet
    list_display = [
        "__str__",
        Column("acronym", label=_("Acronym"), sort_key="acronym"),
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("country", label=_("Country")),
        Column("parent", label=_("Part of")),
        Column("merged_into", label=_("Merged into")),
    ]
    filterset_class = OrganisationFilterSet
    list_export = ["code", "label", "acronym", "get_kind_display", "country", "parent", "url"]
    export_headings = LabelledViewSet.export_headings | {"get_kind_display": _("Kind")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = ("country__labels", "parent__labels", "merged_into__labels")
        return super().get_queryset(request).prefetch_related(*related)


class VocabularyGroup(SnippetViewSetGroup):
    menu_label = _("Vocabularies")
    menu_name = "vocabularies"
    menu_icon = "folder-open-inverse"
    menu_order = 420
    items = [CountryViewSet, ThemeViewSet, ConceptViewSet, OrganisationViewSet]
