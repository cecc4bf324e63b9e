from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from csp.middleware import CSPMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse

from cms.core import memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

LANGUAGE_NEUTRAL = {"admin", "api", "documents", "health", "media", "static"}


class MemoryMiddleware:
    """Ask once in a request whether what the process keeps in memory is still true."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with memory.checked_once():
            return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """As Django's, but what is missing at an address without languages is not looked for below a language."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        first = request.path_info.lstrip("/").partition("/")[0]
        if response.status_code == HTTPStatus.NOT_FOUND and first in LANGUAGE_NEUTRAL:
            return response
        return super().process_response(request, response)


class PublicContentSecurityPolicyMiddleware(CSPMiddleware):
    """A strict policy on everything but the admin, whose own scripts need inline code."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(reverse("wagtailadmin_home")):
            return response
        return super().process_response(request, response)
