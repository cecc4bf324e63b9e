"""What a password must be, how it is changed, and how a forgotten one is replaced."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from cms.users.models import User
from tests.users.people import PHRASE, is_signed_in, link_in, make, newest_mail, sign_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
RESET, CHANGE = "/en/account/password/reset/", "/en/account/password/"
NEW = "seven yaks cross a river"


@pytest.mark.parametrize(
    "password",
    [
        "x" * 12, "123456789012", "abcdefghijkl", "qwertyuiop12", "йцукенгшщзхъ", "abababababab", "qwerty123456",
        "sharedpractice", "Shared Practice 1", "practice-shared-12", "aigul@example.org", "eleven-char",
        "ұлпа кілем", "justinbieber", "startfinding", "098765432109",
    ],
)  # fmt: skip
def test_what_somebody_would_try_first_is_refused(password: str) -> None:
    user = User(username="aigul", email="aigul@example.org", first_name="Aigul", last_name="Serik")
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password",
    [
        "seven yaks cross a river", "жеті өзен, бір көпір", "семь яков идут домой", "k4T!9zLq#w2P",
        "🐫🏔️🌾🧵🪡🧶🪢🥁🎻🎺🪕🪗",
        "correct horse battery staple", "no-digits-no-capitals", "x" * 6 + "-felt-and-wool-" + "y" * 600,
    ],
)  # fmt: skip
def test_words_in_any_alphabet_and_any_length_are_welcome(password: str) -> None:
    user = User(username="aigul", email="aigul@example.org", first_name="Aigul", last_name="Serik")
    validate_password(password, user)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_rules_are_told_in_the_language_of_the_reader(client: Client, language: str) -> None:
    with translation.override(language):
        rules = password_validators_help_texts()
        errors = []
        for password in ("short", "x" * 12, "justinbieber", "aigul@example.org"):
            with pytest.raises(ValidationError) as refused:
                validate_password(password, User(username="aigul", email="aigul@example.org"))
            errors += refused.value.messages
    assert len(rules) == 4
    assert len(set(errors)) >= 4
    if language != "en":
        assert not re.search("[A-Za-z]", "".join([*rules, *errors]))


def test_letters_that_keyboards_make_in_two_ways_are_the_same(client: Client) -> None:
    composed = unicodedata.normalize("NFC", "семь яков идут домой")
    user = make("aigul", "editor")
    user.set_password(unicodedata.normalize("NFD", composed))
    user.save()
    assert sign_in(client, "aigul", composed).status_code == 302


def change(client: Client, **given: str) -> Any:
    return client.post(CHANGE, {"oldpassword": PHRASE, "password1": NEW, "password2": NEW} | given)


def test_a_password_is_changed_and_other_sessions_end(client: Client) -> None:
    user = make("aigul", "editor")
    other = type(client)()
    for one in (client, other):
        sign_in(one, "aigul")
        one.get("/admin/")
    assert NEW not in client.get(CHANGE).text
    assert change(client)["Location"] == "/en/account/sessions/"
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
    assert client.get("/en/account/sessions/").context["session_count"] == 1
    assert ModelLogEntry.objects.get(action="users.password_changed").user == user
    assert "Your password was changed" in newest_mail().subject


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"oldpassword": "wrong"}, "oldpassword", "The password is not right."),
        ({"oldpassword": ""}, "oldpassword", "This field is required."),
        ({"password2": "seven yaks cross the river"}, "password2", "The two passwords are not the same."),
        ({"password1": "short", "password2": "short"}, "password1", "at least 12 characters"),
        ({"password1": "x" * 1001, "password2": "x" * 1001}, "password1", "at most 1000 characters"),
    ],
)
def test_a_change_that_will_not_do_changes_nothing(
    client: Client, given: dict[str, str], field: str, sentence: str
) -> None:
    user = make("aigul", "editor")
    client.force_login(user)
    response = change(client, **given)
    assert sentence in " ".join(response.context["form"].errors[field])
    user.refresh_from_db()
    assert user.check_password(PHRASE)


def test_a_reset_says_the_same_for_known_and_unknown_addresses(client: Client) -> None:
    make("aigul", "editor")
    make("gone", "editor", is_active=False)
    answers = []
    for name in ("aigul", "nobody", "gone"):
        response = client.post(RESET, {"email": f"{name}@example.org"}, follow=True)
        answers.append((response.redirect_chain, response.text))
    assert len({str(answer) for answer in answers}) == 1
    assert [letter.to for letter in mail.outbox] == [["aigul@example.org"]]


def test_a_forgotten_password_is_replaced_by_mail(client: Client) -> None:
    user = make("aigul", "editor")
    inside = type(client)()
    inside.force_login(user)
    client.post(RESET, {"email": "AIGUL@example.org"})
    link = link_in(newest_mail())
    form = client.get(link, follow=True)
    assert "At least 12 characters" in form.text
    wrong = client.post(form.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert wrong.context["form"].errors["password1"]
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert "The new password is set" in done.text
    assert not is_signed_in(client)
    assert sign_in(client, "aigul", NEW).status_code == 302
    assert inside.get("/admin/").status_code == 302
    assert ModelLogEntry.objects.filter(action="users.password_changed").exists()
    client.logout()
    assert "The link is not valid" in client.get(link, follow=True).text


@pytest.mark.parametrize("change", ["key", "owner", "late"])
def test_an_altered_or_old_link_resets_nothing(client: Client, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user, other = make("aigul", "editor"), make("saule", "editor")
    client.post(RESET, {"email": user.email})
    link = link_in(newest_mail())
    owner, _hyphen, key = link.rstrip("/").rpartition("/")[2].partition("-")
    if change == "key":
        key = key[:-1] + ("a" if key[-1] != "a" else "b")
    if change == "owner":
        owner = str(other.pk)
    if change == "late":
        later = timezone.now().replace(tzinfo=None) + datetime.timedelta(hours=25)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self: later)
    response = client.get(f"/en/account/password/reset/{owner}-{key}/", follow=True)
    assert "The link is not valid" in response.text


def test_an_address_that_was_changed_no_longer_resets(client: Client) -> None:
    user = make("aigul", "editor")
    client.post(RESET, {"email": "aigul@example.org"})
    link = link_in(newest_mail())
    user.email = "new@example.org"
    user.save()
    mail.outbox.clear()
    client.post(RESET, {"email": "aigul@example.org"})
    assert mail.outbox == []
    assert "The link is not valid" in client.get(link, follow=True).text
    assert sign_in(client, "aigul").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("ru", "запросил новый пароль"), ("kk", "жаңа құпиясөз сұратты")])
def test_mail_is_in_the_language_of_its_reader(client: Client, language: str, words: str) -> None:
    user = make("aigul", "editor")
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()
    client.post(RESET, {"email": user.email})
    letter = newest_mail()
    assert words in letter.body
    assert words in letter.alternatives[0][0]
    assert link_in(letter).startswith(f"/{language}/account/")


@pytest.mark.parametrize("email", ["", "aigul", "a@b", "x" * 300 + "@example.org", "a@example.org\nBcc: b@example.org"])
def test_what_is_no_address_is_refused_at_its_field(client: Client, email: str) -> None:
    response = client.post(RESET, {"email": email})
    assert response.context["form"].errors["email"]
    assert mail.outbox == []


@pytest.mark.parametrize("name", ["aigul", "nobody"])
def test_nobody_is_flooded_with_mail(client: Client, name: str) -> None:
    make("aigul", "editor")
    answers = [client.post(RESET, {"email": f"{name}@example.org"}) for _attempt in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "You can try again in a quarter of an hour." in answers[-1].text
    assert len(mail.outbox) == (3 if name == "aigul" else 0)
