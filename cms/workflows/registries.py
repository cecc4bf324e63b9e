"""Which types of page belong to a country, so that its focal points work on them, and who has written parts of a page.

Apps say so when they are ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_owned: dict[Any, tuple[Any, ...]] = {}
_writers: list[Callable[[Any], Iterable[int]]] = []


def register_country_owned(model: Any, *places: Any) -> None:
    """Say that pages of a type belong to their primary country, and below pages of which types they are written.

    A place that belongs to a country itself is one for focal points of that country only.
    """
    _owned[model] = places


def country_owned() -> dict[Any, tuple[Any, ...]]:
    return dict(_owned)


def common_places() -> list[Any]:
    """Types of page below which focal points of every country write."""
    return [place for places in _owned.values() for place in places if place not in _owned]


def register_writers(writers: Callable[[Any], Iterable[int]]) -> None:
    """Say who has written what is not public of a page yet, besides those who saved it: by their ids."""
    _writers.append(writers)


def writers_of(page: Any) -> set[int]:
    return {pk for writers in _writers for pk in writers(page)}
