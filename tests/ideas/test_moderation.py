"""Where moderators and submitters meet the edges: long words, lost files, somebody who was quicker, every language."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from cms.languages import interface_languages
from cms.users.choices import Role
from cms.users.services import install_roles
from ideas.choices import TRANSITIONS, Action, Actor, IdeaState, Reason
from ideas.fields import OneLine
from ideas.mails import secret_of
from ideas.models import Idea
from ideas.moderation import StepForm
from ideas.services import erase, move
from ideas.wording import MEANING, WHY
from tests.factories.ideas import actor_at, make_idea, said_at
from tests.ideas.browsing import FILLED_IN, errors, page, send
from tests.users.people import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from cms.users.models import User

pytestmark = pytest.mark.django_db
QUEUE = "/admin/ideas/"
LANGUAGES = [code for code, _name in interface_languages()]
OF_FORM = Q(submitter__email=FILLED_IN["email"])
TOLD = [action for action, transition in TRANSITIONS.items() if transition.is_told]


@pytest.fixture(scope="module")
def ideas(made_once: Callable[[Callable[[], Any]], Any]) -> dict[IdeaState, Idea]:
    """A moderator, and an idea in each state."""

    def create() -> dict[IdeaState, Idea]:
        install_roles()
        by = make("moderator", Role.IDEA_MODERATOR)
        files = {state: [SimpleUploadedFile("план 1.txt", b"words")] for state in (IdeaState.TRIAGE,)}
        return {
            state: make_idea(state, by=by, email=f"{state.value}@example.org", files=files.get(state, ()))
            for state in IdeaState
        }

    found: dict[IdeaState, Idea] = made_once(create)
    return found


@pytest.fixture
def moderating(client: Client, ideas: dict[IdeaState, Idea]) -> Client:
    client.force_login(who())
    return client


def who() -> User:
    from cms.users.models import User

    return User.objects.get(username="moderator")


def state_of(idea: Idea) -> str:
    return Idea.objects.get(pk=idea.pk).state


def status_page(idea: Idea, part: str = "") -> str:
    return f"/en/ideas/follow/{idea.number}/{secret_of(idea.number)}/{part}"


def bulk(client: Client, action: str, *ideas: Idea) -> Any:
    address = reverse("wagtail_bulk_action", args=("ideas", "idea", action))
    return client.post(f"{address}?{urlencode([('next', QUEUE), *(('id', idea.pk) for idea in ideas)])}")


@contextmanager
def somebody_quicker(idea: Idea, state: IdeaState) -> Iterator[None]:
    """Another request changes the state of an idea after this one has read it, and before it locks the row.

    What is refused is undone, and so is the change, which happens on the same connection.
    """
    read = []

    def intervene(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.startswith("SELECT") and 'FROM "ideas_idea"' in sql:
            read.append(sql)
            if len(read) == 2:
                Idea.objects.filter(pk=idea.pk).update(state=state, state_since=timezone.now())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(intervene):
        yield
    assert len(read) > 1


class TestSomebodyWasQuicker:
    def test_a_submitter_who_withdraws_what_was_decided_meanwhile_is_led_to_its_state(
        self, client: Client, ideas: dict[IdeaState, Idea]
    ) -> None:
        idea = ideas[IdeaState.REVIEW]
        with somebody_quicker(idea, IdeaState.DECLINED):
            answer = client.post(status_page(idea, "withdraw/"))
        assert (answer.status_code, answer["Location"]) == (302, status_page(idea))
        assert hasattr(Idea.objects.get(pk=idea.pk), "submitter"), "nothing was withdrawn"

    def test_an_answer_to_a_question_that_is_closed_is_refused_with_a_sentence(
        self, client: Client, ideas: dict[IdeaState, Idea]
    ) -> None:
        idea = ideas[IdeaState.NEEDS_INFORMATION]
        with somebody_quicker(idea, IdeaState.TRIAGE):
            answer = client.post(status_page(idea), {"text": "All of them."})
        assert errors(answer) == ["The question is no longer open. Your answer was not kept."]
        assert not idea.events.filter(action=Action.ANSWER).exists()

    def test_a_moderator_is_told_and_nothing_is_noted(self, moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
        idea = ideas[IdeaState.TRIAGE]
        with somebody_quicker(idea, IdeaState.SPAM):
            answer = moderating.post(f"{QUEUE}{idea.pk}/step/send-to-review/", {"note": "good"})
        assert "does not apply to idea" in page(moderating.get(answer["Location"])).get_text()
        assert not idea.events.filter(action=Action.SEND_TO_REVIEW).exists()

    def test_of_many_ideas_the_others_are_moved(self, moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
        one, other = ideas[IdeaState.CONFIRMED], ideas[IdeaState.TRIAGE]
        with somebody_quicker(one, IdeaState.REVIEW):
            answer = bulk(moderating, "mark_spam", one, other)
        assert "1 idea was moved" in page(moderating.get(answer["Location"])).get_text()
        assert [state_of(one), state_of(other)] == [IdeaState.CONFIRMED, IdeaState.SPAM]

    def test_two_clicks_confirm_once(self, client: Client, ideas: dict[IdeaState, Idea]) -> None:
        idea = ideas[IdeaState.TRIAGE]
        for _click in range(2):
            answer = moderating_step(client, idea, Action.SEND_TO_REVIEW)
        assert answer.status_code == 302
        assert idea.events.filter(action=Action.SEND_TO_REVIEW).count() == 1


def moderating_step(client: Client, idea: Idea, action: Action, **said: str) -> Any:
    client.force_login(who())
    return client.post(f"{QUEUE}{idea.pk}/step/{action.value}/", said)


class TestWords:
    @pytest.mark.parametrize(("field", "limit"), [("text", 4000), ("note", 2000)])
    def test_a_break_counts_once_for_moderators_as_well(
        self, ideas: dict[IdeaState, Idea], field: str, limit: int
    ) -> None:
        def form(words: str) -> StepForm:
            given = {"text": "Which offices?", field: words}
            return StepForm(given, idea=ideas[IdeaState.TRIAGE], transition=TRANSITIONS[Action.ASK])

        as_long_as_may_be = "a\r\n" * (limit // 2 - 1) + "bc"
        assert form(as_long_as_may_be).is_valid()
        assert set(form(f"{as_long_as_may_be}d").errors) == {field}
        asked = form("a\r\nb\rc")
        assert asked.is_valid()
        assert getattr(asked.said, field) == "a\nb\nc"

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [("  a \t b\n c ", "a b c"), ("a\u00a0b", "a b"), ("\u2003", ""), ("one", "one"), ("", "")],
    )
    def test_what_stands_on_one_line_has_single_spaces(self, sent: str, kept: str) -> None:
        assert OneLine(required=False).clean(sent) == kept

    @pytest.mark.parametrize(
        ("title", "is_kept"),
        [
            ("a" + " " * 20 + "b", False),
            ("One \n\n form", False),
            ("One\nform for all", True),
            ("One " + " " * 200 + "form for all", True),
            ("x" * 120, True),
            ("x" * 121, False),
        ],
        ids=["spaces", "breaks", "a break", "many spaces", "as long as it may be", "too long"],
    )
    def test_the_length_of_a_title_is_that_of_its_words(self, client: Client, title: str, *, is_kept: bool) -> None:
        answer = send(client, title=title)
        assert (answer.status_code == 302) == is_kept == Idea.objects.filter(OF_FORM).exists()
        if is_kept:
            assert Idea.objects.get(OF_FORM).title == " ".join(title.split())
        else:
            assert len(errors(answer)) == 1

    @pytest.mark.parametrize(
        ("name", "count"),
        [("Aigerim" + " " * 200 + "N.", 0), ("x" * 121, 1), ("  ", 1)],
        ids=["spaces", "long", "none"],
    )
    def test_a_name_that_is_shown_has_words(self, client: Client, name: str, count: int) -> None:
        answer = send(client, name=name, wants_credit="on")
        assert len(errors(answer) if answer.status_code != 302 else []) == count
        if not count:
            assert Idea.objects.get(OF_FORM).submitter.name == "Aigerim N."


class TestFiles:
    def test_a_file_that_is_lost_is_not_found(self, moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
        file = ideas[IdeaState.TRIAGE].files.get()
        file.file.name = "ideas/lost.txt"
        file.save()
        assert moderating.get(f"{QUEUE}files/{file.pk}/").status_code == 404

    def test_a_file_has_the_name_that_it_was_sent_with(self, moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
        file = ideas[IdeaState.TRIAGE].files.get()
        answer: Any = moderating.get(f"{QUEUE}files/{file.pk}/")
        assert b"".join(answer.streaming_content) == b"words"
        assert "filename*=utf-8''%D0%BF%D0%BB%D0%B0%D0%BD%201.txt" in answer["Content-Disposition"]

    @pytest.mark.parametrize("by", [Actor.SUBMITTER, Actor.SYSTEM])
    def test_after_erasing_there_is_no_file_to_save(
        self, moderating: Client, ideas: dict[IdeaState, Idea], by: Actor
    ) -> None:
        idea = ideas[IdeaState.TRIAGE]
        file = idea.files.get()
        idea.files.update(file="ideas/elsewhere.txt")
        erase(idea.pk, by)
        assert moderating.get(f"{QUEUE}files/{file.pk}/").status_code == 404


class TestMany:
    def test_the_right_is_looked_up_once_for_many_ideas(
        self, moderating: Client, ideas: dict[IdeaState, Idea], django_assert_max_num_queries: Any
    ) -> None:
        chosen = [make_idea(email=f"many{number}@example.org") for number in range(15)]
        address = reverse("wagtail_bulk_action", args=("ideas", "idea", "mark_spam"))
        query = urlencode([("next", QUEUE), *(("id", idea.pk) for idea in chosen)])
        with django_assert_max_num_queries(25):
            assert "does not apply to these" in page(moderating.get(f"{address}?{query}")).get_text()

    def test_ideas_of_which_none_can_take_the_step_stay(self, moderating: Client, ideas: dict[IdeaState, Idea]) -> None:
        before = {idea.pk: state_of(idea) for idea in ideas.values()}
        answer = bulk(moderating, "restore", *[ideas[state] for state in (IdeaState.REVIEW, IdeaState.DECLINED)])
        assert answer.status_code == 302
        assert {idea.pk: state_of(idea) for idea in ideas.values()} == before


class TestLanguages:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("action", TOLD)
    def test_a_step_is_told_in_the_language_of_the_idea(self, language: str, action: Action) -> None:
        idea = make_idea(TRANSITIONS[action].sources[0], language=language, name="")
        actor = actor_at(action, Actor.MODERATOR)
        with translation.override(next(code for code in LANGUAGES if code != language)):
            after = move(idea.pk, action, actor, said_at(action))
        letter: Any = mail.outbox[-1]
        with translation.override(language):
            assert str(after.get_state_display()) in letter.subject
            assert str(MEANING[after.state]) in letter.body
            for reason in TRANSITIONS[action].reasons[:1]:
                assert str(WHY[reason]) in letter.body
        assert f"/{language}/ideas/follow/{idea.number}/" in letter.body

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_usual_words_of_a_reason_are_those_of_the_submitter(self, language: str) -> None:
        idea = make_idea(IdeaState.TRIAGE, language=language)
        form = StepForm(idea=idea, transition=TRANSITIONS[Action.MARK_DUPLICATE])
        attributes = form.fields["reason"].widget.attrs
        with translation.override(language):
            assert attributes[f"data-words-{Reason.IN_USE}"] == str(WHY[Reason.IN_USE])
        assert form.fields["text"].widget.attrs["lang"] == language
