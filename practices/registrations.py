"""What practices add to the search, the feeds and the countries' profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.querysets import active_locale
from cms.core.registries import CountrySection, register_country_section
from cms.core.structured_data import describe
from cms.workflows.registries import register_country_owned
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
    practices = PracticePage.objects.published()
    rows = list(adaptations)
    wanted = Q(pk__in=[row.practice_id for row in rows])
    wanted |= Q(translation_key__in=[row.practice.translation_key for row in rows], locale=active_locale())
    pages = practices.filter(wanted).select_related("locale").defer_streamfields() if rows else []
    by_key = {(page.translation_key, page.locale_id): page for page in pages}
    by_pk = {page.pk: page for page in pages}
    for row in rows:
        row.page = by_key.get((row.practice.translation_key, active_locale().pk)) or by_pk[row.practice_id]
    return rows


def register() -> None:
    """Make practices known to the lower layers."""
    describe.register(PracticePage, describe_practice)
    register_country_owned(PracticePage, PracticeIndexPage)
    register_content_kind(
        ContentKind("practices", 10, _("Practices"), PracticePage, index=PracticeIndexPage, facets=FACETS)
    )
    for key, order, template, rows in [
        ("practices", 10, "practices/country_section.html", practices_of),
        ("adaptations", 30, "practices/country_exchanges.html", exchanges_of),
    ]:
        register_country_section(CountrySection(key, order, template, rows))
