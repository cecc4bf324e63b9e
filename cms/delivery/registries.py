"""What is public, as the apps above tell it. They register in `AppConfig.ready()`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import InterfaceError, OperationalError, transaction

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable
    from uuid import UUID

    Turn = Callable[[datetime.datetime], datetime.datetime | None]


logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Representation:
    """A public object as the ledger keeps it.

    `data` is its complete public JSON, `card` what others show of it. `files` are kind and id of what is public because
    this object shows it. `listing` is what `Listing` holds of a page, by field; `brief` in it is data, too, and
    `headings` the names and keys of its headings.
    """

    data: dict[str, Any]
    type: str
    uid: UUID | None = None
    locale: str = ""
    countries: tuple[str, ...] = ()
    path: str = ""
    card: Any = None
    files: tuple[tuple[str, int], ...] = ()
    listing: dict[str, Any] | None = None


@dataclass(frozen=True)
class Kind:
    """Objects of one endpoint of the API.

    `public` is the query for those that everybody may read; `represent` gives, by id, those of some ids that are.
    What it gives depends on nothing but the database. `shows` names what objects show of rows of other models: the
    model, and the filter that finds the objects by the ids of such rows. Objects that are public only because public
    pages show them are `of_pages`. `named_by` is the field of the JSON that names them in addresses, where that is not
    the id.
    """

    name: str
    model: Any
    public: Callable[[], Any]
    represent: Callable[[Iterable[int]], dict[int, Representation]]
    shows: tuple[tuple[Any, str], ...] = ()
    of_pages: bool = False
    named_by: str = ""

    def represent_each(self, ids: Iterable[int]) -> tuple[dict[int, Representation], dict[int, str]]:
        """Those of some ids that are public, and of those that cannot be represented what is wrong."""
        listed = sorted(ids)
        try:
            return (attempted(self.represent, listed) if listed else {}), {}
        except FailedError as failure:
            if len(listed) == 1:
                logger.exception("%s %s cannot be represented", self.name, listed[0])
                return {}, {listed[0]: str(failure)}
        found: dict[int, Representation] = {}
        failed: dict[int, str] = {}
        for pk in listed:
            one, wrong = self.represent_each([pk])
            found |= one
            failed |= wrong
        return found, failed


class FailedError(Exception):
    """Something of an object cannot be represented; the sentence names the error behind it."""


def attempted(call: Callable[..., T], *arguments: Any) -> T:
    """What a call gives, without what it has written if it fails.

    Raises `FailedError` for whatever is wrong, but for the database: if that is away, everything is to be tried again.
    """
    try:
        with transaction.atomic():
            return call(*arguments)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        raise FailedError(f"{type(error).__name__}: {error}") from error


_kinds: dict[str, Kind] = {}
_shown: dict[Any, Callable[[Any], Iterable[int]]] = {}
_showing: dict[Callable[[Iterable[int]], Iterable[int]], str] = {}
_turns: list[Turn] = []


def register_kind(kind: Kind) -> None:
    """Add a kind of object, or replace that of the same name."""
    _kinds[kind.name] = kind


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def register_shown(model: Any, pages: Callable[[Any], Iterable[int]]) -> None:
    """Rows of a model are shown by pages to which they do not belong; `pages` gives the ids of those of one row."""
    _shown[model] = pages


def shown() -> dict[Any, Callable[[Any], Iterable[int]]]:
    return dict(_shown)


def register_showing(find: Callable[[Iterable[int]], Iterable[int]], kind: str = "pages") -> None:
    """Objects show pages that no field of theirs names; `find` gives the ids of those that show some of these."""
    _showing[find] = kind


def showing_pages(ids: Iterable[int]) -> set[tuple[str, int]]:
    """Kinds and ids of the objects that show some pages, as those who know have registered."""
    known = list(ids)
    return {(kind, pk) for find, kind in _showing.items() for pk in find(known)}


def register_turn(find: Turn) -> None:
    """Some pages look different at moments that stand in the database.

    `find` gives the first moment after another one from which on something may; None where there is none.
    """
    if find not in _turns:
        _turns.append(find)


def turns() -> list[Turn]:
    return list(_turns)
