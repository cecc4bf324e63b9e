"""Signing in by e-mail address, and what happens to those who guess."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageViewRestriction

from tests.factories.pages import make_practice
from tests.users.people import PHRASE, SIGN_IN, add_app, code_of, confirm, is_signed_in, make, sign_in

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]


@pytest.mark.parametrize("address", ["aigul@example.org", "AIGUL@Example.ORG", "  Aigul@example.org "])
def test_somebody_signs_in_by_address_in_whatever_letters(client: Client, address: str) -> None:
    make("aigul", "editor")
    response = client.post(SIGN_IN, {"login": address, "password": PHRASE})
    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({}, "login", "This field is required."),
        ({"login": "aigul@example.org"}, "password", "This field is required."),
        ({"login": "aigul", "password": PHRASE}, "login", "Write an e-mail address such as"),
        ({"login": "a" * 250 + "@example.org", "password": PHRASE}, "login", "at most 254 characters"),
        ({"login": "aigul@example.org", "password": "x" * 1001}, "password", "at most 1000 characters"),
        ({"login": "aigul@example.org", "password": "\0"}, "password", "Null characters are not allowed."),
        ({"login": "aigul@example.org", "password": PHRASE + " "}, "__all__", "is not right"),
        ({"login": "aigul@example.org'--", "password": PHRASE}, "login", "Write an e-mail address such as"),
        ({"login": "aigul", "username": "aigul", "password": PHRASE}, "login", "Write an e-mail address such as"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, entry: dict[str, str], field: str, sentence: str) -> None:
    make("aigul", "editor")
    response = client.post(SIGN_IN, entry)
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not is_signed_in(client)


def test_a_refused_sign_in_is_kazakh_for_a_kazakh_reader(client: Client) -> None:
    html = client.post("/kk/account/login/", {"login": "nobody@example.org", "password": "wrong"}).text
    assert "<title>Кіру – Ортақ тәжірибе</title>" in html
    assert "Электрондық пошта немесе құпиясөз дұрыс емес." in html


def test_a_page_that_was_asked_for_opens_after_the_sign_in(client: Client, site: Any) -> None:
    make("aigul", "editor")
    practice = make_practice(slug="for-staff")
    PageViewRestriction.objects.create(page=practice, restriction_type=PageViewRestriction.LOGIN)
    shown = client.get("/en/practices/for-staff/", follow=True)
    target = shown.context["redirect_field_value"]
    assert sign_in(client, "aigul", next=target)["Location"] == "/en/practices/for-staff/"


def test_without_the_right_to_enter_nobody_is_led_in_circles(client: Client) -> None:
    make("reader")
    assert sign_in(client, "reader")["Location"] == "/en/"
    response = client.get("/admin/", follow=True)
    assert response.status_code == 200
    assert "You are signed in as reader@example.org" in response.text
    make("aigul", "editor")
    assert sign_in(client, "aigul", next="/admin/pages/")["Location"] == "/admin/pages/"


def test_who_is_signed_in_is_not_asked_again(client: Client) -> None:
    client.force_login(make("aigul", "editor"))
    assert client.get(SIGN_IN)["Location"] == "/admin/"
    assert client.get(SIGN_IN, {"next": "/admin/pages/"})["Location"] == "/admin/pages/"
    assert client.get(SIGN_IN, {"next": "https://evil.example/"})["Location"] == "/admin/"


def guess(client: Client, name: str, times: int, **extra: Any) -> Any:
    for _attempt in range(times):
        response = client.post(SIGN_IN, {"login": f"{name}@example.org", "password": "wrong"}, **extra)
    return response


@pytest.mark.parametrize("name", ["aigul", "nobody"])
def test_the_fifth_wrong_password_locks_out_whether_or_not_there_is_an_account(client: Client, name: str) -> None:
    make("aigul", "editor")
    assert guess(client, name, settings.AXES_FAILURE_LIMIT - 1).status_code == 200
    response = guess(client, name, 1)
    assert response.status_code == 429
    assert "You can try again in 15 minutes." in response.text
    assert response["Retry-After"] == "900"
    assert f"{name}@example.org" not in response.text
    assert sign_in(client, name).status_code == 429
    assert not is_signed_in(client)


def test_a_lock_out_is_of_one_address_from_one_client(client: Client) -> None:
    make("aigul", "editor")
    make("saule", "editor")
    guess(client, "aigul", settings.AXES_FAILURE_LIMIT)
    assert sign_in(client, "saule").status_code == 302
    client.logout()
    entry = {"login": "aigul@example.org", "password": PHRASE}
    assert client.post(SIGN_IN, entry, REMOTE_ADDR="203.0.113.7").status_code == 302


def test_letter_case_and_another_browser_do_not_begin_anew(client: Client) -> None:
    for number in range(settings.AXES_FAILURE_LIMIT):
        entry = {"login": "AIGUL@example.org" if number % 2 else "aigul@example.org", "password": "wrong"}
        response = client.post(SIGN_IN, entry, headers={"User-Agent": f"Browser {number}"})
    assert response.status_code == 429


def test_a_lock_out_ends_by_itself_and_is_not_prolonged(client: Client) -> None:
    make("aigul", "editor")
    guess(client, "aigul", settings.AXES_FAILURE_LIMIT + 3)
    attempt = AccessAttempt.objects.get()
    assert attempt.failures_since_start == settings.AXES_FAILURE_LIMIT
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=10))
    assert "You can try again in 5 minutes." in sign_in(client, "aigul").text
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=16))
    assert sign_in(client, "aigul").status_code == 302


def test_success_forgets_the_failures_of_the_own_address_alone(client: Client) -> None:
    make("aigul", "editor")
    guess(client, "saule", 3)
    guess(client, "aigul", 4)
    assert sign_in(client, "aigul").status_code == 302
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["saule@example.org"]


def test_many_addresses_from_one_client_lock_the_client(client: Client, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT_PER_CLIENT = 6
    make("aigul", "editor")
    for number in range(5):
        assert guess(client, f"person{number}", 1).status_code == 200
    assert guess(client, "person6", 1).status_code == 429
    assert sign_in(client, "aigul").status_code == 429
    assert (
        client.post(SIGN_IN, {"login": "x@example.org", "password": "y"}, REMOTE_ADDR="203.0.113.7").status_code == 200
    )


def test_behind_a_proxy_clients_are_told_apart(client: Client) -> None:
    make("aigul", "editor")
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    guess(client, "aigul", settings.AXES_FAILURE_LIMIT, headers=headers)
    assert AccessAttempt.objects.get().ip_address == "203.0.113.9"
    assert sign_in(client, "aigul").status_code == 302


@pytest.mark.parametrize("forwarded", ["unknown", "203.0.113.9:4711", "x' OR 1=1", "9" * 300])
def test_nonsense_in_the_place_of_an_address_is_not_believed(client: Client, forwarded: str) -> None:
    guess(client, "aigul", 1, headers={"X-Forwarded-For": forwarded})
    assert AccessAttempt.objects.get().ip_address == "127.0.0.1"


def test_wrong_codes_count_as_wrong_passwords_do(client: Client) -> None:
    secret = add_app(make("aigul", "editor"))
    assert sign_in(client, "aigul")["Location"] == reverse("mfa_authenticate")
    answers = [client.post(reverse("mfa_authenticate"), {"code": "000000"}) for _attempt in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 429
    assert not is_signed_in(client)


def test_the_password_is_not_guessed_from_a_session_either(client: Client) -> None:
    client.force_login(make("aigul", "editor"))
    answers = [client.post("/en/account/confirm/", {"password": "wrong"}).status_code for _attempt in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_no_password_code_or_address_is_kept_in_the_record_of_attempts(client: Client) -> None:
    guess(client, "aigul", 2)
    attempt = AccessAttempt.objects.get()
    for secret in ("wrong", "aigul"):
        assert secret not in attempt.post_data
        assert secret not in attempt.get_data


def test_an_administrator_lifts_a_lock_out(client: Client, admin_user: Any) -> None:
    user = make("aigul", "editor")
    guess(client, "aigul", settings.AXES_FAILURE_LIMIT)
    chief = make("chief", "administrator")
    client.force_login(chief)
    address = reverse("wagtailusers_users:lift_lock_out", args=(user.pk,))
    assert address in client.get(reverse("wagtailusers_users:edit", args=(user.pk,))).text
    assert AccessAttempt.objects.exists(), "looking lifts nothing"
    assert client.post(address).status_code == 302
    assert ModelLogEntry.objects.get(action="users.lock_out_lifted").user == chief
    client.post(address)
    assert ModelLogEntry.objects.filter(action="users.lock_out_lifted").count() == 1
    client.logout()
    assert sign_in(client, "aigul").status_code == 302


def test_the_command_of_axes_lifts_a_lock_out_by_address(client: Client) -> None:
    make("aigul", "editor")
    guess(client, "aigul", settings.AXES_FAILURE_LIMIT)
    call_command("axes_reset_username", "aigul@example.org")
    assert sign_in(client, "aigul").status_code == 302


def test_a_confirmation_is_asked_for_before_changes(client: Client) -> None:
    client.force_login(make("aigul", "editor"))
    activate = reverse("mfa_activate_totp")
    assert client.get(activate)["Location"].startswith("/en/account/confirm/")
    confirm(client)
    assert client.get(activate).status_code == 200
