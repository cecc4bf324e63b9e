"""What moderators see and do: the queue, one idea, its steps, personal data on request, many ideas at once."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.users.choices import Role
from cms.users.models import User
from cms.users.services import install_roles
from ideas.choices import TRANSITIONS, Action, Actor, IdeaState, Reason
from ideas.models import Idea, IdeaEvent
from ideas.services import erase
from tests.admin_lists import names, rows
from tests.answers import queries
from tests.contracts.test_permission_matrix import MATRIX, make_member
from tests.contracts.test_rights import is_refused
from tests.factories.ideas import WORDS, make_idea
from tests.factories.vocabularies import make_country, make_theme
from tests.ideas.browsing import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from django.test import Client

pytestmark = pytest.mark.django_db

QUEUE = "/admin/ideas/"
MODERATOR = Role.IDEA_MODERATOR
WAITING = {"Received", "Being looked at", "A question is open", "In review", "Accepted"}


@pytest.fixture(scope="module")
def ideas(made_once: Callable[[Callable[[], Any]], Any]) -> dict[IdeaState, Idea]:
    """An idea in each state, with a file, and an account of each role."""

    def make() -> dict[IdeaState, Idea]:
        install_roles()
        for role in MATRIX:
            make_member(role, make_country("KZ"))
        found = {}
        for number, state in enumerate(IdeaState):
            file = SimpleUploadedFile("plan.txt", b"<script>alert(1)</script>")
            facts: Any = {"title": f"The idea that is {state.value}", "email": f"person{number}@example.com"}
            found[state] = make_idea(state, by=User.objects.get(username=MODERATOR), files=[file], **facts)
        return found

    made: dict[IdeaState, Idea] = made_once(make)
    return made


@pytest.fixture
def moderating(client: Client, ideas: dict[IdeaState, Idea]) -> Client:
    client.force_login(User.objects.get(username=MODERATOR))
    return client


def open_idea(client: Client, idea: Idea) -> BeautifulSoup:
    response = client.get(f"{QUEUE}{idea.pk}/")
    assert response.status_code == 200
    return page(response)


def step(client: Client, idea: Idea, action: Action, **said: str) -> Any:
    return client.post(f"{QUEUE}{idea.pk}/step/{action.value}/", said)


def said_by_site(client: Client, response: Any) -> str:
    return page(client.get(response["Location"])).get_text(" ", strip=True)


def addresses(idea: Idea) -> list[str]:
    parts = ["", "who/", "erase/", "step/take-up/", "step/mark-spam/"]
    file = idea.files.first()
    return [QUEUE, f"{QUEUE}results/", *(f"{QUEUE}{idea.pk}/{part}" for part in parts)] + (
        [f"{QUEUE}files/{file.pk}/"] if file else []
    )


@pytest.mark.parametrize("role", [role for role in MATRIX if role != MODERATOR])
def test_nobody_else_sees_or_moves_anything(client: Client, ideas: dict[IdeaState, Idea], role: str) -> None:
    client.force_login(User.objects.get(username=role))
    before = list(Idea.objects.values()), IdeaEvent.objects.count(), ModelLogEntry.objects.count()
    for address in addresses(ideas[IdeaState.CONFIRMED]):
        assert is_refused(client.get(address)) or client.get(address).status_code == 405, address
        assert is_refused(client.post(address, {"reason": Reason.ADVERTISING})), address
    bulk(client, "mark_spam", ideas[IdeaState.CONFIRMED])
    assert (list(Idea.objects.values()), IdeaEvent.objects.count(), ModelLogEntry.objects.count()) == before


def test_who_is_not_signed_in_is_sent_to_do_so(client: Client, ideas: dict[IdeaState, Idea]) -> None:
    for address in addresses(ideas[IdeaState.CONFIRMED]):
        assert is_refused(client.get(address))


def test_the_queue_shows_what_waits_the_most_urgent_first(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    late = ideas[IdeaState.REVIEW]
    Idea.objects.filter(pk=late.pk).update(due_at=timezone.now() - datetime.timedelta(days=1))
    shown = rows(moderating, QUEUE)
    assert {row[2] for row in shown} == WAITING
    assert shown[0][:2] == ["The idea that is review", late.number]
    assert shown[0][-1].startswith("Overdue")
    assert ["Overdue" in row[-1] for row in shown[1:]] == [False] * (len(shown) - 1)


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ({"box": "spam"}, {"spam"}),
        ({"box": "unconfirmed"}, {"submitted"}),
        ({"box": "done"}, {"duplicate", "rejected", "declined", "published", "converted", "withdrawn"}),
        ({"box": "all"}, {state.value for state in IdeaState}),
        ({"state": ["spam", "review"]}, {"spam", "review"}),
        ({"box": "all", "language": "kk"}, set()),
        ({"box": "nonsense"}, None),
        ({"overdue": "yes"}, set()),
        ({"q": "idea that is triage"}, {"triage"}),
    ],
)
def test_the_queue_is_narrowed(moderating: Client, query: dict[str, Any], states: set[str] | None) -> None:
    found = {name.removeprefix("The idea that is ") for name in names(moderating, QUEUE, query)}
    if states is not None:
        assert found == states


def test_an_idea_is_found_by_its_number(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    assert [row[0] for row in rows(moderating, QUEUE, {"q": ideas[IdeaState.TRIAGE].number})] == [
        "The idea that is triage"
    ]


def test_the_queue_takes_as_many_queries_for_many_ideas_as_for_few(moderating: Client) -> None:
    make_idea(IdeaState.CONFIRMED, email="b@example.org", theme=make_theme(), country=make_country("GE"))
    few = queries(moderating, QUEUE)
    for number in range(10):
        theme = make_theme(f"theme-{number}")
        make_idea(IdeaState.CONFIRMED, email=f"b{number}@example.org", theme=theme, country=make_country("GE"))
    assert queries(moderating, QUEUE) <= few


def test_an_idea_is_shown_without_the_person(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    idea = ideas[IdeaState.TRIAGE]
    text = open_idea(moderating, idea).get_text(" ", strip=True)
    assert WORDS["proposal"] in text
    assert idea.number in text
    assert "Name and address are hidden" in text
    assert "Aigerim" not in text
    assert "example.com" not in text
    assert not ModelLogEntry.objects.filter(action="ideas.revealed").exists()


def test_the_person_is_shown_on_request_and_that_is_noted(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    idea = ideas[IdeaState.TRIAGE]
    address = f"{QUEUE}{idea.pk}/who/"
    assert moderating.get(address).status_code == 405
    text = page(moderating.post(address)).get_text(" ", strip=True)
    assert "Aigerim N." in text
    assert "example.com" in text
    assert ModelLogEntry.objects.filter(action="ideas.revealed", user__username=MODERATOR, label=idea.number).exists()
    assert "Show personal data" in open_idea(moderating, idea).get_text()
    assert "Aigerim" not in open_idea(moderating, idea).get_text(), "for the next time it is hidden again"


@pytest.mark.parametrize("state", IdeaState)
def test_the_buttons_are_the_steps_that_can_be_taken(
    moderating: Client, ideas: dict[IdeaState, Idea], state: IdeaState
) -> None:
    links = [str(link["href"]) for link in open_idea(moderating, ideas[state]).select(".idea-buttons a")]
    offered = {link.split("/")[-2] for link in links if "/step/" in link}
    assert offered == {
        action.value
        for action, transition in TRANSITIONS.items()
        if state in transition.sources and Actor.MODERATOR in transition.actors
    }
    for link in links:
        assert moderating.get(link).status_code == 200


def test_a_question_is_asked(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    idea = ideas[IdeaState.TRIAGE]
    asked = step(moderating, idea, Action.ASK, text="Which offices?", note="They called")
    assert "is now: A question is open" in said_by_site(moderating, asked)
    assert "Which offices?" in mail.outbox[-1].body
    assert "They called" not in mail.outbox[-1].body
    shown = open_idea(moderating, idea).get_text(" ", strip=True)
    assert "Which offices?" in shown
    assert "They called" in shown


def test_a_step_without_what_it_needs_is_asked_for_again(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    idea = ideas[IdeaState.TRIAGE]
    assert "Write what is to be said." in step(moderating, idea, Action.ASK, text=" ").content.decode()
    assert "Choose a reason." in step(moderating, idea, Action.REJECT, text="No").content.decode()
    assert "Select a valid choice" in step(moderating, idea, Action.REJECT, reason="too-costly").content.decode()
    assert Idea.objects.get(pk=idea.pk).state == IdeaState.TRIAGE


def test_the_usual_words_of_a_reason_stand_ready_in_the_submitters_language(moderating: Client) -> None:
    idea = make_idea(IdeaState.TRIAGE, language="ru", email="r@example.org")
    document = page(moderating.get(f"{QUEUE}{idea.pk}/step/reject/"))
    [reason], [text] = document.select("select[name=reason]"), document.select("textarea[name=text]")
    assert text["lang"] == "ru"
    assert {name for name in reason.attrs if name.startswith("data-words-")} == {
        f"data-words-{code}" for code in TRANSITIONS[Action.REJECT].reasons
    }
    step(moderating, idea, Action.REJECT, reason=Reason.UNCLEAR, text="")
    event = idea.events.latest("pk")
    assert (event.reason, event.text) == (Reason.UNCLEAR, reason["data-words-unclear"])


def test_a_step_that_no_longer_follows_is_refused_with_a_sentence(
    moderating: Client, ideas: dict[IdeaState, Idea]
) -> None:
    idea = ideas[IdeaState.DECLINED]
    events = idea.events.count()
    opened = moderating.get(f"{QUEUE}{idea.pk}/step/take-up/")
    assert "does not apply to idea" in said_by_site(moderating, opened)
    assert "does not apply to idea" in said_by_site(moderating, step(moderating, idea, Action.TAKE_UP))
    assert idea.events.count() == events


@pytest.mark.parametrize("action", ["confirm", "answer", "withdraw", "erase", "reveal", "submit", "nonsense"])
def test_no_other_step_has_a_screen(moderating: Client, ideas: dict[IdeaState, Idea], action: str) -> None:
    for idea in (ideas[IdeaState.SUBMITTED], ideas[IdeaState.NEEDS_INFORMATION]):
        address = f"{QUEUE}{idea.pk}/step/{action}/"
        assert moderating.get(address).status_code == moderating.post(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_what_is_no_idea_is_not_found(moderating: Client, number: str) -> None:
    for part in ("", "erase/", "step/take-up/"):
        assert moderating.get(f"{QUEUE}{number}/{part}").status_code == 404
    assert moderating.get(f"{QUEUE}files/{number}/").status_code == 404


def test_somebody_is_erased_on_request(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    idea = ideas[IdeaState.REVIEW]
    address = f"{QUEUE}{idea.pk}/erase/"
    assert "nobody can bring them back" in moderating.get(address).content.decode()
    assert Idea.objects.get(pk=idea.pk).title
    assert "was erased" in said_by_site(moderating, moderating.post(address))
    assert Idea.objects.get(pk=idea.pk).erased_at
    document = open_idea(moderating, idea)
    assert not document.select(".idea-buttons")
    assert "erased already" in moderating.get(address).content.decode()
    assert "name and the address were deleted" in document.get_text(" ", strip=True)


def test_an_attachment_is_saved_and_never_opened(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    file = ideas[IdeaState.TRIAGE].files.get()
    answer: Any = moderating.get(f"{QUEUE}files/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.txt"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def bulk(client: Client, action: str, *ideas: Idea, query: Any = None) -> Any:
    address = reverse("wagtail_bulk_action", args=("ideas", "idea", action))
    ids = query or [("id", idea.pk) for idea in ideas]
    return client.post(f"{address}?{urlencode([('next', QUEUE), *ids])}")


def test_many_ideas_go_to_the_spam_and_back(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    chosen = [ideas[state] for state in (IdeaState.CONFIRMED, IdeaState.TRIAGE, IdeaState.DECLINED)]
    address = reverse("wagtail_bulk_action", args=("ideas", "idea", "mark_spam"))
    asked = moderating.get(f"{address}?{urlencode([('next', QUEUE), *(('id', idea.pk) for idea in chosen)])}")
    assert "does not apply to these" in page(asked).get_text()
    assert "2 ideas were moved" in said_by_site(moderating, bulk(moderating, "mark_spam", *chosen))
    assert [Idea.objects.get(pk=idea.pk).state for idea in chosen] == ["spam", "spam", "declined"]
    event = chosen[0].events.latest("pk")
    assert (event.user and event.user.username, event.reason) == (MODERATOR, Reason.ADVERTISING)
    bulk(moderating, "restore", *chosen)
    assert [Idea.objects.get(pk=idea.pk).state for idea in chosen] == ["triage", "triage", "declined"]
    assert mail.outbox == []


def test_all_of_a_list_are_no_more_than_those_that_can_take_the_step(
    moderating: Client, ideas: dict[IdeaState, Idea]
) -> None:
    bulk(moderating, "mark_spam", query=[("id", "all")])
    left = set(Idea.objects.exclude(state=IdeaState.SPAM).values_list("state", flat=True))
    assert left == set(IdeaState) - {*TRANSITIONS[Action.MARK_SPAM].sources, IdeaState.SPAM}


@pytest.mark.parametrize(
    ("query", "moved"),
    [
        ([("language", "ru")], {"triage ru"}),
        ([("q", "plan of mine")], {"triage en"}),
        ([("box", "spam")], set()),
        ([("state", "confirmed")], {"confirmed en"}),
        ([("overdue", "yes")], {"triage ru"}),
        ([("language", "none-such")], set()),
    ],
)
def test_all_of_a_list_that_is_narrowed_are_those_that_it_shows(
    client: Client, moderator: User, query: list[tuple[str, str]], moved: set[str]
) -> None:
    make_idea(IdeaState.CONFIRMED, email="a@example.com")
    make_idea(IdeaState.TRIAGE, title="The plan of mine", email="b@example.com")
    late = make_idea(IdeaState.TRIAGE, language="ru", email="c@example.com")
    Idea.objects.filter(pk=late.pk).update(due_at=timezone.now() - datetime.timedelta(days=1))
    client.force_login(moderator)
    before = {idea.pk: f"{idea.state} {idea.language}" for idea in Idea.objects.exclude(state="spam")}
    assert bulk(client, "mark_spam", query=[("id", "all"), *query]).status_code == 302
    assert {before[idea.pk] for idea in Idea.objects.filter(state="spam", pk__in=before)} == moved


def test_what_is_erased_is_marked_in_the_list(moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
    erase(ideas[IdeaState.DECLINED].pk, Actor.SUBMITTER)
    assert "(erased)" in names(moderating, QUEUE, {"state": "declined"})
