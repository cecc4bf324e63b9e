"""Limits on how often somebody may do something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from cms.core.throttling import RateLimit, client_address

if TYPE_CHECKING:
    from django.http import HttpRequest

LIMIT = RateLimit("letters", times=2, seconds=60)


def request(address: str = "8.8.8.8", forwarded: str | None = None) -> HttpRequest:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def test_the_limit_counts_each_reader_apart() -> None:
    assert [LIMIT.allows(request()) for _attempt in range(4)] == [True, True, False, False]
    assert LIMIT.allows(request("8.8.8.9"))


def test_limits_of_different_names_count_apart() -> None:
    for _attempt in range(3):
        LIMIT.allows(request())
    assert RateLimit("ideas", times=1, seconds=60).allows(request())


def test_a_count_that_runs_out_in_between_begins_anew(monkeypatch: Any) -> None:
    monkeypatch.setattr(cache, "add", lambda *_arguments: False)
    assert [LIMIT.allows(request()) for _attempt in range(3)] == [True, True, False]


def test_no_address_is_kept(monkeypatch: Any) -> None:
    kept: list[tuple[Any, ...]] = []

    def add(*entry: Any) -> bool:
        kept.append(entry)
        return True

    monkeypatch.setattr(cache, "add", add)
    LIMIT.allows(request("8.8.8.8"))
    assert len(kept) == 1
    assert "8.8.8.8" not in str(kept)


@pytest.mark.parametrize(
    ("address", "forwarded", "expected"),
    [
        ("8.8.8.8", None, "8.8.8.8"),
        ("1.1.1.1", "9.9.9.9", "1.1.1.1"),
        ("10.0.0.3", "9.9.9.9", "9.9.9.9"),
        ("127.0.0.1", "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        ("10.0.0.3", "", "10.0.0.3"),
        ("", "9.9.9.9", "9.9.9.9"),
        ("unix:", "9.9.9.9", "unix:"),
    ],
)
def test_only_a_proxy_of_the_platform_is_believed(address: str, forwarded: str | None, expected: str) -> None:
    assert client_address(request(address, forwarded)) == expected
