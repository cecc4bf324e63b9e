"""Answers that a process keeps under the version of the ledger: always right, and forgotten with it."""

from __future__ import annotations

import hashlib
import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from django.conf import settings
from django.db.models import Count, IntegerField, Subquery, Window
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_etags, quote_etag

from cms.delivery.feed import state

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Sequence
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Quick = Callable[..., "Answer | None"]

JSON = "application/json"
OTHER_CONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
CONDITIONS = OTHER_CONDITIONS | {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
T = TypeVar("T")


class Shelf(Generic[T]):
    """What was used last under one version of the ledger, up to a weight in all; the rest is forgotten.

    Threads share it.
    """

    def __init__(self, room: int) -> None:
        self.room, self.weight, self.version = room, 0, 0
        self.kept: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        with self.lock:
            if key not in self.kept:
                return None
            self.kept.move_to_end(key)
            return self.kept[key][1]

    def put(self, key: Hashable, value: T, weight: int) -> None:
        with self.lock:
            self.weight -= self.kept.pop(key, (0, None))[0]
            self.kept[key] = weight, value
            self.weight += weight
            while self.weight > self.room:
                self.weight -= self.kept.popitem(last=False)[1][0]

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()
            self.weight = 0

    def turn_to(self, version: int) -> None:
        """Forget what is kept under another version: nobody is given it again, and it may have been erased since."""
        if self.version != version:
            self.clear()
            self.version = version


class Counted(Subquery):
    """How many rows another query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class Sought(NamedTuple):
    """The objects that a list holds, as those of a model: `rows` is a query that has their keys in the field `key`.

    Where it is narrowed, few rows are counted while they are looked for; else an index counts many by itself.
    """

    model: Any
    rows: Any
    is_narrowed: bool = True
    key: str = "pk"

    def counted(self) -> Any:
        """With how many there are as the `total` of each row."""
        if self.is_narrowed:
            # The condition, which all fulfil, has them found before some of them are taken: PostgreSQL would look for a
            # few of many as if they were not counted, one by one.
            return self.rows.annotate(total=Window(Count("*"))).filter(total__gt=0)
        return self.rows.annotate(total=Counted(self.rows.order_by().values("pk")))


@dataclass(frozen=True)
class Part:
    """Some of the ids that a list of objects of a model holds, in its order, and how many it holds in all."""

    model: Any
    ids: Sequence[int]
    total: int


def shared() -> str:
    """How long shared caches may give an answer."""
    age, stale = settings.LEDGER_SHARED_AGE, settings.LEDGER_STALE_AGE
    return f"public, max-age=0, s-maxage={age}, stale-while-revalidate={stale}"


@dataclass(frozen=True)
class Answer:
    """What a request is answered; `changed_at` where it tells of one object.

    It lasts as long as the version of the ledger, unless it depends on something that follows later than that.
    """

    content: bytes
    changed_at: datetime | None = None
    is_lasting: bool = True

    def respond(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.META
        if asked.get("HTTP_IF_NONE_MATCH") == self.headers["ETag"] and not OTHER_CONDITIONS & asked.keys():
            return HttpResponseNotModified(headers=self.headers)  # what most ask who have it, in the shortest way
        response = HttpResponse(self.content, headers=self.headers_of_content)
        if not CONDITIONS & asked.keys():
            return response
        return get_conditional_response(request, self.headers["ETag"], self.moment, response) or response

    @property
    def moment(self) -> int | None:
        return int(self.changed_at.timestamp()) if self.changed_at else None

    @cached_property
    def headers(self) -> dict[str, str]:
        changed = {} if self.moment is None else {"Last-Modified": http_date(self.moment)}
        return {"ETag": quote_etag(self.etag), "Cache-Control": shared()} | changed

    @cached_property
    def headers_of_content(self) -> dict[str, str]:
        return self.headers | {"Content-Type": JSON, "Content-Length": str(len(self.content))}

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:32]


answers: Shelf[Answer] = Shelf(settings.LEDGER_ANSWERS)
lists: Shelf[Part] = Shelf(settings.LEDGER_LISTS)


def forget() -> None:
    """Empty the memory of this process."""
    answers.clear()
    lists.clear()


def part_of(key: Hashable, start: int, size: int | None, find: Callable[[], Sought | None]) -> Part | None:
    """So many ids of a list from a place on, all for None; None where `find` does not know the list.

    A part is kept under the key of its list, which holds the version of the ledger. It takes one query, which counts
    the list as well where that has not been done before.
    """
    part = lists.get((key, start, size))
    if part is None:
        sought = find()
        if sought is None:
            return None
        part = read(sought, slice(start, None if size is None else start + size), total_of(key))
        lists.put((key, start, size), part, 8 * len(part.ids) + 500)
        remember_total(key, part)
    return part


def total_of(key: Hashable) -> int | None:
    """How many objects a list holds, as far as that is kept."""
    counted = lists.get(key)
    return counted.total if counted else None


def remember_total(key: Hashable, part: Part) -> None:
    lists.put(key, Part(part.model, (), part.total), 500)


def read(sought: Sought, place: slice, total: int | None) -> Part:
    """The ids at a place, counted with them; behind the end of the list, where there are none, by themselves."""
    model, rows = sought.model, sought.rows
    if place.start == place.stop:
        return Part(model, (), rows.count() if total is None else total)
    if total is not None or place.stop is None:
        ids = array("q", rows.values_list(sought.key, flat=True)[place])
        return Part(model, ids, len(ids) if total is None else total)
    found = list(sought.counted().values_list(sought.key, "total")[place])
    return Part(model, array("q", (pk for pk, _total in found)), found[0][1] if found else rows.count())


def known(request: Any) -> Answer | None:
    """What is kept as the answer to a request.

    It finds the state of the ledger in the request; None where that cannot answer: something waits to be settled,
    nothing ever was, or which pages there are depends on the host of the request.
    """
    now = state() if request.method in ("GET", "HEAD") else None
    if now:
        answers.turn_to(now.version)
        lists.turn_to(now.version)
    request.ledger = now if now and not now.is_pending and now.sites == 1 else None
    return answers.get(key_of(request)) if request.ledger else None


def remember(request: Any, found: Answer) -> Answer:
    """Keep an answer for the next request of the same."""
    if found.is_lasting:
        answers.put(key_of(request), found, len(found.content) + 500)
    return found


def key_of(request: Any) -> Hashable:
    return request.ledger, request.path, request.META.get("QUERY_STRING", "")


def from_ledger(view: Callable[..., Any], quick: Quick | None = None) -> Callable[..., Any]:
    """A view that may answer with an `Answer` in the `answer` of its response, which is kept for the next request.

    `quick` may know one before the view is asked: `cms.api.middleware` asks it.
    """

    @wraps(view)
    def answered(request: Any, *arguments: Any, **options: Any) -> HttpResponseBase:
        response = view(request, *arguments, **options)
        found = getattr(response, "answer", None)
        return cast("HttpResponseBase", remember(request, found).respond(request) if found else response)

    answered.quick = quick  # type: ignore[attr-defined]  # as above
    return answered


def kept(view: Callable[..., Any], passing: Container[str] = (), quick: Quick | None = None) -> Callable[..., Any]:
    """A view that gives JSON which is the same for everybody and changes with the ledger alone.

    Its answers are kept, but for those to requests with a parameter that is `passing`: these follow the clock, an index
    of words or chance. `quick` is as of `from_ledger`.
    """

    @wraps(view)
    def told(request: Any, *arguments: Any, **options: Any) -> HttpResponseBase:
        response: Any = view(request, *arguments, **options)
        if request.ledger and response.status_code == HTTPStatus.OK:
            if hasattr(response, "render"):
                response.render()
            response.answer = Answer(response.content, is_lasting=not any(name in passing for name in request.GET))
        return cast("HttpResponseBase", response)

    return from_ledger(told, quick)


def by_version(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose answers change with the ledger alone, and are too long to be kept.

    The ETag is one of the version, the address and what the client accepts: who has it is answered without the view.
    """

    @wraps(view)
    def told(request: Any, *arguments: Any, **options: Any) -> HttpResponseBase:
        now = getattr(request, "ledger", None)
        if not now:
            return cast("HttpResponseBase", view(request, *arguments, **options))
        asked = "\0".join([str(now.version), request.get_full_path(), request.headers.get("Accept", "")])
        etag = quote_etag(hashlib.sha256(asked.encode()).hexdigest()[:32])
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response: Any = HttpResponseNotModified()
        else:
            response = view(request, *arguments, **options)
        if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            response["ETag"], response["Cache-Control"] = etag, shared()
            patch_vary_headers(response, ["Accept"])
        return cast("HttpResponseBase", response)

    return told
