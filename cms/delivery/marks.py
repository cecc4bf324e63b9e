"""Marks: that something was changed is noted in the transaction of the change, and settled right after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from cms.delivery.choices import Scope
from cms.delivery.models import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOK_BACK = 30
Place = tuple[str, str]


@dataclass
class Settlement:
    """Called once the transaction is committed. It knows what was marked, so that nothing is marked twice in a row."""

    marks: set[Place] = field(default_factory=set)

    def __call__(self) -> None:
        from cms.delivery.services import settle_soon

        settle_soon()


def mark(scope: Scope, *keys: object) -> None:
    """Note that something was changed.

    Of what Django does once a transaction is committed, it forgets what was asked for in a part of the transaction
    that was rolled back: what is still there was marked, and stays so.
    """
    alive = [entry[1] for entry in connection.run_on_commit[-LOOK_BACK:]]
    known = {place for one in alive if isinstance(one, Settlement) for place in one.marks}
    places = [(scope.value, str(key)) for key in dict.fromkeys(keys)]
    # That a page was saved covers the page, and not the tree below it.
    is_covered = scope in (Scope.OBJECT, Scope.ALONE)
    new = [one for one in places if one not in known and not (is_covered and (Scope.SAVED.value, one[1]) in known)]
    if not new:
        return
    Mark.objects.bulk_create([Mark(scope=scope, key=key) for scope, key in new], batch_size=1000)
    transaction.on_commit(Settlement(set(new)), robust=True)


def forget_settlements() -> None:
    """What was marked in this transaction is settled: a further change of it has to be marked again."""
    others: list[Any] = [entry for entry in connection.run_on_commit if not isinstance(entry[1], Settlement)]
    connection.run_on_commit = others


def page_keys(ids: Iterable[object]) -> list[str]:
    return [f"pages:{pk}" for pk in ids]


def keys_of(objects: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{kind}:{pk}" for kind, pk in objects]
