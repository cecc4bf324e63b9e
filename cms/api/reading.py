"""Answers about pages out of the ledger: which fields are asked for, cut from what is written there.

What is asked is read by Wagtail's own code, with its errors; only the work of serialising is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.http import HttpResponse
from wagtail.api.v2.utils import BadRequestError, parse_fields_parameter

from cms.api.cursors import AFTER
from cms.delivery.answers import Answer, from_ledger, kept_ids
from cms.delivery.models import Published
from cms.delivery.services import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from rest_framework.request import Request

KIND = "pages"
BEYOND = {AFTER, "site", "rich_text_format"}
OF_ANSWERS = {"fields", "limit", "offset", "_", "format"}


@dataclass(frozen=True)
class Cut:
    """The fields of an object that are asked for, and those of the rows that are part of it."""

    names: frozenset[str]
    parts: dict[str, Cut] = field(default_factory=dict)

    def fits(self, most: Cut) -> bool:
        """Whether all of it is there to be cut from."""
        return self.names <= most.names and all(
            name in most.parts and part.fits(most.parts[name]) for name, part in self.parts.items()
        )

    def of(self, data: dict[str, Any]) -> dict[str, Any]:
        meta = {name: value for name, value in data.get("meta", {}).items() if name in self.names}
        found = {name: self._part(name, value) for name, value in data.items() if name in self.names}
        return ({"id": found.pop("id")} if "id" in found else {}) | ({"meta": meta} if meta else {}) | found

    def _part(self, name: str, value: Any) -> Any:
        part = self.parts.get(name)
        if part is None or value is None:
            return value
        return [part.of(row) for row in value] if isinstance(value, list) else part.of(value)


def cut_of(serialiser: Any) -> Cut:
    """What a serialiser would write. A field with a serialiser of its own is always written whole."""
    own = serialiser._declared_fields  # noqa: SLF001 - what Django REST framework keeps them in
    parts = serialiser.child_serializer_classes.items()
    return Cut(frozenset(serialiser.Meta.fields), {name: cut_of(part) for name, part in parts if name not in own})


@lru_cache(maxsize=1000)
def plan(view: Any, router: Any, model: Any, fields: str, *, is_detail: bool) -> Cut | None:
    """What to cut for the `fields` of a request; None where that is not all written. Raises `BadRequestError`."""
    try:
        config = parse_fields_parameter(fields) if fields else []
    except ValueError as error:
        raise BadRequestError(f"fields error: {error}") from error
    asked = cut_of(view._get_serializer_class(router, model, config, show_details=is_detail))  # noqa: SLF001 - as its views do
    most = cut_of(view._get_serializer_class(router, model, [("*", False, None)], show_details=True))  # noqa: SLF001 - as above
    return asked if asked.fits(most) else None


class FromLedger:
    """A mixin of Wagtail's view of pages: what the ledger can answer is answered from it, the rest as ever."""

    @classmethod
    def as_view(cls, actions: Any = None, **options: Any) -> Any:
        view = super().as_view(actions, **options)  # type: ignore[misc]  # a mixin of views
        return from_ledger(view, whole_detail if (actions or {}).get("get") == "detail_view" else None)

    def detail_view(self: Any, request: Request, pk: int) -> Any:
        return self.detail_from_ledger(request, pk) or super().detail_view(request, pk)  # type: ignore[misc]  # as above

    def listing_view(self: Any, request: Request) -> Any:
        return self.list_from_ledger(request) or super().listing_view(request)  # type: ignore[misc]  # as above

    def may_read(self, request: Request) -> bool:
        return bool(request.ledger) and not BEYOND & set(request.GET)

    def detail_from_ledger(self, request: Request, pk: int) -> Any:
        if not self.may_read(request) or "fallback" in request.GET:
            return None
        row = published(pk)
        asked = row and self.plan_for(request, apps.get_model(row.type), is_detail=True)
        if not row or not asked:
            return None
        text = row.whole if "fields" not in request.GET else written(asked.of(json.loads(row.whole)))
        return respond(Answer(text.encode(), row.changed_at))

    def list_from_ledger(self: Any, request: Request) -> Any:
        if not self.may_read(request) or "random" in request.GET.get("order", ""):
            return None
        found = self.found(request)
        ids = list(self.paginator.paginate_queryset(found, request, view=self))
        asked = self.plan_for(request, found.model, is_detail=False)
        columns = ("object_id", "locale", "payload")
        known = Published.objects.filter(kind=KIND, object_id__in=ids, is_public=True, is_current=True)
        rows = {pk: (locale, payload) for pk, locale, payload in known.values_list(*columns)}
        if asked is None or not rows.keys() >= set(ids):
            return None
        items = ",".join(self.rows(request, asked, found.model, [rows[pk] for pk in ids]))
        text = f'{{"meta":{{"total_count":{self.paginator.total_count}}},"items":[{items}]}}'
        return respond(Answer(text.encode(), is_lasting="search" not in request.GET))

    def found(self: Any, request: Request) -> Any:
        """The ids of what is found; of a search anew each time, as its index follows later than the ledger."""
        if "search" in request.GET:
            return Found(self.all_found(), self.model_found)
        filters = sorted((name, tuple(given)) for name, given in request.GET.lists() if name not in OF_ANSWERS)
        return kept_ids((request.ledger.version, tuple(filters)), self.all_found)

    def all_found(self: Any) -> Any:
        queryset = self.get_queryset()
        self.check_query_parameters(queryset)
        self.model_found = queryset.model
        return self.filter_queryset(queryset)

    def rows(self: Any, request: Request, asked: Cut, model: Any, found: Iterable[tuple[str, str]]) -> Iterable[str]:
        """Each row of a list as JSON; as it is written where all of it is asked for."""
        view: Any = type(self)
        is_whole = asked == plan(view, request.wagtailapi_router, model, "*", is_detail=False)
        is_whole = is_whole and bool(getattr(model, "api_fields", ()))
        language = request.GET.get("locale") if "fallback" in request.GET and "is_fallback" in asked.names else None
        for locale, payload in found:
            text = payload if is_whole else written(asked.of(json.loads(payload)))
            yield with_fallback(text, is_fallback=locale != language) if language is not None else text

    def plan_for(self: Any, request: Request, model: Any, *, is_detail: bool) -> Cut | None:
        view: Any = type(self)
        return plan(view, request.wagtailapi_router, model, request.GET.get("fields", ""), is_detail=is_detail)


