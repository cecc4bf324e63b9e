"""How long somebody stays signed in, and what is open to those who still owe a second factor."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.users.accounts import has_second_factor, needs_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
SECONDS_BETWEEN_NOTES = 60
LIST_EXPORTED = "users.list_exported"
LONGEST_QUERY = 1000
# What a window that is left open asks for by itself is no activity.
BY_ITSELF = "wagtailadmin_editing_sessions"
OPEN_TO_ALL = {
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_password_reset",
}
ACCOUNT_VIEWS = ("account_", "mfa_", "usersessions_", "invitation")


class SessionLifeMiddleware:
    """End the session of somebody who was away too long, or who signed in too long ago; note when they were here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not is_signed_in(request):
            return
        now = time.time()
        signed_in = request.session.setdefault(SIGNED_IN_AT, now)
        seen = request.session.get(SEEN_AT, signed_in)
        if now - signed_in > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
            if is_administration(request):
                messages.info(request, _("Your session has ended for your safety. Sign in again to go on."))
            return
        is_activity = BY_ITSELF not in getattr(request.resolver_match, "namespaces", [])
        if is_activity and (SEEN_AT not in request.session or now - seen > SECONDS_BETWEEN_NOTES):
            request.session[SEEN_AT] = now
            UserSession.objects.create_from_request(request)


class SecondFactorMiddleware:
    """Whoever has a role that asks for a second factor, and has none, is led to add one.

    Until then the pages of the own account are open, the administration is not, and the rest of the site takes them for
    a reader without an account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        name = getattr(request.resolver_match, "view_name", "") or ""
        if not settings.MFA_REQUIRED_ROLES or not is_signed_in(request):
            return None
        if name in OPEN_TO_ALL or name.startswith(ACCOUNT_VIEWS):
            return None
        user: Any = request.user
        if not needs_second_factor(user) or has_second_factor(user):
            return None
        if not is_administration(request):
            request.user = AnonymousUser()
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        return redirect("mfa_index")


class ExportLogMiddleware:
    """Note who has taken a list out of the administration as a file, and which."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_file = "attachment" in response.headers.get("Content-Disposition", "")
        if is_file and request.GET.get("export") and is_administration(request) and is_signed_in(request):
            facts = {"path": request.path, "query": request.GET.urlencode()[:LONGEST_QUERY]}
            log(instance=request.user, action=LIST_EXPORTED, user=request.user, data=facts)
        return response


def is_signed_in(request: HttpRequest) -> bool:
    """Whoever brings no cookie is not. The session is not looked at then, so that caches may keep the answer."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def is_administration(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("wagtailadmin_home"))
