"""Where somebody is signed in, for how long, and how the others are ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from cms.users.devices import described
from cms.users.middleware import SEEN_AT, SIGNED_IN_AT
from tests.users.people import make, sign_in

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
SESSIONS = "/en/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def somewhere(client: Client, agent: str, address: str) -> Client:
    other: Client = type(client)(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    sign_in(other, "aigul")
    assert other.get("/admin/").status_code == 200
    return other


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 YaBrowser/25.1 Safari/537.36", "Yandex on Linux"),
        ("curl/8.5.0", "Unknown device"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
    ],
)
def test_a_device_is_told_in_words(agent: str, words: str) -> None:
    assert described(agent) == words


def test_every_session_is_listed_with_device_address_and_time(client: Client) -> None:
    make("aigul", "editor")
    somewhere(client, FIREFOX, "203.0.113.5")
    mine = somewhere(client, IPHONE, "203.0.113.6")
    html = mine.get(SESSIONS).text
    for words in ("Firefox on Windows", "Safari on iPhone", "203.0.113.5", "203.0.113.6", "This session"):
        assert words in html
    assert html.index("Safari on iPhone") < html.index("Firefox on Windows"), "the present one stands first"


def test_one_is_signed_out_or_all_others(client: Client) -> None:
    make("aigul", "editor")
    first, second, mine = (somewhere(client, FIREFOX, f"203.0.113.{number}") for number in (1, 2, 3))
    row = UserSession.objects.get(ip="203.0.113.1")
    assert mine.post(SESSIONS, {"session": row.pk}).status_code == 302
    assert [is_in(one) for one in (first, second, mine)] == [False, True, True]
    mine.post(SESSIONS)
    assert [is_in(one) for one in (second, mine)] == [False, True]


@pytest.mark.parametrize("given", ["999999", "x", "-1", "9" * 30, "\0", "' OR 1=1"])
def test_a_session_that_is_none_of_theirs_is_left_alone(client: Client, given: str) -> None:
    make("aigul", "editor")
    make("saule", "editor")
    other = type(client)()
    sign_in(other, "saule")
    mine = somewhere(client, FIREFOX, "203.0.113.1")
    foreign = UserSession.objects.get(user__username="saule").pk
    for value in (given, str(foreign)):
        assert mine.post(SESSIONS, {"session": value}).status_code == 302
    assert is_in(other)
    assert is_in(mine)


def later(client: Client, **seconds: float) -> None:
    """As if that many seconds had gone by since the sign-in, or since the last page."""
    session: Any = client.session
    for key, passed in seconds.items():
        session[key] = time.time() - passed
    session.save()


@pytest.mark.parametrize("key", [SIGNED_IN_AT, SEEN_AT])
def test_a_session_ends_after_a_time_and_says_so(client: Client, settings: Settings, key: str) -> None:
    limit = settings.SESSION_COOKIE_AGE if key == SIGNED_IN_AT else settings.SESSION_IDLE_SECONDS
    make("aigul", "editor")
    sign_in(client, "aigul")
    assert is_in(client)
    later(client, **{key: limit - 60})
    assert is_in(client)
    later(client, **{key: limit + 1})
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/en/account/login/")
    assert "Your session has ended for your safety." in response.text


def test_what_an_open_window_asks_by_itself_is_no_activity(client: Client) -> None:
    make("aigul", "editor")
    sign_in(client, "aigul")
    client.get("/admin/")
    later(client, **{SEEN_AT: 600})
    before = client.session[SEEN_AT]
    client.post("/admin/editing-sessions/ping/home/homepage/1/1/", {})
    assert client.session[SEEN_AT] == before
    client.get("/admin/")
    assert client.session[SEEN_AT] > before


def test_being_seen_is_written_down_once_a_minute(client: Client) -> None:
    make("aigul", "editor")
    sign_in(client, "aigul")
    client.get("/admin/")
    first = UserSession.objects.get().last_seen_at
    client.get("/admin/")
    assert UserSession.objects.get().last_seen_at == first
    later(client, **{SEEN_AT: 61})
    client.get("/admin/")
    assert UserSession.objects.get().last_seen_at > first


def test_readers_have_no_session_and_caches_keep_what_they_get(client: Client, site: Any, settings: Settings) -> None:
    settings.MFA_REQUIRED_ROLES = ["administrator"]
    response = client.get("/robots.txt")
    assert "Cookie" not in response.get("Vary", "")
    assert client.cookies == {}


def test_signing_out_leads_back_and_ends_the_session(client: Client) -> None:
    make("aigul", "editor")
    sign_in(client, "aigul")
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)
    assert client.post(reverse("account_logout"))["Location"] == "/en/account/login/"
    assert not is_in(client)
    sign_in(client, "aigul")
    client.post(reverse("wagtailadmin_logout"))
    assert not is_in(client)
