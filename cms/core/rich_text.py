"""How rich text is shown: Wagtail's way, but for links to pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from wagtail.rich_text.pages import PageLinkHandler

from cms.core.links import attributes, is_for_anybody, number_of, public_targets, targets

if TYPE_CHECKING:
    from collections.abc import Iterator


class PageLinks(PageLinkHandler):
    """Links to pages, which follow the reader. One that leads nowhere is left as words without a link."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        ids = [number_of(attrs.get("id", "")) for attrs in attrs_list]
        found = (public_targets if is_for_anybody() else targets)(pk for pk in ids if pk)
        return [format_html("<a {}>", attributes(found[pk])) if pk in found else "<a>" for pk in ids]

    @classmethod
    def extract_references(cls, attrs: dict[str, str]) -> Iterator[tuple[Any, str, str, str]]:
        """As Wagtail's, which does not expect a link without an id."""
        if number_of(attrs.get("id", "")):
            yield from super().extract_references(attrs)
