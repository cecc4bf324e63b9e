"""Who writes without scripts asks by a button what is like it, and finds all again that stands in the form."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone

from ideas.models import CampaignPage, Idea
from ideas.views import TRIES
from taxonomy.models import Theme
from tests.factories.ideas import make_campaign
from tests.factories.pages import make_practice
from tests.factories.vocabularies import make_theme
from tests.ideas.browsing import FORM, errors, fill_in, page, value_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

WRITTEN = {"title": "Parents enrol a child for school on one form", "problem": "So far", "theme": "digital"}


def look(client: Client, **changed: Any) -> Any:
    if not Theme.objects.exists():
        make_theme("digital")
    given = fill_in(client, solve=False)
    return given, client.post(FORM, given | WRITTEN | {"look": "1"} | changed)


def test_the_button_stands_where_no_script_runs_and_is_not_the_one_that_sends(client: Client) -> None:
    document = page(client.get(FORM))
    first, button = document.select("form noscript button")
    assert not first.get("name"), "the Enter key presses the first button of a form"
    assert button["name"] == "look"
    assert button["formaction"] == "#similar"
    assert len(document.select("#similar")) == 1
    assert not document.select("#similar > *")


def test_what_is_public_is_shown_in_the_form_with_all_that_was_written(client: Client) -> None:
    make_practice(title="Enrolling children for school with one form", slug="enrol")
    given, response = look(client, effect="Two days saved", wants_credit="on")
    document = page(response)
    assert response.status_code == 200
    assert [link["href"] for link in document.select("#similar a")] == ["/en/practices/enrol/"]
    assert not document.select(".error-summary, .field-error, [aria-invalid]"), "it is not finished, and not wrong"
    assert value_of(document, "title") == WRITTEN["title"]
    assert [field.get_text().strip() for field in document.select("#id_effect")] == ["Two days saved"]
    assert [option["value"] for option in document.select("#id_theme option[selected]")] == ["digital"]
    assert {box["name"] for box in document.select("input[checked]")} == {"wants_credit", "consent"}
    assert document.select("details[open] #id_effect")
    assert value_of(document, "ticket") == given["ticket"], "the time that was waited counts"
    assert not Idea.objects.exists()


def test_it_is_sent_from_there(client: Client, settings: Any) -> None:
    settings.IDEAS_FORM_DELAY = timedelta(0)
    _given, response = look(client)
    shown = page(response)
    values = fill_in(client) | {name: value_of(shown, name) for name in ("ticket", "terms", "title")}
    assert client.post(FORM, values).status_code == 302
    assert Idea.objects.get().title == WRITTEN["title"]


def test_that_there_is_none_is_said(client: Client) -> None:
    _given, response = look(client, title="zzqqxx yyxxqq wwvvuu")
    assert "Nothing like it is public yet" in page(response).select("#similar")[0].get_text()


def test_files_have_to_be_chosen_again_and_that_is_said(client: Client) -> None:
    _given, response = look(client, attachments=SimpleUploadedFile("plan.txt", b"words"))
    assert "choose the attachments again" in page(response).select("details[open]")[0].get_text(" ")
    _given, response = look(client)
    assert "choose the attachments again" not in response.text


def test_who_agreed_to_another_text_is_asked_again(client: Client) -> None:
    _given, response = look(client, terms="of another time")
    assert not page(response).select("#id_consent[checked]")


def test_the_call_is_kept_and_one_that_is_over_is_not_lost_in_silence(client: Client) -> None:
    uid = str(make_campaign().translation_key)
    shown = page(look(client, campaign=uid)[1])
    assert value_of(shown, "campaign") == uid
    CampaignPage.objects.update(closes=timezone.localdate() - timedelta(days=1))
    shown = page(look(client, campaign=uid)[1])
    given = {name: value_of(shown, name) for name in ("campaign", "terms", "ticket")}
    assert "takes no ideas at present" in " ".join(errors(client.post(FORM, fill_in(client) | given)))


@pytest.mark.parametrize("changed", [{"ticket": "forged"}, {"title": "\0"}, {"title": "x" * 500_000}, {"theme": "\0"}])
def test_whatever_is_sent_it_is_answered(client: Client, changed: dict[str, str]) -> None:
    _given, response = look(client, **changed)
    assert response.status_code == 200
    assert value_of(page(response), "ticket") != "forged"


def test_who_looks_all_the_time_has_to_wait(client: Client) -> None:
    for _look in range(TRIES.times):
        TRIES.allows(RequestFactory().post(FORM))
    file = SimpleUploadedFile("plan.txt", b"words")
    _given, response = look(client, attachments=file)
    assert response.status_code == 429
    assert errors(response)
    assert "choose the attachments again" in response.text
    assert value_of(page(response), "title") == WRITTEN["title"]
