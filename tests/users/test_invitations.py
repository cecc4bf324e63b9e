"""Invitations: sent, sent again, accepted once, and refused with words on whom to ask."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import ModelLogEntry

from cms.users import accounts
from cms.users.choices import Role
from cms.users.models import Invitation, RoleAssignment, User
from cms.users.services import assign
from tests.factories.vocabularies import make_country
from tests.users.people import PHRASE, is_signed_in, link_in, make, newest_mail, sign_in
from tests.users.test_forms import ADD, edit_url, facts

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
CHOICE = {"password1": PHRASE, "password2": PHRASE}


@pytest.fixture
def invited(admin_client: Client) -> User:
    """Somebody whom an administrator of the tests has just invited, in English."""
    admin_client.post(ADD, facts(preferred_language="en", roles=[Role.EDITOR]))
    return User.objects.get(username="aigul")


def again(client: Client, user: User) -> Any:
    return client.post(reverse("wagtailusers_users:invite", args=(user.pk,)))


def test_an_invitation_says_who_invites_to_what_and_until_when(client: Client) -> None:
    chief = make("chief", Role.ADMINISTRATOR, first_name="Saule", last_name="Akhmetova")
    client.force_login(chief)
    country = make_country("KZ")
    given = {"focal_countries": [country.pk], "translated_languages": ["ru"], "roles": [Role.EDITOR]}
    client.post(ADD, facts(preferred_language="en", **given))
    assert len(mail.outbox) == 1
    letter = newest_mail()
    until = User.objects.get(username="aigul").invitation.expires_at
    html, kind = letter.alternatives[0]
    assert letter.to == ["aigul@example.org"]
    assert kind == "text/html"
    for text in (letter.body, html):
        assert "Saule Akhmetova invites you to work on Shared Practice." in text
        assert "chief@example.org" in text
        for role in ("Editor", "Country focal point: Kazakhstan", "Translator: Russian"):
            assert role in text
        assert f"until {date_format(until)}" in text
        assert link_in(letter) in text
    days = (until - timezone.now()).total_seconds() / 86400
    assert 6.99 < days <= 7


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ("приглашает вас", "Ваши роли:", "Редактор")), ("kk", ("шақырады", "Рөлдеріңіз:", "Редактор"))],
)
def test_an_invitation_is_in_the_language_of_whom_it_invites(
    admin_client: Client, language: str, words: tuple[str, ...]
) -> None:
    admin_client.post(ADD, facts(preferred_language=language, roles=[Role.EDITOR]))
    letter = newest_mail()
    assert link_in(letter).startswith(f"/{language}/account/invitation/")
    assert f'lang="{language}"' in letter.alternatives[0][0]
    for word in words:
        assert word in letter.body
    assert "invit" not in letter.body.replace(link_in(letter), "")


def test_names_in_a_mail_are_text_and_no_markup(client: Client) -> None:
    chief = make("chief", Role.ADMINISTRATOR, first_name="<b>Saule</b>", last_name="O'Neil")
    client.force_login(chief)
    client.post(ADD, facts(preferred_language="en"))
    assert "<b>Saule</b> O'Neil" in newest_mail().body
    assert "<b>Saule" not in newest_mail().alternatives[0][0]


def test_the_whole_way_from_the_mail_into_the_administration(client: Client, invited: User) -> None:
    link = link_in(newest_mail())
    assert sign_in(client, "aigul").status_code == 200
    page = client.get(link)
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert "At least 12 characters" in page.text
    assert "Editor" in page.text
    assert client.get(link).status_code == 200, "looking spends nothing"
    assert client.post(link, CHOICE)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    invited.refresh_from_db()
    assert invited.check_password(PHRASE)
    assert not User.objects.get(pk=invited.pk).is_invited
    actions = ModelLogEntry.objects.filter(object_id=str(invited.pk)).values_list("action", flat=True)
    assert {"users.invited", "users.invitation_accepted"} <= set(actions)


@pytest.mark.parametrize(
    ("choice", "field", "sentence"),
    [
        ({}, "password1", "This field is required."),
        ({"password2": "carpet-of-felt-42"}, "password2", "The two passwords are not the same."),
        ({"password1": "short1", "password2": "short1"}, "password1", "at least 12 characters"),
        ({"password1": "aigul@example.org", "password2": "aigul@example.org"}, "password1", "your name or e-mail"),
        ({"password1": "x" * 1001, "password2": "x" * 1001}, "password1", "at most 1000 characters"),
        ({"password1": "\0" * 12, "password2": "\0" * 12}, "password1", "Null characters are not allowed."),
    ],
)
def test_a_choice_that_will_not_do_spends_nothing(
    client: Client, invited: User, choice: dict[str, str], field: str, sentence: str
) -> None:
    link = link_in(newest_mail())
    response = client.post(link, choice and CHOICE | choice)
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not is_signed_in(client)
    assert client.post(link, CHOICE).status_code == 302


def refused(client: Client, link: str) -> str:
    for answer in (client.get(link), client.post(link, CHOICE)):
        assert answer.status_code == 410
        assert not is_signed_in(client)
    return answer.text


def test_a_link_is_good_once(client: Client, invited: User) -> None:
    link = link_in(newest_mail())
    client.post(link, CHOICE)
    client.logout()
    assert "It was accepted already." in refused(client, link)


def test_a_link_expires(client: Client, invited: User) -> None:
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    text = refused(client, link_in(newest_mail()))
    assert "It was valid until" in text
    assert "admin@example.com, who invited you, can send the invitation again." in text


def test_a_newer_link_voids_the_older(client: Client, admin_client: Client, invited: User) -> None:
    old = link_in(newest_mail())
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(days=1))
    assert again(admin_client, invited).status_code == 302
    new = link_in(newest_mail())
    assert "A newer invitation was sent" in refused(client, old)
    assert client.post(new, CHOICE).status_code == 302


@pytest.mark.parametrize("change", ["cut", "letter", "other", "nothing", "long", "bytes"])
def test_an_altered_link_is_refused(client: Client, invited: User, change: str) -> None:
    token = invited.invitation.token
    altered = {
        "cut": token[:-3],
        "letter": token[:5] + ("A" if token[5] != "A" else "B") + token[6:],
        "other": Invitation(pk=invited.invitation.pk, nonce="x").token[:-1],
        "nothing": "x",
        "long": "x" * 2000,
        "bytes": "%00%FF",
    }[change]
    assert "was not copied completely" in refused(client, f"/en/account/invitation/{altered}/")


def test_without_the_account_or_with_an_inactive_one_nobody_gets_in(client: Client, invited: User) -> None:
    link = link_in(newest_mail())
    User.objects.update(is_active=False)
    assert "no longer there" in refused(client, link)
    User.objects.filter(pk=invited.pk).delete()
    assert "no longer there" in refused(client, link)


def test_a_password_cannot_be_had_by_a_reset_instead(client: Client, invited: User) -> None:
    mail.outbox.clear()
    assert client.post("/en/account/password/reset/", {"email": invited.email}).status_code == 302
    assert mail.outbox == []


def test_of_two_at_the_same_time_one_is_refused(invited: User) -> None:
    token = invited.invitation.token
    accounts.accept(token, PHRASE)
    with pytest.raises(accounts.InvitationRefused, match="used"):
        accounts.accept(token, "another-phrase-of-words")
    assert User.objects.get(pk=invited.pk).check_password(PHRASE)


def test_who_is_signed_in_as_somebody_else_becomes_the_one_invited(admin_client: Client, invited: User) -> None:
    admin_client.post(link_in(newest_mail()), CHOICE)
    assert admin_client.session["_auth_user_id"] == str(invited.pk)


def test_lists_and_forms_say_who_has_not_accepted(admin_client: Client, invited: User) -> None:
    index = reverse("wagtailusers_users:index")
    assert "Invited, not accepted yet" in admin_client.get(index).text
    page = admin_client.get(edit_url(invited)).text
    assert "Invited, not accepted yet" in page
    assert reverse("wagtailusers_users:invite", args=(invited.pk,)) in page
    Invitation.objects.update(expires_at=timezone.now())
    assert "Invitation expired" in admin_client.get(index).text
    accepted = timezone.now()
    Invitation.objects.update(accepted_at=accepted)
    assert "Invit" not in admin_client.get(edit_url(invited)).text.split("account-state")[1].split("</dl>")[0]
    mail.outbox.clear()
    again(admin_client, invited)
    assert mail.outbox == []


def test_sending_again_takes_more_than_looking(admin_client: Client, invited: User) -> None:
    mail.outbox.clear()
    page = admin_client.get(reverse("wagtailusers_users:invite", args=(invited.pk,)))
    assert "A new invitation goes to aigul@example.org." in page.text
    assert mail.outbox == []


def test_an_open_invitation_follows_the_account_elsewhere(client: Client, admin_client: Client, invited: User) -> None:
    old = link_in(newest_mail())
    admin_client.post(edit_url(invited), facts(email="new@example.org", preferred_language="en", is_active="on"))
    assert newest_mail().to == ["new@example.org"]
    assert client.get(old).status_code == 410
    assert client.post(link_in(newest_mail()), CHOICE).status_code == 302


def test_the_old_address_of_an_account_in_use_is_told(admin_client: Client) -> None:
    user = make("aigul", Role.EDITOR)
    admin_client.post(edit_url(user), facts(email="new@example.org", preferred_language="en", is_active="on"))
    assert newest_mail().to == ["aigul@example.org"]
    assert "entered another e-mail address" in newest_mail().body


def test_nobody_but_superusers_invites_a_superuser(client: Client, admin_user: User) -> None:
    boss = User.objects.create_superuser("boss", "boss@example.org")
    accounts.invite(boss, by=admin_user)
    mail.outbox.clear()
    client.force_login(make("chief", Role.ADMINISTRATOR))
    assert again(client, boss)["Location"] == "/admin/"
    assert mail.outbox == []


def test_a_role_is_told_in_words(roles: None) -> None:
    user = make("aigul")
    assign(user, [RoleAssignment(role=Role.FOCAL_POINT, country=make_country("KZ"))])
    assert [row.in_words for row in user.assignments.all()] == ["Country focal point: Kazakhstan"]
