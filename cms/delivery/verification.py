"""Whether the ledger is what a fresh representation of everything that is public gives."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cms.core import memory
from cms.delivery.listings import misplaced, strays
from cms.delivery.models import Published
from cms.delivery.registries import Kind, kinds
from cms.delivery.services import row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 100


@dataclass(frozen=True)
class Difference:
    """An object that stands in the ledger otherwise than it is: missing, too many, or differing in some fields."""

    kind: str
    object_id: int
    problem: str

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.problem}"


def differences() -> list[Difference]:
    found: list[Difference] = []
    for kind in kinds().values():
        with memory.checked_once():
            public = set(kind.public().order_by().values_list("pk", flat=True))
            known = Published.objects.filter(kind=kind.name, is_public=True).values_list("object_id", flat=True)
            found += [Difference(kind.name, pk, "is not public and was not withdrawn") for pk in set(known) - public]
            found += [Difference(kind.name, pk, "is not public and stands in lists") for pk in strays(kind, public)]
            ids = sorted(public)
            for start in range(0, len(ids), BATCH):
                found += compared(kind, ids[start : start + BATCH])
    return found


def compared(kind: Kind, ids: list[int]) -> Iterator[Difference]:
    fresh, failed = kind.represent_each(ids)
    known = {row.object_id: row for row in Published.objects.filter(kind=kind.name, is_public=True, object_id__in=ids)}
    wrong = misplaced(fresh)
    for pk in ids:
        if pk in failed:
            yield Difference(kind.name, pk, f"cannot be represented: {failed[pk]}")
        new = row_of(kind, pk, fresh.get(pk))
        old = known.get(pk)
        if new and old is None:
            yield Difference(kind.name, pk, "is public and missing")
        elif new and old and (new.etag, new.path, new.card) != (old.etag, old.path, old.card):
            yield Difference(kind.name, pk, f"differs in {', '.join(names(old.whole, new.whole)) or 'its place'}")
        elif pk in wrong:
            yield Difference(kind.name, pk, "stands otherwise in lists")


def names(before: str, after: str) -> list[str]:
    old, new = flat(json.loads(before)), flat(json.loads(after))
    return sorted(name for name in {*old, *new} if old.get(name, names) != new.get(name, names))


def flat(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, **{f"meta.{name}": value for name, value in data.get("meta", {}).items()}, "meta": None}
