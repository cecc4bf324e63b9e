"""Wagtail's API v3 for members of staff: nobody else reads it, let alone writes."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from wagtail.api.v3.auth import BearerTokenAuth

from cms.core.errors import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Asks for a valid token before the view is called. By itself, API v3 takes a wrong one for none, and lets read."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or BearerTokenAuth().authenticate(request, token) is None:
            answer = problem(401, "Send a valid token as “Authorization: Bearer” and the token.")
            answer["WWW-Authenticate"] = 'Bearer realm="api"'
            return answer
        return view(request, *args, **kwargs)

    return checked
