"""How often somebody may do something, counted in the cache and without keeping anybody's address."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class RateLimit:
    """At most `times` in `seconds` for each client address; the time runs from the first."""

    name: str
    times: int
    seconds: int

    def allows(self, request: HttpRequest) -> bool:
        """Count this attempt, and say whether it is within the limit."""
        key = f"limit-{self.name}-{salted_hmac(self.name, client_address(request)).hexdigest()}"
        if cache.add(key, 1, self.seconds):
            return True
        try:
            return cache.incr(key) <= self.times
        except ValueError:  # the entry ran out between the two calls
            cache.set(key, 1, self.seconds)
            return True


def client_address(request: HttpRequest) -> str:
    """The address of the reader, as the nearest machine that is not the reader's saw it.

    A request from a private address was handed on by a reverse proxy, which appends the address that it saw to
    `X-Forwarded-For`. What a request from anywhere else says there is not believed.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if _is_address(forwarded) and _is_private(address) else address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:  # a socket file has no address
        return not address
