"""Under what pages are found in lists besides: their countries, their themes and whatever else narrows lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cms.delivery.models import Heading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.delivery.models import Listing

SHARED = ("type", "locale", "path", "first_published_at", "last_published_at")  # what they repeat of a listing
FIELDS = ("name", "key", *SHARED)
Facts = set[tuple[Any, ...]]


def facts_of(row: Listing, headings: Iterable[tuple[str, int]]) -> Facts:
    """The fields of the headings of a page, which are given as names and keys."""
    shared = tuple(getattr(row, name) for name in SHARED)
    return {(name, key, *shared) for name, key in headings}


def known_facts(pages: Iterable[int]) -> dict[int, Facts]:
    """The same as it is written, by page."""
    found: dict[int, Facts] = {pk: set() for pk in pages}
    for pk, *facts in Heading.objects.filter(page__in=list(found)).values_list("page", *FIELDS):
        found[pk].add(tuple(facts))
    return found


def write_anew(wanted: dict[int, Facts]) -> None:
    """Write the headings of pages, as far as they have others."""
    known = known_facts(wanted)
    changed = {pk: facts for pk, facts in wanted.items() if facts != known[pk]}
    if not changed:
        return
    Heading.objects.filter(page__in=list(changed)).delete()
    Heading.objects.bulk_create(
        Heading(page_id=pk, **dict(zip(FIELDS, facts, strict=True)))
        for pk, headings in changed.items()
        for facts in sorted(headings, key=lambda facts: facts[:2])
    )
