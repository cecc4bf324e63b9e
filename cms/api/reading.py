"""Answers about pages out of the ledger: which fields are asked for, cut from what is written there.

What is asked is read by Wagtail's own code, with its errors; only the work of serialising is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from wagtail.api.v2.utils import BadRequestError, parse_fields_parameter

from cms.api.cursors import AFTER, next_address
from cms.api.lists import OF_ANSWERS, SEARCHED, listed, listed_after, may_search, searched, without
from cms.api.parameters import BadParameterError
from cms.delivery.answers import Answer, Part, Sought, from_ledger, part_of, remember_total, total_of
from cms.delivery.lines import line_of, whole, written
from cms.delivery.models import Listing, Published

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from django.http import HttpRequest, QueryDict
    from rest_framework.request import Request

    from cms.delivery.feed import State

KIND = "pages"
BEYOND = {AFTER, "site", "rich_text_format"}
FOR_VIEWS = (BEYOND - {AFTER}) | {"fallback", "format"}
USUAL, MOST_DIGITS = 20, 9


@dataclass(frozen=True)
class Cut:
    """The fields of an object that are asked for, in their order, and of its `parts` those that are not given whole.

    Fields in `meta` stand in the object of that name.
    """

    body: tuple[str, ...]
    meta: tuple[str, ...] = ()
    parts: dict[str, Cut] = field(default_factory=dict)

    def fits(self, most: Cut) -> bool:
        """Whether all of it is there to be cut from."""
        is_there = {*self.body, *self.meta} <= {*most.body, *most.meta}
        return is_there and all(name in most.parts and part.fits(most.parts[name]) for name, part in self.parts.items())

    def less(self, most: Cut) -> Cut:
        """The same, without what is said of parts that are given whole."""
        return replace(self, parts={name: part for name, part in self.parts.items() if part != most.parts.get(name)})

    def of(self, data: dict[str, Any]) -> dict[str, Any]:
        meta = {name: data["meta"][name] for name in self.meta if name in data.get("meta", {})}
        found = {name: self._part(name, data[name]) for name in self.body if name in data}
        return ({"id": found.pop("id")} if "id" in found else {}) | ({"meta": meta} if meta else {}) | found

    def text(self, payload: str) -> str:
        """The same of an object that the ledger has written, without reading more of it than the parts."""
        lines = [line for name in self.body if (line := self._line(payload, name))]
        if meta := [line for name in self.meta if (line := line_of(payload, name))]:
            lines.insert(self.body[:1] == ("id",), f'"meta":{{{",".join(meta)}}}')
        return f"{{{','.join(lines)}}}"

    def _line(self, payload: str, name: str) -> str | None:
        line = line_of(payload, name)
        if line is None or name not in self.parts:
            return line
        return f'"{name}":{written(self._part(name, json.loads(line[len(name) + 3 :])))}'

    def _part(self, name: str, value: Any) -> Any:
        part = self.parts.get(name)
        if part is None or value is None:
            return value
        return [part.of(row) for row in value] if isinstance(value, list) else part.of(value)


def cut_of(serialiser: Any) -> Cut:
    """What a serialiser would write. A field with a serialiser of its own is always written whole."""
    own = serialiser._declared_fields  # noqa: SLF001 - what Django REST framework keeps them in
    names, of_meta = serialiser.Meta.fields, set(serialiser.meta_fields)
    parts = serialiser.child_serializer_classes.items()
    return Cut(
        body=tuple(name for name in names if name not in of_meta),
        meta=tuple(name for name in names if name in of_meta),
        parts={name: cut_of(part) for name, part in parts if name not in own},
    )


@lru_cache(maxsize=1000)
def plan(view: Any, router: Any, model: Any, fields: str, *, is_detail: bool) -> Cut | None:
    """What to cut for the `fields` of a request; None where that is not all written. Raises `BadRequestError`."""
    try:
        config = parse_fields_parameter(fields) if fields else []
    except ValueError as error:
        raise BadRequestError(f"fields error: {error}") from error
    asked = cut_of(view._get_serializer_class(router, model, config, show_details=is_detail))  # noqa: SLF001 - as its views do
    most = cut_of(view._get_serializer_class(router, model, [("*", False, None)], show_details=True))  # noqa: SLF001 - as above
    return asked.less(most) if asked.fits(most) else None


def rows_of(view: Any, router: Any, part: Part, fields: str, asked_for: str | None = None) -> list[str] | None:
    """Pages as JSON, as a list shows them; None where not all is written that is asked for.

    Where a language is `asked_for`, each says whether it is in another one. Raises `BadRequestError`.
    """
    asked = plan(view, router, part.model, fields, is_detail=False)
    if asked is None:
        return None
    is_brief = asked == plan(view, router, part.model, "", is_detail=False)
    is_whole = bool(getattr(part.model, "api_fields", ())) and asked == plan(
        view, router, part.model, "*", is_detail=False
    )
    known = written_of(BRIEFS if is_brief else PAYLOADS, part.ids)
    if not known.keys() >= set(part.ids):
        return None
    rows = [known[pk][0] if is_brief or is_whole else asked.text(known[pk][0]) for pk in part.ids]
    if asked_for is None or "is_fallback" not in asked.meta:
        return rows
    return [with_fallback(row, is_fallback=known[pk][1] != asked_for) for row, pk in zip(rows, part.ids, strict=True)]


def text_of_list(meta: dict[str, Any], rows: Iterable[str]) -> str:
    return f'{{"meta":{written(meta)},"items":[{",".join(rows)}]}}'


class FromLedger:
    """A mixin of Wagtail's view of pages: what the ledger can answer is answered from it, the rest as ever."""

    @classmethod
    def as_view(cls, actions: Any = None, **options: Any) -> Any:
        view = super().as_view(actions, **options)  # type: ignore[misc]  # a mixin of views
        quick: dict[str | None, Callable[..., Answer | None]]
        quick = {"detail_view": partial(whole_detail, KIND), "listing_view": partial(quick_list, cls)}
        return from_ledger(view, quick.get((actions or {}).get("get")))

    def detail_view(self: Any, request: Request, pk: int) -> Any:
        return self.detail_from_ledger(request, pk) or super().detail_view(request, pk)  # type: ignore[misc]  # as above

    def listing_view(self: Any, request: Request) -> Any:
        return self.list_from_ledger(request) or super().listing_view(request)  # type: ignore[misc]  # as above

    def may_read(self, request: Request) -> bool:
        return bool(request.ledger) and not BEYOND & set(request.GET)

    def detail_from_ledger(self, request: Request, pk: int) -> Any:
        if not self.may_read(request) or "fallback" in request.GET:
            return None
        row = published(KIND, pk)
        asked = row and self.plan_for(request, apps.get_model(row.type))
        if not row or not asked:
            return None
        text = whole(row.payload, row.parent)
        return respond(row.answer(text if "fields" not in request.GET else asked.text(text)))

    def list_from_ledger(self: Any, request: Request) -> Any:
        if not self.may_read(request) or "random" in request.GET.get("order", ""):
            return None
        found = self.found(request)
        ids = list(self.paginator.paginate_queryset(found, request, view=self))
        view: Any = type(self)
        fields, router = request.GET.get("fields", ""), request.wagtailapi_router
        asked_for = request.GET.get("locale") if "fallback" in request.GET else None
        rows = rows_of(view, router, Part(found.model, ids, found.count()), fields, asked_for)
        if rows is None:
            return None
        text = text_of_list({"total_count": self.paginator.total_count}, rows)
        return respond(Answer(text.encode(), is_lasting="search" not in request.GET))

    def found(self: Any, request: Request) -> Any:
        """What is found, as a paginator asks for it; by a search anew each time, as its index follows later."""
        place = place_of(request.GET)
        if place is None or "search" in request.GET:
            return Found(self.all_found(), self.model_found)
        return Listed(
            key_of(request.GET, request.ledger), place, lambda: listed(request.GET, request.ledger) or self.sought()
        )

    def sought(self: Any) -> Sought:
        found = self.all_found()
        return Sought(found.model, found)

    def all_found(self: Any) -> Any:
        queryset = self.get_queryset()
        self.check_query_parameters(queryset)
        self.model_found = queryset.model
        return self.filter_queryset(queryset)

    def plan_for(self: Any, request: Request, model: Any) -> Cut | None:
        view: Any = type(self)
        return plan(view, request.wagtailapi_router, model, request.GET.get("fields", ""), is_detail=True)


