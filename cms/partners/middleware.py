"""Who reads the public API: by a key or without one, and how much."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.urls import get_script_prefix
from django.utils.crypto import salted_hmac

from cms.core.errors import problem
from cms.core.throttling import client_address
from cms.partners import usage
from cms.partners.choices import SCOPES, Scope
from cms.partners.limits import DAY, MINUTE, Limit, Verdict, take
from cms.partners.services import BadKeyError, KeyFacts, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

API = "api/v2/"
# What scripts on pages of other sites may read of an answer.
EXPOSED = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"
HOUSEHOLD = 64  # bits of an IPv6 address; whoever has one has all below them


class PartnerMiddleware:
    """Before anything else is done for a request to the API: its key is checked, and it is counted.

    Anybody's page may read the API: answers say so to browsers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        root = f"{get_script_prefix()}{API}"
        if not request.path.startswith(root):
            return self.get_response(request)
        response = preflight() if request.method == "OPTIONS" else self.answer(request, request.path[len(root) :])
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        return response

    def answer(self, request: HttpRequest, path: str) -> HttpResponseBase:
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            verdicts = anonymous_verdicts(request)
            return self.within(request, verdicts)
        try:
            key = key_of(header)
        except BadKeyError as error:
            refusal = problem(401, str(error))
            refusal["WWW-Authenticate"] = 'Bearer realm="api", error="invalid_token"'
            return refusal
        verdicts = [take(f"key-{key.pk}", limit) for limit in limits_of(key)]
        scope = SCOPES.get(path.partition("/")[0], Scope.CONTENT)
        if scope in key.scopes:
            response = self.within(request, verdicts)
        else:
            response = problem(403, f"The key is not for “{scope}”. Ask whoever has issued it.")
        usage.count(key.pk, is_refused=response.status_code in {403, 429})
        return response

    def within(self, request: HttpRequest, verdicts: Sequence[Verdict]) -> HttpResponseBase:
        """The answer where all limits allow it."""
        broken = [verdict for verdict in verdicts if not verdict.is_allowed]
        if broken:
            wait = max(verdict.reset for verdict in broken)
            response: HttpResponseBase = problem(429, f"Too many requests. Go on in {wait} seconds.")
            response["Retry-After"] = str(wait)
        else:
            response = self.get_response(request)
        if verdicts:
            response["RateLimit-Policy"] = ", ".join(
                f'"{one.limit.name}";q={one.limit.most};w={one.limit.seconds}' for one in verdicts
            )
            response["RateLimit"] = ", ".join(f'"{one.limit.name}";r={one.left};t={one.reset}' for one in verdicts)
        return response


def preflight() -> HttpResponse:
    """What a browser asks before it sends a key to another site."""
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = "Authorization, If-None-Match, If-Modified-Since"
    response["Access-Control-Max-Age"] = str(DAY)
    return response


def limits_of(key: KeyFacts) -> list[Limit]:
    return [Limit("minute", key.rate, MINUTE), Limit("day", key.quota, DAY)]


def anonymous_verdicts(request: HttpRequest) -> list[Verdict]:
    """By the address, of which only a digest is kept; nothing where there is no limit."""
    if not settings.API_ANONYMOUS_RATE:
        return []
    subject = salted_hmac("api", household(client_address(request)), algorithm="sha256").hexdigest()
    return [take(subject, Limit("minute", settings.API_ANONYMOUS_RATE, MINUTE))]


def household(address: str) -> str:
    """Whom an address belongs to. IPv4 may be written as IPv6, as sockets for both do it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.IPv6Network((int(found), HOUSEHOLD), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
