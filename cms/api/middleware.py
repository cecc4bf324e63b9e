"""What the ledger knows by itself is answered before sessions, languages and forms are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import Resolver404, resolve

from cms.api.router import api_router
from cms.delivery.answers import Answer, known, remember

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

API = "/api/v2/"


class LedgerMiddleware:
    """The public API is the same for everybody: what has an answer here needs none of the middleware behind.

    It finds the state of the ledger for the views, too. A host that is not ours is refused, as behind.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(API):
            return self.get_response(request)
        request.get_host()
        found = known(request) or self.found_quickly(request)
        return found.respond(request) if found else self.get_response(request)

    def found_quickly(self, request: Any) -> Answer | None:
        if request.ledger is None:
            return None
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return None
        quick = getattr(match.func, "quick", None)
        request.wagtailapi_router = api_router
        found = quick(request, *match.args, **match.kwargs) if quick else None
        return remember(request, found) if found else None
