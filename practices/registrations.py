"""What practices add to the search, the feeds and the countries' profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cms.core.registries import CountrySection, register_country_section
from cms.core.structured_data import describe
from practices.models import PracticeAdaptation, PracticeIndexPage, PracticePage
from practices.search import FACETS
from practices.structured_data import describe_practice
from search.registries import ContentKind, register_content_kind

if TYPE_CHECKING:
    from taxonomy.models import Country

ROWS = 6


def practices_of(country: Country) -> Any:
    """The newest practices of a country in the reader's language."""
    practices = PracticePage.objects.published().in_reader_language().of_country(country)
    return practices.newest().select_related("locale")[:ROWS]


def adaptations_given(country: Country) -> list[Any]:
    """Adaptations in other countries, each with `page`, the practice in the reader's language where it exists."""
    return with_practices(PracticeAdaptation.objects.given_by(country))


def adaptations_received(country: Country) -> list[Any]:
    return with_practices(PracticeAdaptation.objects.received_by(country))


def with_practices(adaptations: Any) -> list[Any]:
    """The newest adaptations of practices that anybody may read, with the practice to link to as `page`."""
    practices = PracticePage.objects.published().select_related("locale", "country").prefetch_related("country__labels")
    rows = list(adaptations.filter(practice__in=practices.values("pk"))[:ROWS])
    keys = [row.practice.translation_key for row in rows]
    originals = practices.filter(pk__in=[row.practice_id for row in rows])
    in_reader_language = practices.in_reader_language().filter(translation_key__in=keys)
    by_key = {page.translation_key: page for page in [*originals, *in_reader_language]}
    for row in rows:
        row.page = by_key[row.practice.translation_key]
    return rows


def register() -> None:
    """Make practices known to the lower layers."""
    describe.register(PracticePage, describe_practice)
    register_content_kind(
        ContentKind("practices", 10, _("Practices"), PracticePage, index=PracticeIndexPage, facets=FACETS)
    )
    for key, order, template, rows in [
        ("practices", 10, "practices/country_section.html", practices_of),
        ("adaptations-received", 30, "practices/country_adaptations_received.html", adaptations_received),
        ("adaptations-given", 31, "practices/country_adaptations_given.html", adaptations_given),
    ]:
        register_country_section(CountrySection(key, order, template, rows))
