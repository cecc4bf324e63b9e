"""Who counts as one reader, and what pages of other sites may read of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cms.partners import limits
from cms.partners.middleware import household

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from wagtail.models import Site

COUNTRIES = "/api/v2/countries/"


@pytest.fixture
def counted(site: Site, settings: Any) -> Iterator[None]:
    """One request in a minute for each reader without a key."""
    limits.forget()
    settings.API_ANONYMOUS_RATE = 1
    yield
    limits.forget()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("::FFFF:CB00:7105", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("unknown", "unknown"),
        ("203.0.113.5:8080", "203.0.113.5:8080"),
    ],
)
def test_an_address_belongs_to_somebody(address: str, expected: str) -> None:
    assert household(address) == expected


@pytest.mark.django_db
def test_readers_of_the_older_protocol_are_counted_apart_however_a_socket_writes_them(
    client: Client, counted: None
) -> None:
    first, second = "::ffff:8.8.8.8", "::ffff:8.8.4.4"
    assert client.get(COUNTRIES, REMOTE_ADDR=first).status_code == 200
    assert client.get(COUNTRIES, REMOTE_ADDR=second).status_code == 200
    assert client.get(COUNTRIES, REMOTE_ADDR=first).status_code == 429
    assert client.get(COUNTRIES, REMOTE_ADDR="8.8.8.8").status_code == 429, "the same reader on another socket"


@pytest.mark.django_db
def test_scripts_of_other_sites_see_how_much_is_left_also_when_nothing_is(client: Client, counted: None) -> None:
    for status in (200, 429):
        answer = client.get(COUNTRIES, headers={"origin": "https://example.org"})
        assert answer.status_code == status
        exposed = {name.strip() for name in answer["Access-Control-Expose-Headers"].split(",")}
        sent = {"RateLimit", "RateLimit-Policy", "Retry-After", "Link", "ETag"} & set(answer.headers)
        assert sent
        assert sent <= exposed


@pytest.mark.django_db
def test_a_refused_key_says_so_to_scripts(client: Client, site: Site) -> None:
    answer = client.get(COUNTRIES, headers={"authorization": "Bearer nothing"})
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer["Access-Control-Expose-Headers"]
    assert answer["Access-Control-Allow-Origin"] == "*"
