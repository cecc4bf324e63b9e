"""Narrowing the admin's page lists by country and theme."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.filters import ContentFilterSet, RelatedTo, narrowed
from cms.core.models import PageCountry, PageTheme
from taxonomy.models import Country, Theme


class ThemeFilter(RelatedTo):
    """A theme stands for all the themes below it."""

    def filter(self, qs: Any, value: Theme | None) -> Any:
        if not value:
            return qs
        at_any_depth = ("", "__parent", "__parent__parent")
        condition = Q()
        for depth in at_any_depth:
            condition |= Q(**{f"{self.field_name}{depth}": value})
        return narrowed(qs, condition)


class TopicFilterSet(ContentFilterSet):
    """Only countries and themes that some page has are offered."""

    country = RelatedTo(
        label=_("Country"),
        field_name="page_countries__country",
        queryset=lambda _request: Country.objects.by_label().filter(pk__in=PageCountry.objects.values("country")),
    )
    theme = ThemeFilter(
        label=_("Theme"),
        field_name="page_themes__theme",
        queryset=lambda _request: Theme.objects.by_label().filter(pk__in=themes_in_use()),
    )


def themes_in_use() -> set[int]:
    """Ids of the themes of pages, and of the themes above these."""
    rows = PageTheme.objects.values_list("theme", "theme__parent", "theme__parent__parent").distinct()
    return {theme for row in rows for theme in row if theme}
