"""How the ledger writes JSON, and by what lists of pages are found in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Subquery
from rest_framework.utils.encoders import JSONEncoder
from wagtail.models import Page

from cms.delivery.models import Listing, Published

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.delivery.registries import Kind, Representation

FIELDS = [field.name for field in Listing._meta.concrete_fields if not field.primary_key]


def list_anew(represented: dict[int, Representation]) -> None:
    """Write by what pages are found that have been represented."""
    rows = [row_of(pk, found) for pk, found in represented.items() if found.listing]
    if rows:
        Listing.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS)


def row_of(pk: int, found: Representation) -> Listing:
    facts = dict(found.listing or {})
    brief = written(facts.pop("brief"))
    return Listing(id=pk, type=found.type, locale=found.locale, path=found.path, brief=brief, **facts)


def misplaced(represented: dict[int, Representation]) -> set[int]:
    """The ids of pages that lists would not find as they are."""
    rows = [row_of(pk, found) for pk, found in represented.items() if found.listing]
    known = Listing.objects.in_bulk([row.pk for row in rows])
    return {row.pk for row in rows if row.pk not in known or facts_of(row) != facts_of(known[row.pk])}


def facts_of(row: Listing) -> list[Any]:
    return [getattr(row, name) for name in FIELDS]


def follow_moves() -> None:
    """Give all pages their present places: one that is moved shifts those beside it."""
    pages: Any = Published.objects.filter(kind="pages", is_public=True)
    for rows, key in ((pages, "object_id"), (Listing.objects.all(), "pk")):
        place = Subquery(Page.objects.filter(pk=OuterRef(key)).order_by().values("path"))
        rows.annotate(place=place).filter(place__isnull=False).exclude(path=F("place")).update(path=place)


def unlist(kind: Kind, ids: Iterable[int]) -> None:
    """Leave out pages that are not public any more, or cannot be represented."""
    gone = list(ids)
    if gone and kind.model is Page:
        Listing.objects.filter(pk__in=gone).delete()


def written(data: Any) -> str:
    """JSON in its shortest form, as the API writes values."""
    return json.dumps(data, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))


def in_lines(data: dict[str, Any]) -> str:
    """An object with a line for each field, and for each in its `meta`: a text in JSON has no line breaks in it.

    So fields are cut from it without it being read.
    """
    return block(data, {"meta": block(data["meta"], {})} if data.get("meta") else {})


def block(data: dict[str, Any], known: dict[str, str]) -> str:
    lines = ",\n".join(f"{written(name)}:{known.get(name) or written(value)}" for name, value in data.items())
    return f"{{\n{lines}\n}}"


def line_of(text: str, name: str) -> str | None:
    """A field of what `in_lines` wrote, as JSON with its name; None where it has none of that name."""
    start = text.find(f'\n"{name}":')
    return text[start + 1 : text.index("\n", start + 1)].rstrip(",") if start >= 0 else None
