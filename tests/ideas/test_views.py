"""Sending in an idea, and following it by the link of a mail."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ideas.choices import Action, Actor, IdeaState, Reason
from ideas.history import Said
from ideas.models import ConsentText, Idea, IdeaFile, Submitter
from ideas.services import erase, move
from tests.background.effects import work
from tests.factories.vocabularies import make_country, make_theme
from tests.ideas.browsing import FILLED_IN, FORM, errors, fill_in, link_in_mail, page, send, send_and_confirm, value_of

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

PDF = b"%PDF-1.7 a plan"


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_the_form_is_there_in_every_language(client: Client, language: str) -> None:
    response = client.get(f"/{language}/ideas/send/")
    document = page(response)
    assert response.status_code == 200
    assert document.html
    assert (document.html["lang"], document.html["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    [canonical] = document.select("link[rel=canonical]")
    assert canonical["href"] == f"http://testserver/{language}/ideas/send/"
    assert "no-store" in response["Cache-Control"]
    assert [link["href"] for link in document.select("header .languages a")] == [
        f"/{code}/ideas/send/" for code, _name in site_settings.LANGUAGES if code != language
    ]


def test_the_form_takes_no_more_queries_than_any_page(client: Client, django_assert_max_num_queries: Any) -> None:
    make_theme("digital", make_theme("state"))
    make_country("KZ")
    client.get(FORM)
    with django_assert_max_num_queries(20):
        client.get(FORM)


def test_an_idea_is_kept_and_its_number_shown(client: Client) -> None:
    make_theme("digital", make_theme("state"))
    make_country("KZ")
    more: dict[str, Any] = {
        "effect": "Two days saved",
        "beneficiaries": "Families",
        "theme": "digital",
        "country": "KZ",
    }
    answer = send(client, **more, stage="tried", submitter_kind="citizen", wants_credit="on")
    assert answer.status_code == 302
    idea = Idea.objects.select_related("submitter", "theme", "country", "consent").get()
    kept = {name: getattr(idea, name) for name in ("title", "problem", "proposal", "effect", "beneficiaries")}
    assert kept == {name: (FILLED_IN | more)[name] for name in kept}
    assert idea.theme
    assert idea.country
    facts = (idea.theme.code, idea.country.code, idea.stage, idea.submitter_kind, idea.language, idea.state)
    assert facts == ("digital", "KZ", "tried", "citizen", "en", "submitted")
    person = idea.submitter
    assert (person.name, person.email, person.wants_credit) == ("Aigerim N.", "aigerim@example.org", True)
    assert "erased at any time" in idea.consent.text
    shown = client.get(answer["Location"])
    assert idea.number in page(shown).get_text()
    assert shown["Referrer-Policy"] == "same-origin"


def test_line_breaks_count_once_as_browsers_count_them(client: Client) -> None:
    text = "\r\n".join(["x" * 999, "y" * 1000])
    assert send(client, problem=text).status_code == 302
    assert Idea.objects.get().problem == text.replace("\r\n", "\n")


def test_the_language_of_the_form_is_that_of_the_mail_and_of_the_consent(client: Client) -> None:
    send(client, address="/ru/ideas/send/")
    assert Idea.objects.get().language == ConsentText.objects.get().language == "ru"
    assert link_in_mail().startswith("/ru/ideas/follow/")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title"),
    ({"title": "short"}, "title"),
    ({"title": "x" * 121}, "title"),
    ({"problem": "x" * 2001}, "problem"),
    ({"problem": "too short"}, "problem"),
    ({"proposal": ""}, "proposal"),
    ({"proposal": "x" * 4001}, "proposal"),
    ({"effect": "x" * 2001}, "effect"),
    ({"beneficiaries": "x" * 501}, "beneficiaries"),
    ({"email": ""}, "email"),
    ({"email": "aigerim"}, "email"),
    ({"email": f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'y' * 60}.{'z' * 50}.org"}, "email"),
    ({"name": "x" * 121}, "name"),
    ({"name": "", "wants_credit": "on"}, "name"),
    ({"theme": "no-such-theme"}, "theme"),
    ({"country": "XX"}, "country"),
    ({"stage": "never"}, "stage"),
    ({"submitter_kind": "king"}, "submitter_kind"),
    ({"consent": ""}, "consent"),
    ({"terms": "of another time"}, "consent"),
]


@pytest.mark.parametrize(("changed", "field"), WRONG)
def test_what_is_wrong_is_said_above_the_form_and_at_the_field(
    client: Client, changed: dict[str, Any], field: str
) -> None:
    response = send(client, **changed)
    document = page(response)
    assert response.status_code == 400
    assert not Idea.objects.exists()
    [summary] = document.select(".error-summary[role=alert][tabindex='-1']")
    [link] = summary.select("a")
    assert link["href"] == f"#id_{field}"
    assert "?:" not in link.get_text(), "a question needs no colon"
    assert document.select_one(f"#id_{field}_error")
    assert document.select_one(f"#id_{field}[aria-invalid=true]")
    assert document.title
    assert document.title.get_text().startswith("Error:")
    kept = {"title", "problem", "name"} - {field}
    values = {name: document.select_one(f"#id_{name}") for name in kept}
    assert all(
        (tag.get("value") or tag.get_text().strip()) == (FILLED_IN | changed)[n] for n, tag in values.items() if tag
    )


def test_an_error_in_the_optional_part_opens_it(client: Client) -> None:
    assert not page(client.get(FORM)).select("details[open]")
    assert page(send(client, beneficiaries="x" * 501)).select("details[open] #id_beneficiaries")


def test_a_corrected_form_need_not_be_worked_for_again(client: Client) -> None:
    first = fill_in(client, title="short")
    shown = page(client.post(FORM, first))
    assert value_of(shown, "ticket") == first["ticket"]
    assert client.post(FORM, first | {"title": FILLED_IN["title"]}).status_code == 302


def test_without_scripts_patience_serves_instead_of_work(client: Client, settings: Any) -> None:
    quick = send(client, solve=False)
    assert ["seconds" in error for error in errors(quick)] == [True]
    assert not Idea.objects.exists()
    settings.IDEAS_FORM_DELAY = timedelta(0)
    assert send(client, solve=False).status_code == 302
    assert Idea.objects.count() == 1


def test_a_form_that_stood_open_for_too_long_is_handed_out_anew(client: Client, settings: Any) -> None:
    settings.IDEAS_FORM_LIFE = timedelta(seconds=-2)
    old = fill_in(client)
    settings.IDEAS_FORM_LIFE = timedelta(hours=1)
    response = client.post(FORM, old)
    assert ["too long" in error for error in errors(response)] == [True]
    assert value_of(page(response), "ticket") != old["ticket"]


def test_a_machine_is_told_that_all_went_well(client: Client) -> None:
    answer = send(client, website="https://spam.example.com")
    assert answer.status_code == 302
    assert "Number of your idea" in client.get(answer["Location"]).content.decode()
    assert not Idea.objects.exists()
    assert mail.outbox == []


def test_people_do_not_meet_the_field_for_machines(client: Client) -> None:
    field = page(client.get(FORM)).select_one("[aria-hidden=true] input[name=website]")
    assert field
    assert field["tabindex"] == "-1"


def test_who_sends_too_many_has_to_wait(client: Client) -> None:
    codes = [send(client, email=f"a{number}@example.org").status_code for number in range(12)]
    assert codes == [302] * 10 + [429] * 2
    refused = send(client, email="last@example.org")
    assert "wait a while" in " ".join(errors(refused))
    assert FILLED_IN["problem"] in page(refused).get_text()
    assert client.post(FORM, fill_in(client), REMOTE_ADDR="8.8.8.8").status_code == 302


def test_who_only_waits_may_send_fewer(client: Client, settings: Any) -> None:
    settings.IDEAS_FORM_DELAY = timedelta(0)
    codes = [send(client, solve=False, email=f"a{number}@example.org").status_code for number in range(5)]
    assert codes == [302] * 3 + [429] * 2


def test_attachments_are_kept_where_nobody_sees_them(client: Client) -> None:
    files = [SimpleUploadedFile("Plan of A.pdf", PDF), SimpleUploadedFile("notes.txt", b"Plain words")]
    idea, status = send_and_confirm(client, attachments=files)
    rows = list(idea.files.all())
    assert [(row.name, row.size) for row in rows] == [("Plan of A.pdf", len(PDF)), ("notes.txt", 11)]
    with rows[0].file.open() as kept:
        assert kept.read() == PDF
    assert "Plan" not in rows[0].file.path
    assert not rows[0].file.path.startswith(str(site_settings.MEDIA_ROOT))
    assert client.get(f"/media/{rows[0].file.name}").status_code == 404
    assert "Plan of A.pdf" in client.get(status).content.decode()


def test_files_that_are_lost_with_an_error_are_asked_for_again(client: Client) -> None:
    response = send(client, title="short", attachments=SimpleUploadedFile("plan.pdf", PDF))
    assert "choose the attachments again" in response.content.decode()
    assert not IdeaFile.objects.exists()


def test_the_mail_asks_first_and_holds_nothing_that_was_written(client: Client) -> None:
    send(client)
    letter: Any = mail.outbox[-1]
    everything = f"{letter.subject} {letter.body} {letter.alternatives[0][0]}"
    assert letter.to == ["aigerim@example.org"]
    assert [name for name in ("title", "problem", "proposal", "name") if FILLED_IN[name] in everything] == []
    assert Idea.objects.get().number in letter.subject


def test_opening_the_link_confirms_nothing_and_the_button_does(client: Client) -> None:
    send(client)
    link = link_in_mail()
    shown = client.get(link)
    assert FILLED_IN["title"] in shown.content.decode()
    assert Idea.objects.get().state == IdeaState.SUBMITTED
    answer = client.post(link)
    idea = Idea.objects.get()
    assert idea.state == IdeaState.CONFIRMED
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(link).status_code == client.get(link).status_code == 302, "a second click does no harm"
    assert [event.action for event in idea.events.all()] == [Action.SUBMIT, Action.CONFIRM]
    assert idea.number in mail.outbox[-1].subject
    assert FILLED_IN["title"] in mail.outbox[-1].body


def test_only_the_mail_confirms(client: Client) -> None:
    send(client)
    link = link_in_mail()
    status, code = link.split("confirm/")
    assert client.get(status).status_code == 200
    assert client.post(f"{status}confirm/{code[:-2]}x/").status_code == 404
    assert client.post(f"{status[:-2]}x/confirm/{code}").status_code == 404
    assert Idea.objects.get().state == IdeaState.SUBMITTED


@pytest.mark.parametrize("part", ["", "withdraw/", "erase/"])
def test_a_link_that_was_altered_opens_nothing(client: Client, part: str) -> None:
    idea, status = send_and_confirm(client)
    wrong = status.replace(status.split("/")[-2], "0" * 40)
    for address in (f"{wrong}{part}", f"{status.replace(idea.number, 'BBBB-BBBB')}{part}"):
        assert client.get(address).status_code == client.post(address).status_code == 404
    assert Idea.objects.get().state == IdeaState.CONFIRMED


def test_pages_of_a_secret_address_are_told_to_nobody(client: Client) -> None:
    _idea, status = send_and_confirm(client)
    for part in ("", "withdraw/", "erase/"):
        answer = client.get(f"{status}{part}")
        assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
        assert "no-store" in answer["Cache-Control"]


def test_a_question_is_answered_on_the_status_page(client: Client, moderator: User) -> None:
    idea, status = send_and_confirm(client)
    move(idea.pk, Action.TAKE_UP, moderator)
    move(idea.pk, Action.ASK, moderator, Said(text="Which offices do you mean?", note="Ask the ministry, too"))
    assert "Which offices do you mean?" in mail.outbox[-1].body
    assert link_in_mail() == status
    shown = client.get(status).content.decode()
    assert shown.count("Which offices do you mean?") == 1
    assert "Ask the ministry" not in shown
    assert errors(client.post(status, {"text": " "})) == ["Your answer: Write your answer."]
    assert client.post(status, {"text": "All of the district."}).status_code == 302
    event = idea.events.latest("pk")
    assert (event.action, event.text, event.after) == (Action.ANSWER, "All of the district.", IdeaState.TRIAGE)
    assert "no longer open" in errors(client.post(status, {"text": "Once more"}))[0]


def test_the_history_is_shown_in_words(client: Client, moderator: User) -> None:
    idea, status = send_and_confirm(client)
    move(idea.pk, Action.TAKE_UP, moderator)
    move(idea.pk, Action.REJECT, moderator, Said(reason=Reason.UNCLEAR, text="Please add <b>an example</b>."))
    steps = [one.get_text() for one in page(client.get(status)).select(".idea-step-name")]
    assert steps == ["Not taken up", "Taken up by a moderator", "E-mail address confirmed", "Sent in"]
    shown = client.get(status).content.decode()
    assert "&lt;b&gt;an example&lt;/b&gt;" in shown
    assert moderator.email not in shown


def test_an_idea_is_withdrawn_after_a_question(client: Client) -> None:
    idea, status = send_and_confirm(client, attachments=SimpleUploadedFile("plan.pdf", PDF))
    path = idea.files.get().file.path
    assert Path(path).exists()
    assert "Withdraw the idea" in client.get(f"{status}withdraw/").content.decode()
    assert Idea.objects.get().state == IdeaState.CONFIRMED
    letters = len(mail.outbox)
    assert client.post(f"{status}withdraw/")["Location"] == status
    assert Idea.objects.get().state == IdeaState.WITHDRAWN
    assert not Submitter.objects.exists()
    assert not IdeaFile.objects.exists()
    assert not Path(path).exists()
    assert len(mail.outbox) == letters
    assert client.get(f"{status}withdraw/").status_code == client.post(f"{status}withdraw/").status_code == 302


def test_an_idea_is_erased_after_a_question(client: Client) -> None:
    _idea, status = send_and_confirm(client)
    assert "for good" not in client.get(f"{status}erase/").content.decode()
    assert Idea.objects.get().title
    client.post(f"{status}erase/")
    shown = client.get(status).content.decode()
    assert "Everything that you wrote and sent was erased" in shown
    assert FILLED_IN["title"] not in shown
    assert client.post(f"{status}erase/").status_code == 302


def test_who_did_not_send_it_can_erase_it_from_the_first_mail(client: Client) -> None:
    send(client)
    link = page(client.get(link_in_mail())).select_one("form .target")
    assert link
    client.post(str(link["href"]))
    assert Idea.objects.get().erased_at
    assert client.post(link_in_mail()).status_code == 302
    assert Idea.objects.get().state == IdeaState.WITHDRAWN


def test_ideas_wait_in_the_queue_and_not_for_a_mail_server(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "cms.background.mail.QueueBackend"
    settings.TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
    assert send(client).status_code == 302
    assert mail.outbox == []
    assert work() == 1
    assert Idea.objects.get().number in mail.outbox[0].subject


def test_an_old_token_shows_no_number(client: Client) -> None:
    answer = send(client)
    assert client.get(f"{answer['Location'][:-3]}x/").status_code == 404
    assert client.post(answer["Location"]).status_code == 405


def test_nothing_is_withdrawn_that_was_decided_against(client: Client) -> None:
    idea, status = send_and_confirm(client)
    Idea.objects.filter(pk=idea.pk).update(state=IdeaState.DECLINED, state_since=timezone.now())
    assert "Withdraw the idea" not in client.get(status).content.decode()
    assert client.post(f"{status}withdraw/").status_code == 302
    assert Idea.objects.get().state == IdeaState.DECLINED
    erase(idea.pk, Actor.SUBMITTER)
    assert Idea.objects.get().state == IdeaState.DECLINED


def test_other_methods_are_refused(client: Client) -> None:
    for address in (FORM, reverse("idea_status", args=["B", "x"])):
        assert client.put(address).status_code == 405


def test_the_form_says_where_it_is_in_other_languages_and_has_a_picture_to_share(client: Client, site: Any) -> None:
    document = page(client.get("/ru/ideas/send/"))
    links = {str(link["hreflang"]): str(link["href"]) for link in document.select("link[rel=alternate][hreflang]")}
    assert links == {
        code: f"http://testserver/{'en' if code == 'x-default' else code}/ideas/send/"
        for code in ("en", "ru", "kk", "x-default")
    }
    [picture] = document.select("meta[property='og:image']")
    assert client.get(str(picture["content"]).removeprefix("http://testserver")).status_code == 200
