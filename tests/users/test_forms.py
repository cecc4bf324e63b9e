"""Accounts in the admin: created and edited with an address of their own and a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.users.models import UserProfile

from cms.users.models import User

if TYPE_CHECKING:
    from django.test import Client

ADD = "/admin/users/new/"
PHRASE = "carpet-of-felt-41"


def facts(**changes: Any) -> dict[str, Any]:
    given = {
        "email": "aigul@example.org",
        "first_name": "Aigul",
        "last_name": "Serik",
        "preferred_language": "kk",
    }
    return given | changes


def edit_url(user: User) -> str:
    return reverse("wagtailusers_users:edit", args=(user.pk,))


def test_an_account_is_created_without_a_password(admin_client: Client) -> None:
    editors = Group.objects.get(name="Editors")

    response = admin_client.post(ADD, facts(groups=[editors.pk], password1=PHRASE, password2=PHRASE))

    assert response.status_code == 302
    user = User.objects.get(username="aigul")
    assert list(user.groups.all()) == [editors]
    assert UserProfile.get_for_user(user).preferred_language == "kk"
    assert not user.has_usable_password()
    assert user.is_invited


def test_names_of_accounts_are_made_from_addresses_and_never_asked_for(admin_client: Client) -> None:
    User.objects.create_user("aigul", "other@example.org", PHRASE)
    assert admin_client.post(ADD, facts(username="boss")).status_code == 302
    assert User.objects.get(email="aigul@example.org").username.startswith("aigul-")
    assert admin_client.post(ADD, facts(email="Әсел@example.org")).status_code == 200
    assert admin_client.post(ADD, facts(email="+++@example.org")).status_code == 302
    assert User.objects.get(email="+++@example.org").username == "staff"
    for url in (ADD, edit_url(User.objects.get(username="aigul"))):
        html = admin_client.get(url).content.decode()
        assert 'name="username"' not in html
        assert 'type="password"' not in html


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": ""}, "email", "This field is required."),
        ({"email": "aigul@"}, "email", "Enter a valid email address."),
        ({"email": "boss@example.org"}, "email", "Another account uses this e-mail address."),
        ({"email": "BOSS@Example.org"}, "email", "Another account uses this e-mail address."),
        ({"preferred_language": "xx"}, "preferred_language", "Select a valid choice."),
        ({"first_name": ""}, "first_name", "This field is required."),
        ({"email": "a" * 250 + "@example.org"}, "email", "at most 254 characters"),
        ({"email": "aigul@example.org\nBcc: x@example.org"}, "email", "Enter a valid email address."),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    admin_client: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    User.objects.create_user("boss", "boss@example.org", PHRASE)

    response = admin_client.post(ADD, facts(**changes))

    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert sentence.replace("’", "'") in " ".join(errors[field]).replace("’", "'")
    assert not User.objects.filter(username="aigul").exists()


def test_addresses_are_kept_in_lower_case(admin_client: Client) -> None:
    admin_client.post(ADD, facts(email="Aigul.Serik@Example.ORG"))

    assert User.objects.get(username="aigul.serik").email == "aigul.serik@example.org"


def test_an_account_is_edited_and_keeps_its_password(admin_client: Client) -> None:
    user = User.objects.create_user("aigul", "aigul@example.org", PHRASE)
    changes = facts(email="new@example.org", preferred_language="ru", is_active="on")

    response = admin_client.post(edit_url(user), changes)

    assert response.status_code == 302
    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert user.check_password(PHRASE)
    assert admin_client.get(edit_url(user)).context["form"]["preferred_language"].value() == "ru"


def test_an_account_may_keep_its_own_address_but_not_take_another(admin_client: Client) -> None:
    User.objects.create_user("boss", "boss@example.org", PHRASE)
    user = User.objects.create_user("aigul", "aigul@example.org", PHRASE)
    silent = {"is_active": "on"}

    kept = admin_client.post(edit_url(user), facts(**silent))
    taken = admin_client.post(edit_url(user), facts(email="boss@example.org", **silent))

    assert kept.status_code == 302
    assert list(taken.context["form"].errors) == ["email"]


def test_forms_ask_for_the_language_with_names(admin_client: Client) -> None:
    for url in (ADD, edit_url(User.objects.create_user("aigul", "aigul@example.org", PHRASE))):
        form = admin_client.get(url).context["form"]
        html = admin_client.get(url).content.decode()

        assert [str(name) for _code, name in form.fields["preferred_language"].choices][:2] == ["English", "Russian"]
        assert 'name="preferred_language"' in html


def test_holders_choose_language_and_time_zone_themselves(admin_client: Client, admin_user: User) -> None:
    html = admin_client.get(reverse("wagtailadmin_account")).content.decode()

    assert 'name="locale-preferred_language"' in html
    assert '<option value="Asia/Almaty">' in html


@pytest.mark.django_db
def test_editors_do_not_manage_accounts(client: Client) -> None:
    user = User.objects.create_user("aigul", "aigul@example.org", PHRASE)
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)

    assert client.post(ADD, facts(email="friend@example.org")).status_code == 302
    assert not User.objects.filter(email="friend@example.org").exists()
