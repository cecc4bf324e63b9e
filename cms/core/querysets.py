"""Reads that every content page shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from wagtail.models import Locale, Page, PageManager, PageQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self
    from uuid import UUID

ROW_FACTS = ("cover_image__renditions", "country__labels", "page_themes__theme__labels")


class ContentQuerySet(PageQuerySet):
    def in_reader_language(self) -> Self:
        """Pages in the active language, or in the default language where no content exists in the active one."""
        return self.filter(locale=Locale.get_active())

    def published(self) -> Self:
        """Live pages that anybody may read."""
        return self.live().public()

    def of_country(self, country: Any) -> Self:
        return self.filter(page_countries__country=country)

    def with_row_facts(self) -> Self:
        """Load what a listing row shows, in a fixed number of queries."""
        return self.select_related("locale", "country", "cover_image").prefetch_related(*ROW_FACTS)

    def newest(self) -> Self:
        return self.order_by("-first_published_at", "-pk")


ContentManager = PageManager.from_queryset(ContentQuerySet)


def rows_of(keys: Iterable[UUID]) -> list[Any]:
    """The public pages with these translation keys in the reader's language, whatever their types, in this order."""
    order = {key: place for place, key in enumerate(keys)}
    if not order:
        return []
    locale = Locale.get_active()
    pages = Page.objects.live().public().filter(translation_key__in=order, locale=locale)
    rows = sorted(pages.specific(), key=lambda page: order[page.translation_key])
    for row in rows:
        row.locale = locale
    load_row_facts(rows)
    return rows


def load_row_facts(pages: Sequence[Any]) -> None:
    """Load what listing rows show of pages of several types, in a fixed number of queries."""
    prefetch_related_objects(pages, *ROW_FACTS)
