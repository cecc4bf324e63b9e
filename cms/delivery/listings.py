"""By what lists of pages are found in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Subquery
from wagtail.models import Page

from cms.delivery import headings
from cms.delivery.lines import written
from cms.delivery.models import Heading, Listing, Published

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.delivery.registries import Kind, Representation

FIELDS = [field.name for field in Listing._meta.concrete_fields if not field.primary_key]


def list_anew(represented: dict[int, Representation]) -> None:
    """Write by what pages are found that have been represented."""
    found = rows_of(represented)
    if found:
        rows = [row for row, _headings in found]
        Listing.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS)
        headings.write_anew({row.pk: facts for row, facts in found})


def rows_of(represented: dict[int, Representation]) -> list[tuple[Listing, headings.Facts]]:
    """The rows of those that stand in lists, each with its headings."""
    return [row_of(pk, found) for pk, found in represented.items() if found.listing]


def row_of(pk: int, found: Representation) -> tuple[Listing, headings.Facts]:
    facts = dict(found.listing or {})
    brief, under = written(facts.pop("brief")), facts.pop("headings")
    row = Listing(id=pk, type=found.type, locale=found.locale, path=found.path, brief=brief, **facts)
    return row, headings.facts_of(row, under)


def misplaced(represented: dict[int, Representation]) -> set[int]:
    """The ids of pages that lists would not find as they are."""
    found = rows_of(represented)
    known = Listing.objects.in_bulk([row.pk for row, _headings in found])
    under = headings.known_facts(row.pk for row, _headings in found)
    return {
        row.pk
        for row, facts in found
        if row.pk not in known or facts_of(row) != facts_of(known[row.pk]) or facts != under[row.pk]
    }


def strays(kind: Kind, public: set[int]) -> set[int]:
    """The ids of pages that lists would find though they are not public."""
    return set(Listing.objects.values_list("pk", flat=True)) - public if kind.model is Page else set()


def facts_of(row: Listing) -> list[Any]:
    return [getattr(row, name) for name in FIELDS]


def follow_moves() -> None:
    """Give all pages their present places: one that is moved shifts those beside it."""
    pages: Any = Published.objects.filter(kind="pages", is_public=True)
    for rows, key in ((pages, "object_id"), (Listing.objects.all(), "pk"), (Heading.objects.all(), "page")):
        place = Subquery(Page.objects.filter(pk=OuterRef(key)).order_by().values("path"))
        rows.annotate(place=place).filter(place__isnull=False).exclude(path=F("place")).update(path=place)


def unlist(kind: Kind, ids: Iterable[int]) -> None:
    """Leave out pages that are not public any more, or cannot be represented."""
    gone = list(ids)
    if gone and kind.model is Page:
        Listing.objects.filter(pk__in=gone).delete()
