"""The change feed over HTTP."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.csrf import csrf_exempt

from cms.core import memory
from cms.core.errors import for_reading_only, problem
from cms.delivery.feed import ParameterError, Selection, State, page_of, selection, state
from cms.delivery.lines import written
from cms.delivery.models import Entry
from cms.delivery.services import digest

if TYPE_CHECKING:
    from django.http import HttpRequest

READING = ("GET", "HEAD")
PAUSE = 0.5
# Threads of this process that may wait for a change at the same time: the others answer everybody else.
waiting = threading.BoundedSemaphore(settings.LEDGER_WAITING)


@csrf_exempt
def changes(request: HttpRequest) -> HttpResponse:
    """The entries after a version. With `wait`, answers once there are some, or after so many seconds."""
    if request.method not in READING:
        return for_reading_only()
    try:
        chosen = selection(request.GET.dict())
    except ParameterError as error:
        return problem(400, str(error), parameter=error.name)
    now = state()
    if now is None:
        return refused(503, "The ledger has not been begun yet.", "Retry-After", "5")
    if chosen.wait and waiting.acquire(blocking=False):
        try:
            now = wait_for(chosen, now)
        finally:
            waiting.release()
    return answer(request, chosen, now)


def refused(status: int, detail: str, header: str, value: str) -> HttpResponse:
    response = problem(status, detail)
    response[header] = value
    return response


def wait_for(chosen: Selection, now: State) -> State:
    """The state of the ledger when something was entered that was asked for, or when nobody waits any longer."""
    end = time.monotonic() + chosen.wait
    seen = chosen.since
    while not chosen.filter(Entry.objects.filter(version__gt=seen), now.version).exists():
        seen = max(seen, now.version)
        while now.version <= seen:
            if time.monotonic() >= end:
                return now
            time.sleep(min(PAUSE, max(0, end - time.monotonic())))
            with memory.checked_once():
                now = state() or now
    return now


def answer(request: HttpRequest, chosen: Selection, now: State) -> HttpResponse:
    etag = quote_etag(digest(str(now), str(chosen)))
    headers = {"ETag": etag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers=headers)
    items, following = page_of(chosen, now)
    text = written({"meta": {"version": now.version, "next": following}, "items": items})
    return HttpResponse(text, content_type="application/json", headers=headers)
