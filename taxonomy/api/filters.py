"""Narrowing lists of pages in the API by country and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.api.parameters import codes
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


def to_countries(countries: Iterable[Country]) -> Any:
    return PageCountry.objects.filter(country__in=[one.pk for one in countries])


def to_themes(themes: Iterable[Theme]) -> Any:
    return PageTheme.objects.filter(theme__in=with_descendants(themes))


def with_descendants(themes: Iterable[Theme]) -> list[int]:
    """The ids of themes and of all themes below them."""
    found = {theme.pk for theme in themes}
    rows = Theme.vocabulary().rows
    while further := {row.pk for row in rows if row.parent_id in found} - found:
        found |= further
    return sorted(found)
