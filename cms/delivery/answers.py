"""Answers that a process keeps under the version of the ledger: always right, and forgotten with it."""

from __future__ import annotations

import hashlib
import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from cms.delivery.feed import state

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterable
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

JSON = "application/json"
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


class Ids:
    """The ids of all objects of a model that a list holds, in its order; pages of it are cut as of a queryset."""

    def __init__(self, model: Any, ids: Iterable[int]) -> None:
        self.model = model
        self.ids = array("q", ids)

    def count(self) -> int:
        return len(self.ids)

    def __getitem__(self, part: slice) -> array[int]:
        return self.ids[part]


@dataclass(frozen=True)
class Answer:
    """What a request is answered; `changed_at` where it tells of one object.

    It lasts as long as the version of the ledger, unless it depends on something that follows later than that.
    """

    content: bytes
    changed_at: datetime | None = None
    is_lasting: bool = True

    def respond(self, request: HttpRequest) -> HttpResponseBase:
        age, stale = settings.LEDGER_SHARED_AGE, settings.LEDGER_STALE_AGE
        headers = {
            "ETag": quote_etag(self.etag),
            "Cache-Control": f"public, max-age=0, s-maxage={age}, stale-while-revalidate={stale}",
        }
        moment = int(self.changed_at.timestamp()) if self.changed_at else None
        if moment is not None:
            headers["Last-Modified"] = http_date(moment)
        response = HttpResponse(self.content, content_type=JSON, headers=headers)
        return get_conditional_response(request, headers["ETag"], moment, response) or response

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:32]


answers: Shelf[Answer] = Shelf(settings.LEDGER_ANSWERS)
lists: Shelf[Ids] = Shelf(settings.LEDGER_LISTS)


def forget() -> None:
    """Empty the memory of this process."""
    answers.clear()
    lists.clear()


def kept_ids(key: Hashable, find: Callable[[], Ids | None]) -> Ids | None:
    """The ids that `find` gives; found once for each key, which holds the version of the ledger."""
    found = lists.get(key)
    if found is None:
        found = find()
        if found is not None:
            lists.put(key, found, 8 * found.count() + 500)
    return found


def from_ledger(view: Callable[..., Any], quick: Callable[..., Answer | None] | None = None) -> Callable[..., Any]:
    """A view that may answer with an `Answer` in the `answer` of its response, which is kept for the next request.

    `quick` may know one before the view is asked.

    It finds the state of the ledger in the request; None where that cannot answer: something waits to be settled,
    nothing ever was, or which pages there are depends on the host of the request.
    """

    @wraps(view)
    def answered(request: Any, *arguments: Any, **options: Any) -> HttpResponseBase:
        now = state() if request.method in ("GET", "HEAD") else None
        if now:
            answers.turn_to(now.version)
            lists.turn_to(now.version)
        request.ledger = now if now and not now.is_pending and now.sites == 1 else None
        key = (now, request.get_full_path())
        found = answers.get(key) if request.ledger else None
        if found is not None:
            return found.respond(request)
        found = quick(request, *arguments, **options) if quick and request.ledger else None
        response: HttpResponseBase | None = None if found else view(request, *arguments, **options)
        found = found or getattr(response, "answer", None)
        if found is None:
            return cast("HttpResponseBase", response)
        if found.is_lasting:
            answers.put(key, found, len(found.content) + 500)
        return found.respond(request)

    return answered


def kept(view: Callable[..., Any], passing: Container[str] = ()) -> Callable[..., Any]:
    """A view that gives JSON which is the same for everybody and changes with the ledger alone.

    Its answers are kept, but for those to requests with a parameter that is `passing`: these follow the clock, an index
    of words or chance.
    """

    @wraps(view)
    def told(request: Any, *arguments: Any, **options: Any) -> HttpResponseBase:
        response: Any = view(request, *arguments, **options)
        if request.ledger and response.status_code == HTTPStatus.OK:
            if hasattr(response, "render"):
                response.render()
            response.answer = Answer(response.content, is_lasting=not any(name in passing for name in request.GET))
        return cast("HttpResponseBase", response)

    return from_ledger(told)
