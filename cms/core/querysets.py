"""Reads that every content page shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Locale, PageManager, PageQuerySet

if TYPE_CHECKING:
    from typing import Self


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
        return self.select_related("locale", "country", "cover_image").prefetch_related(
            "country__labels",
            "page_themes__theme__labels",
        )

    def newest(self) -> Self:
        return self.order_by("-first_published_at", "-pk")


ContentManager = PageManager.from_queryset(ContentQuerySet)
