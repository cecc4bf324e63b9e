"""Whole pages that a process keeps: after each change, the HTML for readers without a session is made once.

A page is given again while the state of the site is the one under which it was made, and until the next moment at which
something looks different by itself (`docs/concepts/caches.md`). Whoever has a session gets a page of their own, and
leaves none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

from cms.core import keeping
from cms.delivery.answers import Shelf
from cms.delivery.feed import State, state
from cms.delivery.turns import next_turn

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Hashable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

HTML = "text/html"
# A kept page weighs more than its bytes: its address, its headers and what Python needs for them.
BESIDE = 2000


@dataclass(frozen=True)
class Stamp:
    """The state of the site, of which any change that readers may see makes another one: one is never there again."""

    ledger: State
    tokens: frozenset[tuple[str, object]]


@dataclass(frozen=True)
class Asked:
    """When a page was asked for, and in which state the site was then. None where nothing may be kept now."""

    stamp: Stamp | None
    at: datetime.datetime


@dataclass(frozen=True)
class KeptPage:
    """An answer as the middleware further in has left it; true in one state of the site, from `since` until `until`."""

    stamp: Stamp
    since: datetime.datetime
    until: datetime.datetime
    content: bytes
    headers: tuple[tuple[str, str], ...]

    def is_true(self, asked: Asked) -> bool:
        return self.stamp == asked.stamp and self.since <= asked.at < self.until

    @cached_property
    def etag(self) -> str:
        return quote_etag(sha256(self.content).hexdigest()[:32])

    def response(self) -> HttpResponse:
        return HttpResponse(self.content, headers=dict(self.headers))

    def answer(self, request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
        """The response, or 304 for whoever has it. Caches in front may give it to those with the same cookies."""
        age, stale = settings.LEDGER_SHARED_AGE, settings.LEDGER_STALE_AGE
        response["ETag"] = self.etag
        response["Cache-Control"] = f"public, max-age=0, s-maxage={age}, stale-while-revalidate={stale}"
        patch_vary_headers(response, ["Cookie"])
        return get_conditional_response(request, self.etag, None, response) or response


class KeptPagesMiddleware:
    """Stands before sessions and everything else that looks at who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.LEDGER_PAGES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        # Addresses with parameters are without number: they push out each other, and not the pages themselves.
        plain, asked = (Shelf[KeptPage](settings.LEDGER_PAGES // 2) for _half in range(2))
        self.shelves = {False: plain, True: asked}
        self.stamp: Stamp | None = None
        self.turn: tuple[Stamp, datetime.datetime] | None = None

    def __call__(self, request: Any) -> HttpResponseBase:
        if not is_for_anybody(request):
            return self.get_response(request)
        shelf = self.shelves[bool(request.META.get("QUERY_STRING"))]
        address = address_of(request)
        found = shelf.get(address)
        request.asked = self.asked() if found else None
        if found and found.is_true(request.asked):
            return found.answer(request, found.response())
        response: Any = self.get_response(request)
        asked = request.asked
        if not asked or not asked.stamp or not is_keepable(response):
            return response
        page = KeptPage(
            asked.stamp, asked.at, self.turn_after(asked), response.content, tuple(response.headers.items())
        )
        shelf.put(address, page, len(page.content) + BESIDE)
        return page.answer(request, response)

    def process_view(self, request: Any, view: Any, _args: Any, _options: Any) -> None:
        """What a page may be kept under is read before the page: what changes meanwhile makes another state."""
        if getattr(request, "asked", self) is None and keeping.is_marked(view):
            request.asked = self.asked()

    def asked(self) -> Asked:
        """Of another state of the site than the last one nothing is kept: it may have been erased since."""
        asked = Asked(stamp_now(), timezone.now())
        if asked.stamp != self.stamp:
            for shelf in self.shelves.values():
                shelf.clear()
            self.stamp = asked.stamp
        return asked

    def turn_after(self, asked: Any) -> datetime.datetime:
        """When the clock changes something next; looked up once in each state of the site, and once it is over."""
        known = self.turn
        if known is None or known[0] != asked.stamp or known[1] <= asked.at:
            known = self.turn = asked.stamp, next_turn(asked.at)
        return known[1]


def stamp_now() -> Stamp | None:
    """None where changes wait to be settled, nothing ever was, or which pages there are depends on the host."""
    now = state()
    if now is None or now.is_pending or now.sites != 1:
        return None
    return Stamp(now, frozenset(now.tokens.items()))


def is_for_anybody(request: Any) -> bool:
    """Whether a request may be answered with what others get: it reads, and brings no session and no message.

    What Wagtail shows as a preview goes through here under the address of the public page.
    """
    return (
        request.method in ("GET", "HEAD")
        and not getattr(request, "is_dummy", False)
        and not (request.COOKIES and own_cookies() & request.COOKIES.keys())
    )


def own_cookies() -> set[str]:
    """Those by which a page may differ. An answer with the token of a form, which has a cookie, too, is never kept."""
    return {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}


def address_of(request: HttpRequest) -> Hashable:
    return request.scheme, request.get_host(), request.get_full_path()


def is_keepable(response: Any) -> bool:
    """Whether an answer is the same for everybody.

    The view says so. What says otherwise is the matter of those who answer: a cookie that is set, as with the token of
    a form; a header by which it depends on a header of the request or may not be kept; and a number that is used once.
    """
    return (
        keeping.is_allowed(response)
        and response.status_code == HTTPStatus.OK
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith(HTML)
        and not response.cookies
        and not {"Vary", "Cache-Control"} & set(response.headers)
        and "'nonce-" not in response.headers.get("Content-Security-Policy", "")
        and missing_picture() not in response.content
    )


def missing_picture() -> bytes:
    """Where Wagtail says that a picture is whose file cannot be read at present."""
    return f"{settings.MEDIA_URL}not-found".encode()
