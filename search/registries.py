"""What readers can search and subscribe to. Domain apps register their parts in `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.utils.functional import Promise

    from search.analysis import Words
    from search.facets import Facet


@dataclass(frozen=True)
class ContentKind:
    """A type of page that readers look for.

    It is a tab of the search; with an `index` model, whose pages list it, it is a feed too. Feeds are narrowed by
    `facets` and ordered by `date_field`, newest first. `key` stands in addresses.
    """

    key: str
    order: int
    label: str | Promise
    model: Any
    index: Any = None
    facets: Sequence[Facet] = ()
    date_field: str = "first_published_at"


@dataclass(frozen=True)
class RowHit:
    """A find that is no page of its own, such as an indicator. Title and summary are plain text."""

    title: str
    summary: str
    url: str


@dataclass(frozen=True)
class RowKind:
    """Rows that are found beside pages. `find` is given the words of the query and returns all that match."""

    key: str
    order: int
    label: str | Promise
    find: Callable[[Words], list[RowHit]]


_content_kinds: dict[str, ContentKind] = {}
_row_kinds: dict[str, RowKind] = {}


def register_content_kind(kind: ContentKind) -> None:
    """Add a type of page, or replace the one with the same key."""
    _content_kinds[kind.key] = kind


def register_row_kind(kind: RowKind) -> None:
    """Add a kind of rows, or replace the one with the same key."""
    _row_kinds[kind.key] = kind


def content_kinds() -> list[ContentKind]:
    """All types of page that readers look for, in the order in which they are offered."""
    return sorted(_content_kinds.values(), key=lambda kind: kind.order)


def row_kinds() -> list[RowKind]:
    """All kinds of rows, in the order in which they are offered."""
    return sorted(_row_kinds.values(), key=lambda kind: kind.order)


def feed_kinds() -> dict[str, ContentKind]:
    """The types of page that have feeds, by key."""
    return {kind.key: kind for kind in content_kinds() if kind.index}
