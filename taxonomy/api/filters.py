"""Narrowing lists of pages in the API by country and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.api.parameters import codes
from cms.api.registries import PageFilter
from cms.core.models import PageCountry, PageTheme
from taxonomy.models import Country, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTRY = codes(
    "country",
    "Only what is about some of these countries (ISO 3166-1 alpha-2).",
    lambda: Country.vocabulary().by_code,
    example=["KZ"],
)
THEME = codes(
    "theme",
    "Only what has some of these themes, or themes below them.",
    lambda: Theme.vocabulary().by_code,
    example=["digital"],
)


def keys(rows: Iterable[Any]) -> list[int]:
    return [row.pk for row in rows]


def with_descendants(themes: Iterable[Theme]) -> list[int]:
    """The ids of themes and of all themes below them."""
    found = {theme.pk for theme in themes}
    rows = Theme.vocabulary().rows
    while further := {row.pk for row in rows if row.parent_id in found} - found:
        found |= further
    return sorted(found)


ABOUT_COUNTRIES = PageFilter(COUNTRY, PageCountry, "page", "country", keys, share=0.02)
ABOUT_THEMES = PageFilter(THEME, PageTheme, "page", "theme", with_descendants, share=0.05)
