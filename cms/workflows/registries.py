"""What apps say of pages when they are ready.

Which types of them belong to a country, so that its focal points work on them, or to a role; who has written parts of
a page; and what keeps it from being approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_owned: dict[Any, tuple[Any, ...]] = {}
_kept: dict[Any, tuple[str, tuple[Any, ...]]] = {}
_writers: list[Callable[[Any], Iterable[int]]] = []
_obstacles: list[Callable[[Any], Iterable[str]]] = []


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


def register_role_owned(model: Any, role: str, *places: Any) -> None:
    """Say that originals of a type are changed by a role besides editors, and written below pages of which types."""
    _kept[model] = (role, places)


def types_of_roles(roles: Iterable[str], action: str) -> list[Any]:
    """The types of page that these roles change; for "add", those below which they write."""
    if action == "add":
        return [place for role, places in _kept.values() if role in roles for place in places]
    return [model for model, (role, _places) in _kept.items() if role in roles]


def roles_over(model: Any, actions: Iterable[str]) -> list[str]:
    """The roles that may do any of these with pages of a type."""
    changed = [_kept[model][0]] if model in _kept and "change" in actions else []
    return changed + [role for role, places in _kept.values() if model in places and "add" in actions]


def register_writers(writers: Callable[[Any], Iterable[int]]) -> None:
    """Say who has written what is not public of a page yet, besides those who saved it: by their ids."""
    _writers.append(writers)


def writers_of(page: Any) -> set[int]:
    return {pk for writers in _writers for pk in writers(page)}


def register_obstacles(obstacles: Callable[[Any], Iterable[str]]) -> None:
    """Say why nobody may approve a page as it is now: in sentences, none where nothing speaks against it."""
    _obstacles.append(obstacles)


def obstacles_to(page: Any) -> list[str]:
    return [sentence for obstacles in _obstacles for sentence in obstacles(page)]
