"""What practices add to the search, the feeds and the countries' profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.core.querysets import best_versions
from cms.core.registries import CountrySection, register_country_section, register_practice_maker
from cms.core.structured_data import describe
from cms.delivery.registries import register_shown
from cms.workflows.registries import register_country_owned
from practices.models import PracticeAdaptation, PracticeIndexPage, PracticePage
from practices.search import FACETS
from practices.services import draft_from
from practices.structured_data import describe_practice
from search.registries import ContentKind, register_content_kind

if TYPE_CHECKING:
    from taxonomy.models import Country

ROWS = 6


def practices_of(country: Country) -> Any:
    """The newest practices of a country."""
    practices = PracticePage.objects.for_readers().of_country(country)
    return practices.newest().for_rows()[:ROWS]


@dataclass(frozen=True)
class Exchange:
    """The newest adaptations of one direction; each has `page`, the practice in the reader's language if it exists."""

    is_given: bool
    adaptations: list[Any]


def exchanges_of(country: Country) -> list[Exchange]:
    """What a country adopted from others, and what others adopted from it; a direction without any is left out."""
    public = PracticePage.objects.published().values("pk")
    adaptations = PracticeAdaptation.objects.given_or_received_by(country).filter(practice__in=public)
    rows = with_practices(adaptations.newest(ROWS))
    received = [row for row in rows if not row.is_given]
    given = [row for row in rows if row.is_given]
    return [Exchange(is_given, found) for is_given, found in [(False, received), (True, given)] if found]


def with_practices(adaptations: Any) -> list[Any]:
    """Adaptations of practices that anybody may read, newest first, with the practice to link to as `page`."""
    rows = list(adaptations)
    keys = {row.practice.translation_key for row in rows}
    pages = PracticePage.objects.published().filter(translation_key__in=keys).defer_streamfields() if rows else []
    best = best_versions(pages)
    for row in rows:
        row.page = best.get(row.practice.translation_key)
    return [row for row in rows if row.page]


def showing(adaptation: PracticeAdaptation) -> Any:
    """The ids of the practice's pages in all languages."""
    versions = Page.objects.filter(translation_key=adaptation.practice.translation_key)
    return versions.values_list("pk", flat=True)


def register() -> None:
    """Make practices known to the lower layers."""
    describe.register(PracticePage, describe_practice)
    register_country_owned(PracticePage, PracticeIndexPage)
    register_practice_maker(draft_from)
    register_shown(PracticeAdaptation, showing)
    register_content_kind(
        ContentKind("practices", 10, _("Practices"), PracticePage, index=PracticeIndexPage, facets=FACETS)
    )
    for key, order, template, rows in [
        ("practices", 10, "practices/country_section.html", practices_of),
        ("adaptations", 30, "practices/country_exchanges.html", exchanges_of),
    ]:
        register_country_section(CountrySection(key, order, template, rows))