ROW = f"""
    SELECT id, type, payload, parent, changed_at FROM {Published._meta.db_table}
    WHERE kind = %s AND object_id = %s AND is_public AND is_current
"""  # noqa: S608 - the name of a table, not what somebody has sent


def published(pk: int) -> Published | None:
    """A public page that is as it was written. As text, because Django would take longer than the database."""
    return next(iter(Published.objects.raw(ROW, [KIND, pk])), None)


def whole_detail(request: HttpRequest, pk: int) -> Answer | None:
    """All of a page, where a request says nothing else: what is written needs no view."""
    row = None if request.GET else published(pk)
    return Answer(row.whole.encode(), row.changed_at) if row else None


class Found:
    """What a search found, page by page as ids."""

    def __init__(self, results: Any, model: Any) -> None:
        self.results, self.model = results, model

    def count(self) -> int:
        return int(self.results.count())

    def __getitem__(self, part: slice) -> list[int]:
        return [page.pk for page in self.results[part]]


def with_fallback(text: str, *, is_fallback: bool) -> str:
    row = json.loads(text)
    row["meta"] = row.get("meta", {}) | {"is_fallback": is_fallback}
    return written(row)


def respond(answer: Answer) -> HttpResponse:
    response = HttpResponse()
    response.answer = answer  # type: ignore[attr-defined]  # `from_ledger` takes it from there
    return response
