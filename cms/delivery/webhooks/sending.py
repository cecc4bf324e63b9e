"""One request to an address that somebody from outside has given: signed, short, and never into the own network."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

PORTS = {"https": 443, "http": 80}
READ = 1024


class RefusedError(Exception):
    """An address to which nothing is sent; the sentence says why."""


@dataclass(frozen=True)
class Outcome:
    """What became of a request: the status of the answer, or in words why there was none."""

    status: int | None
    problem: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - what HTTP calls success

    @property
    def is_gone(self) -> bool:
        """The receiver wants nothing any more."""
        return self.status == http.client.GONE


def checked(url: str) -> SplitResult:
    """The parts of an address to which something may be sent. Raises `RefusedError`."""
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port != 0
    except ValueError:
        raise RefusedError("This is no web address.") from None
    if parts.scheme not in PORTS or not parts.hostname or not port_is_valid:
        raise RefusedError("This is no web address.")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("An address must not hold a name or a password.")
    if parts.scheme != "https" and not settings.WEBHOOK_MAY_STAY_INSIDE:
        raise RefusedError("The address must begin with https://.")
    return parts


def resolved(parts: SplitResult) -> str:
    """The network address of a host, to which the connection is then made: it is not looked up a second time.

    Raises `RefusedError` if any address of the host is private, of this machine, or not of the public network.
    """
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise RefusedError("There is no host of this name.") from None
    if not settings.WEBHOOK_MAY_STAY_INSIDE and not all(map(is_public, found)):
        raise RefusedError("The host is not in the public network.")
    return min(found, key=lambda address: (":" in address, address))


def is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    is_local = inner.is_multicast or inner.is_reserved or getattr(inner, "is_site_local", False)
    return bool(inner.is_global and address.is_global and not is_local)


class Connection(http.client.HTTPConnection):
    """A connection to a network address in the name of a host; over TLS, the certificate is that of the host."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(str(parts.hostname), parts.port or PORTS[parts.scheme], timeout=settings.WEBHOOK_TIMEOUT)
        self.address, self.scheme = address, parts.scheme

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def signatures(secrets: Iterable[str], number: str, moment: datetime, body: str) -> str:
    return " ".join(Webhook(secret).sign(number, moment, body) for secret in secrets)


def send(url: str, number: str, body: str, secrets: Iterable[str]) -> Outcome:
    """Post a message. Redirects are not followed, and of the answer only the status counts."""
    moment = timezone.now()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "shared-practice-webhooks",
        "webhook-id": number,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signatures(secrets, number, moment, body),
    }
    try:
        parts = checked(url)
        connection = Connection(parts, resolved(parts))
    except RefusedError as refusal:
        return Outcome(None, str(refusal))
    try:
        path = SplitResult("", "", parts.path or "/", parts.query, "").geturl()
        connection.request("POST", path, body.encode(), headers)
        answer = connection.getresponse()
        answer.read(READ)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return Outcome(None, f"{type(error).__name__}: {error}"[:300])
    finally:
        connection.close()
    return Outcome(answer.status)
