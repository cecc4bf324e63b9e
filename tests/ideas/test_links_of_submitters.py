"""The secret link in every state and language, what readers and programs get of what is public, and the numbers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.utils import timezone, translation
from openpyxl import load_workbook

from ideas.choices import Action, Actor, IdeaState, Reason
from ideas.digests import digest_since
from ideas.history import Said
from ideas.mails import confirmation_code, secret_of
from ideas.models import Idea, IdeaEvent, IdeaPage
from ideas.monthly import Month, months, workbook
from ideas.services import erase, move
from ideas.suggestions import published_like
from ideas.wording import MEANING
from tests.factories.ideas import WORDS, make_campaign, make_idea, make_published_idea
from tests.factories.site import published
from tests.ideas.browsing import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in site_settings.LANGUAGES]
NOTE = "Only for moderators"


@dataclass
class Content:
    states: dict[IdeaState, Idea]
    russian: Idea
    call: Any


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Content:
    """An idea in each state, and one in Russian that answers a call and is public."""

    def make() -> Content:
        states = {state: make_idea(state, email=f"{state}@example.org") for state in IdeaState}
        IdeaEvent.objects.update(note=NOTE)
        call = make_campaign()
        russian = make_published_idea(
            language="ru",
            email="ru@example.org",
            campaign=call.translation_key,
            title="Одна форма для школы и детского сада",
            wants_credit=True,
        )
        return Content(states, russian, call)

    made: Content = made_once(make)
    return made


def link(idea: Idea, rest: str = "", language: str = "en") -> str:
    return f"/{language}/ideas/follow/{idea.number}/{secret_of(idea.number)}/{rest}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_page_says_what_each_state_means_in_each_language(
    client: Client, content: Content, language: str
) -> None:
    for state, idea in content.states.items():
        response = client.get(link(idea, language=language))
        document = page(response)
        assert response.status_code == 200
        with translation.override(language):
            assert str(MEANING[state]) in document.get_text(" "), state
        html: Any = document.html
        assert (html["lang"], html.get("dir", "ltr")) == (language, "rtl" if language == "ar" else "ltr")
        assert NOTE not in response.text, state
        assert f"{state}@example.org" not in response.text, "nobody reads an address over a shoulder"


def test_what_can_be_done_by_the_link_follows_from_the_state(client: Client, content: Content) -> None:
    offered = {}
    for state, idea in content.states.items():
        hrefs = {str(found["href"]) for found in page(client.get(link(idea))).select("main a[href]")}
        offered[state] = link(idea, "withdraw/") in hrefs
        assert {link(idea, "erase/"), link(idea, "data/")} <= hrefs, state
    ends = {IdeaState.DUPLICATE, IdeaState.SPAM, IdeaState.REJECTED, IdeaState.DECLINED, IdeaState.WITHDRAWN}
    assert {state for state, offer in offered.items() if not offer} == ends


def test_only_an_open_question_has_a_field_for_an_answer(client: Client, content: Content) -> None:
    with_field = {
        state
        for state, idea in content.states.items()
        if page(client.get(link(idea))).select_one("textarea[name=text]")
    }
    assert with_field == {IdeaState.NEEDS_INFORMATION}


@pytest.mark.parametrize("state", [state for state in IdeaState if state != IdeaState.NEEDS_INFORMATION])
def test_an_answer_to_no_question_is_refused_and_changes_nothing(
    client: Client, content: Content, state: IdeaState
) -> None:
    idea = content.states[state]
    before = idea.events.count()
    response = client.post(link(idea), {"text": "An answer"})
    assert "no longer open" in response.text
    assert idea.events.count() == before
    assert Idea.objects.get(pk=idea.pk).state == state


@pytest.mark.parametrize("state", [state for state in IdeaState if state != IdeaState.SUBMITTED])
def test_the_link_of_the_first_mail_leads_to_the_status_page_afterwards(
    client: Client, content: Content, state: IdeaState
) -> None:
    idea = content.states[state]
    code = confirmation_code(idea.number, f"{state}@example.org")
    for method in (client.get, client.post):
        response = method(link(idea, f"confirm/{code}/"))
        assert (response.status_code, response["Location"]) == (302, link(idea))
    assert Idea.objects.get(pk=idea.pk).state == state


@pytest.mark.parametrize("rest", ["", "withdraw/", "erase/", "data/", "confirm/x/"])
def test_the_link_of_one_idea_opens_no_other(client: Client, content: Content, rest: str) -> None:
    one, other = content.states[IdeaState.SUBMITTED], content.states[IdeaState.CONFIRMED]
    for number, secret in (
        (one.number, secret_of(other.number)),
        (one.number.lower(), secret_of(one.number)),
        (one.number, secret_of(one.number).upper()),
        (one.number, secret_of(one.number)[:-1]),
        (one.number, one.secret[:40]),
        ("XXXX-XXXX", secret_of("XXXX-XXXX")),
    ):
        assert client.get(f"/en/ideas/follow/{number}/{secret}/{rest}").status_code == 404, (number, secret)


@pytest.mark.parametrize("rest", ["", "withdraw/", "erase/", "data/"])
def test_programs_that_open_links_change_nothing(client: Client, content: Content, rest: str) -> None:
    for state, idea in content.states.items():
        for method in (client.head, client.get):
            method(link(idea, rest))
        found = Idea.objects.get(pk=idea.pk)
        assert (found.state, found.erased_at) == (state, None)


def test_a_second_click_on_withdraw_or_erase_does_nothing_more(client: Client, content: Content) -> None:
    idea = content.states[IdeaState.REVIEW]
    for rest, steps in (("withdraw/", 1), ("withdraw/", 1), ("erase/", 2), ("erase/", 2), ("withdraw/", 2)):
        assert client.post(link(idea, rest))["Location"] == link(idea)
        ends = idea.events.filter(action__in=[Action.WITHDRAW, Action.ERASE])
        assert ends.count() == steps
    assert client.get(link(idea)).status_code == 200, "the number still says what became of it"


def test_a_letter_of_a_decision_has_the_words_of_the_moderator_in_place_of_the_usual_ones(content: Content) -> None:
    idea = content.states[IdeaState.TRIAGE]
    mail.outbox.clear()
    move(idea.pk, Action.REJECT, Actor.MODERATOR, Said(reason=Reason.UNCLEAR, text="Который отдел?", note=NOTE))
    [letter] = mail.outbox
    html: Any = letter
    for text in (letter.body, html.alternatives[0][0]):
        assert "Который отдел?" in text
        assert "with an example" not in text
        assert NOTE not in text
    assert idea.title not in str(letter.subject)


class TestPublic:
    def test_the_api_has_the_public_page_and_none_of_the_person_but_the_credit(
        self, client: Client, content: Content
    ) -> None:
        own = content.russian.pages.get()
        response = client.get(f"/api/v2/pages/{own.pk}/")
        found = response.json()
        assert (found["number"], found["credit"], found["practice"]) == (content.russian.number, WORDS["name"], None)
        assert found["meta"]["locale"] == "ru"
        for hidden in ("ru@example.org", secret_of(content.russian.number), "consent", NOTE):
            assert hidden not in response.text

    @pytest.mark.parametrize("state", [IdeaState.ACCEPTED, IdeaState.PUBLISHED])
    def test_a_draft_is_nowhere(self, client: Client, content: Content, state: IdeaState) -> None:
        """Also of what counts as published: what an editor took off the site is not public."""
        draft = content.states[state].pages.get()
        assert not draft.live
        assert client.get(f"/api/v2/pages/{draft.pk}/").status_code == 404
        listed = client.get("/api/v2/pages/?type=ideas.IdeaPage&fields=number").json()["items"]
        assert draft.number not in {item["number"] for item in listed}
        assert client.get(f"/en/ideas/{draft.slug}/").status_code == 404

    def test_the_call_lists_what_it_brought_and_nothing_else(self, client: Client, content: Content) -> None:
        response = client.get(content.call.get_url())
        assert content.russian.pages.get().title in response.text
        assert "ru@example.org" not in response.text
        content.russian.pages.get().unpublish()
        assert content.russian.title not in client.get(content.call.get_url()).text

    def test_an_idea_in_another_language_is_marked_as_such_in_the_list(self, client: Client, content: Content) -> None:
        title = content.russian.pages.get().title
        marked = [found.get_text(" ", strip=True) for found in page(client.get("/en/ideas/")).select("main [lang=ru]")]
        assert any(title in text for text in marked), "a screen reader pronounces it as Russian"

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("Одну форму для школ и садов", True),
            ("форма", False),
            ("", False),
            ("!!! ??? …", False),
            ("Одна форма для школы " * 20_000, True),
            ("a b c d e f g", False),
            ("' OR 1=1 -- форма школы", True),
            ('"форма" AND NOT (школы*) NEAR', True),
        ],
    )
    def test_what_is_public_and_alike_is_shown_to_who_writes(self, content: Content, text: str, *, found: bool) -> None:
        with translation.override("ru"):
            titles = [one.title for one in published_like(text)]
        assert (content.russian.pages.get().title in titles) == found

    def test_an_arabic_reader_writes_without_being_shown_what_is_not_there(self, content: Content) -> None:
        with translation.override("ar"):
            assert published_like("استمارة واحدة للمدرسة") == []

    def test_what_moderators_edit_does_not_change_what_was_sent_in(self, content: Content) -> None:
        edited: Any = IdeaPage.objects.get(idea=content.russian)
        edited.title, edited.problem, edited.credit = "Другое название", "<p>Иначе.</p>", ""
        published(edited)
        sent = Idea.objects.get(pk=content.russian.pk)
        assert (sent.title, sent.problem) == (content.russian.title, WORDS["problem"])


class TestNumbers:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_monthly_report_opens_in_each_language(self, content: Content, language: str) -> None:
        with translation.override(language):
            book = load_workbook(io.BytesIO(workbook(months()[0])))
        assert len(set(book.sheetnames)) == 5
        assert all(len(name) <= 31 for name in book.sheetnames), "Excel opens no longer name"
        cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        assert not [cell for cell in cells if cell.startswith("=")], "no cell is a formula"
        for words in (WORDS["title"], WORDS["name"], "@example.org", NOTE, content.russian.title):
            assert not [cell for cell in cells if words in cell]

    def test_each_idea_is_in_one_state_at_the_end_of_the_month(self, content: Content) -> None:
        rows = load_workbook(io.BytesIO(workbook(months()[0])))["States"].iter_rows(min_row=2, values_only=True)
        counted = {str(row[0]): row[1] for row in rows}
        expected = {str(state.label): 1 for state in IdeaState} | {str(IdeaState.PUBLISHED.label): 2}
        assert counted == expected
        earlier = Month((months()[0].first - timedelta(days=1)).replace(day=1))
        before = load_workbook(io.BytesIO(workbook(earlier)))["States"].iter_rows(min_row=2, values_only=True)
        assert {row[1] for row in before} == {0}, "nothing had been sent in"

    def test_what_is_erased_is_still_counted(self, content: Content) -> None:
        idea = content.states[IdeaState.DECLINED]
        erase(idea.pk, Actor.SYSTEM)
        book = load_workbook(io.BytesIO(workbook(months()[0])))
        rows = {str(row[0]): row[1] for row in book["States"].iter_rows(min_row=2, values_only=True)}
        assert rows[str(IdeaState.DECLINED.label)] == 1
        steps = {str(row[0]): row[1] for row in book["Steps"].iter_rows(min_row=2, values_only=True)}
        assert steps[str(Action.ERASE.label)] == 1

    def test_the_digest_counts_whose_turn_it_is(self, content: Content, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            counts = digest_since(Idea.objects.all(), timezone.now() - timedelta(days=1))
        assert (counts.new, counts.overdue) == (1, 0)
        assert counts.by_state == dict.fromkeys(["confirmed", "triage", "review", "accepted"], 1)
        assert counts.by_language == {"en": 4}

    def test_the_digest_leaves_out_what_is_erased_and_what_is_old(self, content: Content) -> None:
        erase(content.states[IdeaState.CONFIRMED].pk, Actor.SUBMITTER)
        Idea.objects.filter(state=IdeaState.REVIEW).update(due_at=timezone.now() - timedelta(minutes=1))
        counts = digest_since(Idea.objects.all(), timezone.now() - timedelta(days=1))
        assert (counts.new, counts.overdue, counts.is_worth_a_mail) == (0, 1, True)
        assert "confirmed" not in counts.by_state
        assert not digest_since(Idea.objects.none(), timezone.now()).is_worth_a_mail
