"""Second factors: added, asked for, used once, required of roles, reset by an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.users import accounts
from cms.users.choices import EVERYWHERE, Role
from tests.users.people import (
    PHRASE,
    add_app,
    code_of,
    confirm,
    factors_of,
    is_signed_in,
    make,
    newest_mail,
    sign_in,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

    from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
CODE, CHOICE = "/en/account/second-factor/code/", "/en/account/second-factor/"


def logged(user: User) -> list[str]:
    return list(ModelLogEntry.objects.filter(object_id=str(user.pk)).order_by("pk").values_list("action", flat=True))


def test_an_app_is_added_and_then_asked_for(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = make("aigul", Role.EDITOR)
    client.force_login(user)
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.text
    assert '<svg width="' in page.text
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert factors_of(user) == {"totp", "recovery_codes"}
    assert "users.second_factor_added" in logged(user)
    assert "authenticator app was added" in newest_mail().subject

    client.logout()
    assert sign_in(client, "aigul")["Location"] == CODE
    assert not is_signed_in(client)
    assert client.post(CODE, {"code": code_of(secret, periods=1)})["Location"] == "/admin/"
    assert is_signed_in(client)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "0" * 21, "１２３４５６７", "\0", "' OR 1=1"])
def test_what_is_no_code_adds_nothing(client: Client, code: str) -> None:
    user = make("aigul", Role.EDITOR)
    client.force_login(user)
    confirm(client)
    client.get(reverse("mfa_activate_totp"))
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response.context["form"].errors["code"]
    assert factors_of(user) == set()


def test_recovery_codes_are_shown_once_and_can_be_kept(client: Client) -> None:
    user = make("aigul", Role.EDITOR)
    add_app(user)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    client.force_login(user)
    confirm(client)
    shown = client.get(reverse("mfa_view_recovery_codes")).text
    file = unquote(shown.split('href="data:text/plain;charset=utf-8,')[1].split('"')[0])
    assert file.split() == codes
    assert len(codes) == 10
    later = client.get(reverse("mfa_view_recovery_codes")).text
    assert not any(code in later for code in codes)
    assert "10 codes are left." in later


def test_a_recovery_code_opens_the_door_once(client: Client) -> None:
    user = make("aigul", Role.EDITOR)
    add_app(user)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    sign_in(client, "aigul")
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
    client.logout()
    sign_in(client, "aigul")
    assert client.post(CODE, {"code": codes[0]}).status_code == 200
    assert client.post(CODE, {"code": codes[1]}).status_code == 302


@pytest.mark.parametrize("periods", [-1, 0, 1])
def test_a_code_is_used_once_for_as_long_as_it_is_good(client: Client, periods: int) -> None:
    secret = add_app(make("aigul", Role.EDITOR))
    code = code_of(secret, periods=periods)
    sign_in(client, "aigul")
    assert client.post(CODE, {"code": code}).status_code == 302
    client.logout()
    sign_in(client, "aigul")
    spaced = f"{code[:3]} {code[3:]}"
    for repeated in (code, spaced):
        assert client.post(CODE, {"code": repeated}).status_code == 200
    assert not is_signed_in(client)


def test_a_code_of_long_ago_is_none(client: Client) -> None:
    secret = add_app(make("aigul", Role.EDITOR))
    sign_in(client, "aigul")
    assert client.post(CODE, {"code": code_of(secret, periods=-3)}).status_code == 200
    assert not is_signed_in(client)


def test_new_recovery_codes_void_the_old(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = make("aigul", Role.EDITOR)
    add_app(user)
    old = RecoveryCodes.activate(user).get_unused_codes()
    client.force_login(user)
    confirm(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    assert not set(old) & set(RecoveryCodes.activate(user).get_unused_codes())
    assert "users.recovery_codes_renewed" in logged(user)


def test_an_app_is_removed_with_its_recovery_codes(client: Client) -> None:
    user = make("aigul", Role.EDITOR)
    add_app(user)
    RecoveryCodes.activate(user)
    client.force_login(user)
    confirm(client)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert factors_of(user) == set()
    assert logged(user)[-1] == "users.second_factor_removed"
    assert "removed" in newest_mail().subject


def test_with_the_first_factor_other_sessions_end(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Whoever knew only the password may have begun them."""
    user = make("aigul", Role.EDITOR)
    intruder = type(client)()
    sign_in(intruder, "aigul")
    assert intruder.get("/admin/").status_code == 200
    client.force_login(user)
    client.get("/admin/")
    confirm(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert intruder.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200


# What a browser might send in place of a passkey.
NO_PASSKEYS = [
    "",
    "null",
    "[]",
    "{}",
    '"x"',
    "1",
    '{"id": "x"}',
    "{",
    '{"response": {"userHandle": 5}}',
    '{"response": []}',
]
ANSWER = '"attestationObject": "AA", "authenticatorData": "AA", "clientDataJSON": "AA", "signature": "AA"'
WHOLE = (
    '{"id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {}, '
    f'"response": {{{ANSWER}, "userHandle": "Mg"}}}}'
)


@pytest.mark.parametrize("credential", [*NO_PASSKEYS, WHOLE])
def test_what_is_no_passkey_signs_nobody_in(client: Client, credential: str) -> None:
    make("aigul", Role.EDITOR)
    assert client.get("/en/account/second-factor/passkeys/login/", headers={"Accept": "application/json"}).json()
    response = client.post("/en/account/second-factor/passkeys/login/", {"credential": credential}, follow=True)
    assert response.redirect_chain == [("/en/account/login/", 302)]
    assert response.text.count("The passkey could not be used.") == 2, "the sentence, and the one that scripts show"
    assert not is_signed_in(client)


@pytest.mark.parametrize("credential", [*NO_PASSKEYS, WHOLE])
@pytest.mark.parametrize("name", ["mfa_add_webauthn", "mfa_authenticate"])
def test_what_is_no_passkey_is_refused_with_a_sentence(client: Client, name: str, credential: str) -> None:
    user = make("aigul", Role.EDITOR)
    if name == "mfa_authenticate":
        add_app(user)
        sign_in(client, "aigul")
    else:
        client.force_login(user)
        confirm(client)
    client.get(reverse(name))
    response = client.post(reverse(name), {"credential": credential, "name": "Key"})
    assert response.status_code == 200
    assert response.text.count("The passkey could not be used.") == 2, "the sentence, and the one that scripts show"
    assert "webauthn" not in factors_of(user)


@pytest.fixture
def required(settings: Settings) -> None:
    settings.MFA_REQUIRED_ROLES = [Role.ADMINISTRATOR, Role.PUBLISHER]


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/pages/", "/admin/users/", "/admin/account/", "/admin/api/main/pages/"]
)
def test_whose_role_asks_for_it_reaches_nothing_before_adding_one(client: Client, path: str) -> None:
    user = make("aigul", Role.PUBLISHER)
    client.force_login(user)
    for answer in (client.get(path), client.post(path)):
        assert answer["Location"] == CHOICE
    assert client.get(path, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403
    assert "Your role asks for a second factor." in client.get(CHOICE).text
    assert client.get(reverse("mfa_activate_totp")).status_code == 302, "a confirmation is asked for"
    add_app(user)
    assert client.get("/admin/").status_code == 200
    assert "Your role asks" not in client.get(CHOICE).text


@pytest.mark.usefixtures("required")
def test_elsewhere_on_the_site_they_are_readers_without_an_account(client: Client, site: Any) -> None:
    user = make("aigul", Role.PUBLISHER)
    client.force_login(user)
    assert not client.get("/en/").wsgi_request.user.is_authenticated
    assert not client.get("/api/v2/pages/").wsgi_request.user.is_authenticated
    add_app(user)
    assert client.get("/en/").wsgi_request.user.is_authenticated


@pytest.mark.usefixtures("required")
def test_other_roles_are_not_asked_and_superusers_are(client: Client, admin_client: Client) -> None:
    client.force_login(make("aigul", Role.EDITOR))
    assert client.get("/admin/").status_code == 200
    assert admin_client.get("/admin/")["Location"] == CHOICE


def test_without_the_setting_nobody_is_asked(admin_client: Client, settings: Settings) -> None:
    assert settings.MFA_REQUIRED_ROLES == []
    assert admin_client.get("/admin/").status_code == 200


def reset(client: Client, user: User) -> Any:
    return client.post(reverse("wagtailusers_users:reset_second_factor", args=(user.pk,)))


def test_an_administrator_resets_what_somebody_lost(client: Client) -> None:
    user, chief = make("aigul", Role.EDITOR), make("chief", Role.ADMINISTRATOR)
    add_app(user)
    RecoveryCodes.activate(user)
    theirs = type(client)()
    theirs.force_login(user)
    assert theirs.get("/admin/").status_code == 200
    client.force_login(chief)
    page = client.get(reverse("wagtailusers_users:edit", args=(user.pk,))).text
    assert reverse("wagtailusers_users:reset_second_factor", args=(user.pk,)) in page
    assert (
        "Make sure by telephone" in client.get(reverse("wagtailusers_users:reset_second_factor", args=(user.pk,))).text
    )
    assert factors_of(user), "looking resets nothing"
    assert reset(client, user).status_code == 302
    assert factors_of(user) == set()
    entry = ModelLogEntry.objects.get(action="users.second_factor_reset")
    assert (entry.user, entry.object_id) == (chief, str(user.pk))
    assert newest_mail().to == [user.email]
    assert "chief@example.org" in newest_mail().body
    assert theirs.get("/admin/").status_code == 302
    assert not UserSession.objects.filter(user=user).exists()
    assert sign_in(type(client)(), "aigul")["Location"] == "/admin/"


def test_nobody_resets_a_superuser_or_themselves_there(client: Client, admin_user: User) -> None:
    chief = make("chief", Role.ADMINISTRATOR)
    for user in (chief, admin_user):
        add_app(user)
    client.force_login(chief)
    assert reset(client, admin_user)["Location"] == "/admin/"
    reset(client, chief)
    assert factors_of(admin_user) == factors_of(chief) == {"totp"}
    client.force_login(admin_user)
    reset(client, admin_user)
    reset(client, chief)
    assert (factors_of(admin_user), factors_of(chief)) == ({"totp"}, set())


@pytest.mark.parametrize("role", [role for role in EVERYWHERE if role != Role.ADMINISTRATOR])
def test_no_other_role_resets_anything(client: Client, role: Role) -> None:
    user = make("aigul", Role.EDITOR)
    add_app(user)
    client.force_login(make("somebody", role))
    assert reset(client, user)["Location"] == "/admin/"
    assert factors_of(user) == {"totp"}
    assert mail.outbox == []


def test_the_history_of_an_account_says_it_in_words(admin_client: Client, admin_user: User) -> None:
    user = make("aigul", Role.EDITOR)
    add_app(user)
    accounts.reset_second_factor(user, by=admin_user)
    accounts.invite(user, by=admin_user)
    history = admin_client.get(reverse("wagtailusers_users:history", args=(user.pk,))).text
    assert "Second factor reset" in history
    assert "Invitation sent, valid until" in history


def test_the_page_of_the_own_account_leads_there(client: Client) -> None:
    client.force_login(make("aigul", Role.EDITOR, password=PHRASE))
    html = client.get(reverse("wagtailadmin_account")).text
    for name in ("mfa_index", "account_change_password", "usersessions_list"):
        assert reverse(name) in html
    assert 'name="password-old_password"' not in html
    assert 'name="name_email-email"' not in html
