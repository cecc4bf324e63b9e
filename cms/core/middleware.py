from __future__ import annotations

from typing import TYPE_CHECKING

from csp.middleware import CSPMiddleware
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class PublicContentSecurityPolicyMiddleware(CSPMiddleware):
    """A strict policy on everything but the admin, whose own scripts need inline code."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(reverse("wagtailadmin_home")):
            return response
        return super().process_response(request, response)
