from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from csp.middleware import CSPMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

LANGUAGE_NEUTRAL = {"admin", "api", "documents", "media", "static"}


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