def key_of(given: QueryDict, now: State) -> Hashable:
    """Under what the ids of a list are kept."""
    filters = sorted((name, tuple(values)) for name, values in given.lists() if name not in OF_ANSWERS)
    return now.version, tuple(filters)


# As text, because Django would take longer than the database. Names of tables, not what somebody has sent.
PAYLOADS = f"""
    SELECT object_id, payload, locale FROM {Published._meta.db_table}
    WHERE kind = '{KIND}' AND is_public AND is_current AND object_id IN (%s)
"""  # noqa: S608 - as above
BRIEFS = f"SELECT id, brief, locale FROM {Listing._meta.db_table} WHERE id IN (%s)"  # noqa: S608 - as above
ROW = f"""
    SELECT type, payload, parent, changed_at FROM {Published._meta.db_table}
    WHERE kind = %s AND object_id = %s AND is_public AND is_current
"""  # noqa: S608 - as above


def written_of(sql: str, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """What is written of pages and their languages, by their ids."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql % ",".join(["%s"] * len(ids)), list(ids))
        return {pk: (text, language) for pk, text, language in cursor.fetchall()}


class Row(NamedTuple):
    """A public object that is as it was written. SQLite gives the moment as text."""

    type: str
    payload: str
    parent: str
    changed_at: datetime | str

    def answer(self, text: str) -> Answer:
        moment = self.changed_at
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        return Answer(text.encode(), moment)


def published(kind: str, pk: int) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(ROW, [kind, pk])
        found = cursor.fetchone()
    return Row(*found) if found else None


def whole_detail(kind: str, request: HttpRequest, pk: int) -> Answer | None:
    """All of an object, where a request says nothing else: what is written needs no view."""
    row = None if request.GET else published(kind, pk)
    return row.answer(whole(row.payload, row.parent)) if row else None


class Found:
    """What is not kept, page by page as ids."""

    def __init__(self, results: Any, model: Any) -> None:
        self.results, self.model = results, model

    def count(self) -> int:
        return int(self.results.count())

    def __getitem__(self, part: slice) -> list[int]:
        return [page.pk for page in self.results[part]]


class Listed:
    """A list whose parts are kept, as paginators ask for it: how many there are, and what stands at the `place`."""

    def __init__(self, key: Hashable, place: tuple[int, int], find: Callable[[], Sought]) -> None:
        self.key, self.place, self.find = key, place, find

    @cached_property
    def part(self) -> Part:
        return cast("Part", part_of(self.key, *self.place, self.find))

    @property
    def model(self) -> Any:
        return self.part.model

    def count(self) -> int:
        return self.part.total

    def __getitem__(self, place: slice) -> Sequence[int]:
        return self.part.ids


def quick_list(view: Any, request: Any) -> Answer | None:
    """A list that needs no view: what is asked for is plain, or has been found before. None for all others."""
    given, place, fields = request.GET, place_of(request.GET), request.GET.get("fields", "")
    if place is None or "(" in fields or "%00" in request.META["QUERY_STRING"] or FOR_VIEWS & set(given):
        return None
    try:
        part, further = part_after(request, place[1]) if AFTER in given else (part_at(request, *place), {})
        rows = rows_of(view, request.wagtailapi_router, part, fields) if part else None
    except (BadRequestError, BadParameterError):
        return None  # the view says what is wrong
    if part is None or rows is None:
        return None
    return Answer(text_of_list({"total_count": part.total, **further}, rows).encode(), is_lasting="search" not in given)


def part_at(request: Any, start: int, size: int) -> Part | None:
    """A part of a list without what depends on a view; of a search anew each time, as its index follows later."""
    given, now = request.GET, request.ledger
    if "search" not in given:
        return part_of(key_of(given, now), start, size, lambda: listed(given, now))
    if not may_search(given):
        return None
    others = without(given, SEARCHED)
    among = part_of(key_of(others, now), 0, None, lambda: listed(others, now))
    ids = searched(given, among) if among else None
    return None if among is None or ids is None else Part(among.model, ids[start : start + size], len(ids))


def part_after(request: Any, size: int) -> tuple[Part | None, dict[str, Any]]:
    """From a place on, and where the list goes on: what is kept of it counts it, and does not find the place."""
    others, now = without(request.GET, [AFTER]), request.ledger
    sought = None if {"offset", "search"} & set(request.GET) else listed(others, now)
    if sought is None:
        return None, {}
    key = key_of(others, now)
    ids, total, place = listed_after(others, request.GET[AFTER], size, total_of(key))
    part = Part(sought.model, ids, total)
    remember_total(key, part)
    return part, {"next": next_address(request, place) if place else None}


def place_of(given: QueryDict) -> tuple[int, int] | None:
    """Where a page of a list begins, and how much is on it; None where that is not said plainly."""
    most = settings.WAGTAILAPI_LIMIT_MAX
    start, size = given.get("offset", "0"), given.get("limit", str(min(USUAL, most)))
    if not all(one.isascii() and one.isdecimal() and len(one) <= MOST_DIGITS for one in (start, size)):
        return None
    return (int(start), int(size)) if int(size) <= most else None


def with_fallback(text: str, *, is_fallback: bool) -> str:
    row = json.loads(text)
    row["meta"] = row.get("meta", {}) | {"is_fallback": is_fallback}
    return written(row)


def respond(answer: Answer) -> HttpResponse:
    response = HttpResponse()
    response.answer = answer  # type: ignore[attr-defined]  # `from_ledger` takes it from there
    return response
