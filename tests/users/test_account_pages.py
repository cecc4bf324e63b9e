"""The pages around an account: which there are, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from cms.users.models import User
from cms.users.urls import urlpatterns
from tests.users.people import PHRASE, SIGN_IN, confirm, make

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]

ANYONE, UNDER_WAY, OWN = "anyone", "somebody who has given a password", "whoever is signed in"
ACCOUNT_PAGES = {
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "invitation": ANYONE,
    "mfa_login_webauthn": ANYONE,
    "mfa_authenticate": UNDER_WAY,
    "account_reauthenticate": OWN,
    "account_change_password": OWN,
    "usersessions_list": OWN,
    "mfa_index": OWN,
    "mfa_reauthenticate": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN,
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_reauthenticate_webauthn": OWN,
    "mfa_remove_webauthn": OWN,
    "mfa_edit_webauthn": OWN,
}
ARGUMENTS = {
    "invitation": ("x",),
    "account_reset_password_from_key": ("1", "x"),
    "mfa_remove_webauthn": (1,),
    "mfa_edit_webauthn": (1,),
}


def address(name: str) -> str:
    return reverse(name, args=ARGUMENTS.get(name, ()))


def test_every_page_stands_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(ACCOUNT_PAGES)


@pytest.mark.parametrize("name", [name for name, who in ACCOUNT_PAGES.items() if who != ANYONE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_belongs_to_an_account_asks_for_a_sign_in(client: Client, name: str, method: str) -> None:
    response = getattr(client, method)(address(name), follow=True)
    assert response.redirect_chain[-1][0].startswith(SIGN_IN)
    assert response.status_code == 200
    assert not response.wsgi_request.user.is_authenticated


@pytest.mark.parametrize("name", [name for name, who in ACCOUNT_PAGES.items() if who == ANYONE])
@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_what_is_for_anyone_opens_in_every_language(client: Client, name: str, language: str) -> None:
    response = client.get(address(name).replace("/en/", f"/{language}/"), follow=True)
    assert response.status_code == (410 if name == "invitation" else 200)
    assert f'lang="{language}"' in response.text
    assert "noindex" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/en/account/",
        "/en/account/signup/",
        "/en/account/email/",
        "/en/account/password/set/",
        "/en/account/confirm-email/",
        "/en/account/login/code/",
        "/en/account/3rdparty/",
        "/admin/password_reset/done/",
        "/admin/password_reset/confirm/MQ/set-password/",
        "/admin/password_reset/complete/",
    ],
)
def test_nobody_registers_and_no_second_door_is_open(client: Client, path: str) -> None:
    for _who in ("a stranger", "somebody signed in"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"email": "x@example.org", "password1": PHRASE}).status_code == 404
        client.force_login(User.objects.filter(username="aigul").first() or make("aigul", "administrator"))
    assert User.objects.count() == 1


def test_pages_around_an_account_run_no_inline_script(client: Client) -> None:
    response = client.get(SIGN_IN)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert " style=" not in response.text
    assert " onclick=" not in response.text


@pytest.mark.parametrize("path", ["/admin/login/", "/en/_util/login/", "/admin/password_reset/"])
def test_addresses_of_wagtail_lead_to_the_one_page(client: Client, path: str) -> None:
    response = client.get(path, {"next": "/admin/pages/"}, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0].startswith("/en/account/")


def test_somebody_else_s_passkey_is_not_found(client: Client) -> None:
    other = make("other")
    row = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Mine", "credential": {}})
    client.force_login(make("aigul", "editor"))
    confirm(client)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        url = reverse(name, args=(row.pk,))
        assert client.get(url).status_code == 404
        assert client.post(url, {"name": "Stolen"}).status_code == 404
    row.refresh_from_db()
    assert row.data["name"] == "Mine"
