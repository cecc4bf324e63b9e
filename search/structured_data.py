"""Lists of pages as schema.org things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.core.structured_data import Thing, collection, describe
from search.listings import FacetedIndexMixin

if TYPE_CHECKING:
    from collections.abc import Mapping


def describe_list(page: FacetedIndexMixin, context: Mapping[str, Any]) -> Thing:
    """A list with the items that it shows now."""
    listing = context.get("listing")
    return collection(page, context, listing.page if listing else [])


def register() -> None:
    """Make lists known to the lower layers."""
    describe.register(FacetedIndexMixin, describe_list)
