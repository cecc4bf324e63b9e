"""Writing to the contact of a practice, whose address nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from wagtail.models import PageViewRestriction

from practices.models import PracticePage
from practices.services import send_contact_message
from tests.background.effects import work
from tests.factories.pages import make_practice
from tests.factories.site import translate

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

CONTACT = "contact.person@example.org"
LETTER = {
    "name": "A. Reader",
    "email": "reader@example.com",
    "message": "How did you train the staff of the small offices?",
    "website": "",
}


@pytest.fixture
def practice(site: Site) -> PracticePage:
    return make_practice(title="One window", slug="one-window", has_contact_form=True, contact_email=CONTACT)


def url(practice: PracticePage, language: str = "en") -> str:
    return f"/{language}/practices-contact/{practice.pk}/"


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_the_form_is_there_in_every_language_and_the_address_is_not(
    client: Client, practice: PracticePage, language: str
) -> None:
    response = client.get(url(practice, language))
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert "One window" in html
    assert CONTACT not in html
    assert "no-store" in response["Cache-Control"]


def test_a_message_is_passed_on_and_can_be_answered(client: Client, practice: PracticePage) -> None:
    response = client.post(url(practice), LETTER)
    assert (response.status_code, response["Location"]) == (302, f"{url(practice)}sent/")
    [message] = mail.outbox
    assert message.to == [CONTACT]
    assert message.reply_to == ["reader@example.com"]
    assert message.subject == "Message about “One window”"
    assert message.content_subtype == "plain"
    assert LETTER["message"] in message.body
    assert "A. Reader" in message.body
    assert "http://testserver/en/practices/one-window/" in message.body
    assert CONTACT not in client.get(response["Location"]).content.decode()


def test_texts_reach_the_contact_as_they_were_written(client: Client, practice: PracticePage) -> None:
    client.post(url(practice), LETTER | {"name": "O'Reader & Co", "message": "Is 1 < 2 & “true”?\nYes: <b>it is</b>."})
    body = mail.outbox[0].body
    assert "O'Reader & Co" in body
    assert "Is 1 < 2 & “true”?" in body
    assert "<b>it is</b>" in body


def test_the_contact_is_written_to_in_the_language_of_the_practice(client: Client, practice: PracticePage) -> None:
    kazakh = translate(practice, "kk", title="Бір терезе", slug="bir-tereze")
    client.post(url(kazakh, "kk"), LETTER)
    assert mail.outbox[0].subject == "Message about “One window”"
    assert "http://testserver/kk/practices/bir-tereze/" in mail.outbox[0].body


def test_the_contact_is_written_to_though_the_source_is_gone(client: Client, practice: PracticePage) -> None:
    kazakh = translate(practice, "kk", title="Бір терезе", slug="bir-tereze")
    practice.delete()
    client.post(url(kazakh, "kk"), LETTER)
    assert "Бір терезе" in mail.outbox[0].subject


BAD = [
    ({"name": ""}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"email": ""}, "email"),
    ({"email": "reader"}, "email"),
    ({"email": "reader@example.com\nBcc: all@example.com"}, "email"),
    ({"email": f"{'x' * 400}@example.com"}, "email"),
    ({"message": ""}, "message"),
    ({"message": "Too short."}, "message"),
    ({"message": "x" * 4001}, "message"),
    ({"message": "A null byte\0 in a longer message"}, "message"),
    ({"name": "Null\0byte"}, "name"),
]


@pytest.mark.parametrize(("changed", "field"), BAD)
def test_what_is_wrong_is_said_above_the_form_and_at_the_field(
    client: Client, practice: PracticePage, changed: dict[str, str], field: str
) -> None:
    response = client.post(url(practice), LETTER | changed)
    html = response.content.decode()
    assert response.status_code == 200
    assert mail.outbox == []
    assert 'class="error-summary" role="alert"' in html
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}_error"' in html
    assert 'aria-invalid="true"' in html


def test_nothing_that_is_sent_can_become_a_header(client: Client, practice: PracticePage) -> None:
    PracticePage.objects.filter(pk=practice.pk).update(title="One\r\nBcc: all@example.com\r\nwindow")
    client.post(url(practice), LETTER | {"name": "A\r\nBcc: all@example.com"})
    [message] = mail.outbox
    assert message.recipients() == [CONTACT]
    assert "\n" not in message.subject
    assert message.message()["Bcc"] is None


def test_a_machine_is_told_that_all_went_well(client: Client, practice: PracticePage) -> None:
    response = client.post(url(practice), LETTER | {"website": "https://spam.example.com"})
    assert response.status_code == 302
    assert mail.outbox == []


def test_people_do_not_meet_the_field_for_machines(client: Client, practice: PracticePage) -> None:
    html = client.get(url(practice)).content.decode()
    hidden = html[html.index('aria-hidden="true">\n    <label') :]
    assert 'name="website"' in hidden
    assert 'tabindex="-1"' in hidden


def test_after_five_messages_one_has_to_wait(client: Client, practice: PracticePage) -> None:
    assert [client.post(url(practice), LETTER).status_code for _letter in range(7)] == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5
    refused = client.post(url(practice), LETTER).content.decode()
    assert "Please wait" in refused
    assert LETTER["message"] in refused
    assert client.post(url(practice), LETTER, REMOTE_ADDR="8.8.8.8").status_code == 302


def test_mistakes_do_not_count_as_messages(client: Client, practice: PracticePage) -> None:
    for _attempt in range(6):
        client.post(url(practice), LETTER | {"email": "reader"})
    assert client.post(url(practice), LETTER).status_code == 302


def test_a_message_waits_in_the_queue_and_not_for_a_mail_server(
    client: Client, practice: PracticePage, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
    assert client.post(url(practice), LETTER).status_code == 302
    assert mail.outbox == []
    assert work() == 1
    assert LETTER["message"] in mail.outbox[0].body


CLOSED = [{"has_contact_form": False}, {"contact_email": ""}, {"live": False}]


@pytest.mark.parametrize("changed", CLOSED)
@pytest.mark.parametrize("part", ["", "sent/"])
def test_a_practice_without_a_form_is_not_found(
    client: Client, practice: PracticePage, changed: dict[str, Any], part: str
) -> None:
    PracticePage.objects.filter(pk=practice.pk).update(**changed)
    assert client.get(f"{url(practice)}{part}").status_code == 404
    assert client.post(url(practice), LETTER).status_code == 404
    send_contact_message.enqueue(practice.pk, "A", "reader@example.com", "Hello")
    assert mail.outbox == []


def test_a_restricted_practice_has_no_form(client: Client, practice: PracticePage) -> None:
    PageViewRestriction.objects.create(page=practice, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(url(practice)).status_code == 404


@pytest.mark.parametrize("number", ["0", "99999", "9" * 40])
def test_what_is_no_practice_is_not_found(client: Client, site: Site, number: str) -> None:
    assert client.get(f"/en/practices-contact/{number}/").status_code == 404


def test_other_methods_are_refused(client: Client, practice: PracticePage) -> None:
    assert client.put(url(practice)).status_code == 405
    assert client.post(f"{url(practice)}sent/").status_code == 405
