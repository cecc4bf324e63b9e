"""One request: where it may go, what it says, how it is signed, and what counts as delivered; no database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import socket
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from cms.delivery.models import Subscription
from cms.delivery.webhooks import services
from cms.delivery.webhooks.sending import Outcome, RefusedError, checked, is_public, resolved, send, signatures

if TYPE_CHECKING:
    from collections.abc import Callable

Found = tuple[Any, Any, int, str, tuple[str, int]]


def answering(*addresses: str) -> Callable[..., list[Found]]:
    """What the system answers of a name that has these network addresses."""
    return lambda *_args, **_options: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses
    ]


# Addresses


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port"),
    [
        ("https://example.org", "https", "example.org", None),
        ("HTTPS://Example.ORG/Hook", "https", "example.org", None),
        ("https://example.org:8443/hook?for=us", "https", "example.org", 8443),
        ("https://example.org:/hook", "https", "example.org", None),
        ("https://[2606:2800:220:1::1]:444/", "https", "2606:2800:220:1::1", 444),
        ("https://müller.example/", "https", "müller.example", None),
    ],
)
def test_an_address_is_taken_apart(url: str, scheme: str, host: str, port: int | None) -> None:
    parts = checked(url)
    assert (parts.scheme, parts.hostname, parts.port) == (scheme, host, port)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://example.org:70000/", "This is no web address."),
        ("https://example.org:-1/", "This is no web address."),
        ("https://example.org:https/", "This is no web address."),
        ("mailto:clerk@example.org", "This is no web address."),
        ("https://@example.org/", "An address must not hold a name or a password."),
        ("https://:word@example.org/", "An address must not hold a name or a password."),
        ("http://name@example.org/", "An address must not hold a name or a password."),
        ("http://example.org/", "The address must begin with https://."),
    ],
)
def test_a_refusal_says_what_is_wrong_with_an_address(url: str, problem: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        checked(url)
    assert str(refusal.value) == problem
    assert send(url, "1", "{}", [services.new_secret()]) == Outcome(None, problem)


def test_the_plain_web_is_for_receivers_in_the_own_network_alone(settings: Any) -> None:
    settings.WEBHOOK_MAY_STAY_INSIDE = True
    assert checked("http://receiver:8000/").port == 8000
    with pytest.raises(RefusedError, match="name or a password"):
        checked("http://name:word@receiver:8000/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("100.63.255.255", True),
        ("100.64.0.0", False),
        ("100.127.255.255", False),
        ("100.128.0.0", True),
        ("172.15.255.255", True),
        ("172.31.255.255", False),
        ("172.32.0.0", True),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::ffff:8.8.8.8", True),
        ("::ffff:192.168.0.1", False),
        ("2002:808:808::1", True),
        ("2002:a00:1::1", False),
        ("64:ff9b::a00:1", False),
        ("2001:db8::1", False),
        ("2001:0:a00:1::", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("ff0e::1", False),
    ],
)
def test_addresses_at_the_bounds_of_the_public_network(address: str, *, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        (["8.8.8.8"], "8.8.8.8"),
        (["2606:2800:220:1::1", "93.184.216.34"], "93.184.216.34"),
        (["2606:2800:220:1::2", "2606:2800:220:1::1"], "2606:2800:220:1::1"),
        (["8.8.8.8", "10.0.0.1"], None),
        (["fe80::1%2", "8.8.8.8"], None),
    ],
)
def test_a_host_is_out_of_reach_if_any_of_its_addresses_is_inside(
    monkeypatch: pytest.MonkeyPatch, found: list[str], chosen: str | None
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(*found))
    if chosen is None:
        with pytest.raises(RefusedError, match="not in the public network"):
            resolved(checked("https://example.org/"))
    else:
        assert resolved(checked("https://example.org/")) == chosen


@pytest.mark.parametrize("error", [socket.gaierror("no such host"), UnicodeError("label too long")])
def test_a_host_without_an_address_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    outcome = send("https://nowhere.example/", "1", "{}", [services.new_secret()])
    assert outcome == Outcome(None, "There is no host of this name.")


# Signatures


def test_a_signature_is_that_of_standard_webhooks() -> None:
    """Computed here from the text of the specification, without its library."""
    moment, body = datetime(2021, 5, 17, 12, tzinfo=UTC), '{"title":"Кітап"}'
    keys = [bytes(range(32)), bytes(range(32, 64))]
    signed = f"7-12.{int(moment.timestamp())}.{body}".encode()
    expected = [f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}" for key in keys]
    secrets = [f"whsec_{base64.b64encode(key).decode()}" for key in keys]
    assert signatures(secrets, "7-12", moment, body).split(" ") == expected
    assert signatures(secrets[:1], "7-13", moment, body) not in expected


def test_a_secret_is_as_long_as_the_digest_and_made_anew() -> None:
    secrets = [services.new_secret() for _number in range(3)]
    assert len(set(secrets)) == 3
    assert {len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in secrets} == {32}


@pytest.mark.parametrize(
    ("previous", "hours", "valid"),
    [("old", 1, ["new", "old"]), ("old", -1, ["new"]), ("old", None, ["new"]), ("", 1, ["new"]), ("", None, ["new"])],
)
def test_the_secret_before_signs_until_its_time_is_over(previous: str, hours: int | None, valid: list[str]) -> None:
    until = None if hours is None else timezone.now() + timedelta(hours=hours)
    subscription = Subscription(secret="new", previous_secret=previous, previous_until=until)  # noqa: S106 - invented
    assert services.valid_secrets(subscription) == valid


# Requests


@pytest.mark.parametrize(
    ("status", "delivered", "gone"),
    [
        *((None, False, False), (199, False, False), (200, True, False), (204, True, False), (299, True, False)),
        *((300, False, False), (404, False, False), (410, False, True), (500, False, False)),
    ],
)
def test_only_what_http_calls_success_is_delivered(status: int | None, *, delivered: bool, gone: bool) -> None:
    outcome = Outcome(status)
    assert (outcome.is_delivered, outcome.is_gone) == (delivered, gone)


def exchanged(path: str, body: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Outcome, list[str], str, str]:
    """Post to a host that has the address of this machine: the outcome, names looked up, what came, and the host."""
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def answer(name: Any, *args: Any, **options: Any) -> Any:
        asked.append(name)
        return look_up("127.0.0.1", *args, **options)

    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve() -> None:
            connection, _address = server.accept()
            with connection, connection.makefile("rb") as file:
                came.extend(iter(file.readline, b"\r\n"))
                length = next(int(line.split()[1]) for line in came if line.lower().startswith(b"content-length"))
                came.append(b"\r\n" + file.read(length))
                connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        host = f"receiver.example:{server.getsockname()[1]}"
        monkeypatch.setattr(socket, "getaddrinfo", answer)
        outcome = send(f"http://{host}{path}", "7-12", body, [services.new_secret()])
        thread.join()
    return outcome, asked, b"".join(came).decode(), host


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", "POST / HTTP/1.1"),
        ("/hook/", "POST /hook/ HTTP/1.1"),
        ("?for=us", "POST /?for=us HTTP/1.1"),
        ("/a%20b?c=%D2%9A&d=1#part", "POST /a%20b?c=%D2%9A&d=1 HTTP/1.1"),
    ],
)
def test_a_request_is_for_the_path_of_its_address(
    settings: Any, monkeypatch: pytest.MonkeyPatch, path: str, line: str
) -> None:
    settings.WEBHOOK_MAY_STAY_INSIDE, settings.WEBHOOK_TIMEOUT = True, 5
    outcome, asked, text, host = exchanged(path, '{"title":"Қазақ"}', monkeypatch)
    assert outcome == Outcome(202)
    assert asked == ["receiver.example", "127.0.0.1"], "a name is looked up once, and then its address is used"
    head, _empty, body = text.partition("\r\n\r\n")
    first, *rest = head.split("\r\n")
    headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in rest)}
    assert (first, headers["host"], body) == (line, host, '{"title":"Қазақ"}')
    assert (headers["content-type"], headers["webhook-id"]) == ("application/json", "7-12")
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60


@pytest.mark.parametrize("path", ["/хук", "/a b", "/a\x7fb"])
def test_a_path_that_http_cannot_say_is_a_failure_in_words(settings: Any, path: str) -> None:
    settings.WEBHOOK_MAY_STAY_INSIDE = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        outcome = send(f"http://127.0.0.1:{server.getsockname()[1]}{path}", "1", "{}", [services.new_secret()])
    assert outcome.status is None
    assert outcome.problem.startswith((UnicodeEncodeError.__name__, http.client.InvalidURL.__name__))
    assert len(outcome.problem) <= 300
