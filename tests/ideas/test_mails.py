"""What submitters are written to: in their language, without words of strangers, and no longer once they are gone."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from cms.background.models import Letter
from cms.users.choices import Role
from cms.users.models import User
from cms.workflows.choices import Frequency, Kind
from cms.workflows.notifications import frequencies, subscribe
from ideas.choices import TRANSITIONS, Action, Actor, IdeaState
from ideas.history import Said
from ideas.mails import HEADER, confirmation_code, mail_step, secret_of, unsent
from ideas.models import Idea, Submitter
from ideas.services import move
from ideas.tasks import tell_moderators
from ideas.wording import MEANING
from tests.background.effects import work
from tests.factories.ideas import WORDS, actor_at, make_idea, said_at
from tests.users.people import make

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

TOLD = [action for action, transition in TRANSITIONS.items() if transition.is_told]


def newest() -> Any:
    return mail.outbox[-1]


@pytest.fixture
def queued(settings: Any) -> None:
    settings.EMAIL_BACKEND = "cms.background.mail.QueueBackend"
    settings.TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}


@pytest.mark.parametrize("action", TOLD)
def test_each_step_that_is_told_says_what_it_means_and_where_to_look(action: Action) -> None:
    idea = make_idea(TRANSITIONS[action].sources[0])
    actor = actor_at(action, Actor.MODERATOR)
    said = said_at(action, text="Words of a moderator <now> & then", note="Not for the submitter")
    after = move(idea.pk, action, actor, said)
    letter = newest()
    html = letter.alternatives[0][0]
    assert letter.to == ["aigerim@example.org"]
    assert letter.subject == f"Idea {idea.number}: {after.get_state_display()}"
    assert str(MEANING[after.state]) in letter.body
    assert "Words of a moderator <now> & then" in letter.body
    assert "Words of a moderator &lt;now&gt; &amp; then" in html
    assert WORDS["title"] in letter.body
    assert "Dear Aigerim N.," in letter.body
    assert f"/en/ideas/follow/{idea.number}/{secret_of(idea.number)}/" in letter.body
    assert "Not for the submitter" not in letter.body + html
    assert ("Answer here:" in letter.body) == (action == Action.ASK)


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_mail_is_in_the_language_of_the_idea_whoever_takes_the_step(language: str, moderator: User) -> None:
    with translation.override("kk"):
        idea = make_idea(IdeaState.TRIAGE, language=language)
        move(idea.pk, Action.SEND_TO_REVIEW, moderator)
    letters: list[Any] = list(mail.outbox)
    for letter in letters:
        body, html = letter.body, letter.alternatives[0][0]
        assert f"/{language}/ideas/follow/" in body
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html


def test_without_a_name_nobody_is_addressed_by_one() -> None:
    make_idea(IdeaState.CONFIRMED, name="")
    assert newest().body.startswith("Good day,")


def test_markup_in_the_words_of_an_idea_is_no_markup_in_a_mail() -> None:
    make_idea(IdeaState.CONFIRMED, title="<b>One</b> form & more", name='"><img src=x>')
    html = newest().alternatives[0][0]
    assert "<b>One</b>" not in html
    assert "<img" not in html
    assert "<b>One</b> form & more" in newest().body


def test_mails_are_known_by_the_number_of_their_idea(queued: None) -> None:
    one, two = make_idea(), make_idea(email="b@example.org")
    assert [letter.content["headers"][HEADER] for letter in unsent(one.number)] == [one.number]
    assert unsent(two.number).count() == 1
    work()
    assert unsent(one.number).count() == unsent(two.number).count() == 0
    assert Letter.objects.count() == 2


def test_nobody_is_written_to_whose_address_is_gone() -> None:
    idea = make_idea(IdeaState.TRIAGE)
    Submitter.objects.filter(idea=idea).delete()
    before = len(mail.outbox)
    moved = move(idea.pk, Action.ASK, Actor.MODERATOR, Said(text="Which offices?"))
    mail_step(Idea.objects.get(pk=moved.pk), moved.events.latest("pk"))
    assert len(mail.outbox) == before


def test_a_mail_that_waits_is_not_sent_once_the_idea_is_withdrawn(queued: None) -> None:
    idea = make_idea(IdeaState.CONFIRMED)
    assert unsent(idea.number).count() == 2
    move(idea.pk, Action.WITHDRAW, Actor.SUBMITTER)
    work()
    assert mail.outbox == []


def test_codes_differ_by_idea_and_by_address_and_by_key(settings: Any) -> None:
    codes = {
        confirmation_code(number, address)
        for number in ("BBBB-BBBB", "BBBB-BBBC")
        for address in ("a@example.org", "b@example.org")
    }
    assert len(codes) == 4
    assert secret_of("BBBB-BBBB") not in codes
    before = secret_of("BBBB-BBBB")
    settings.SECRET_KEY = "another-one"  # noqa: S105 - signs nothing outside of this test
    assert secret_of("BBBB-BBBB") != before
    assert confirmation_code("BBBB-BBBB", "a@example.org") not in codes


class TestDigest:
    """Moderators are told once a day how many ideas wait, by numbers alone."""

    def test_each_moderator_has_one_mail_without_anybodys_words(self, moderator: User) -> None:
        make("second", Role.IDEA_MODERATOR)
        make("editor", Role.EDITOR)
        User.objects.filter(pk=make("gone", Role.IDEA_MODERATOR).pk).update(is_active=False)
        make_idea(IdeaState.CONFIRMED)
        make_idea(IdeaState.REVIEW, language="ru", email="b@example.org")
        make_idea(IdeaState.NEEDS_INFORMATION, email="c@example.org")
        mail.outbox.clear()
        tell_moderators.enqueue()
        assert sorted(letter.to[0] for letter in mail.outbox) == ["moderator@example.org", "second@example.org"]
        letter: Any = mail.outbox[0]
        assert letter.subject.startswith("1 new idea waits")
        assert "Received: 1" in letter.body
        assert "In review: 1" in letter.body
        assert "Русский: 1" in letter.body
        assert "question" not in letter.body
        assert "/admin/ideas/" in letter.body
        for words in (WORDS["title"], "Aigerim", "aigerim@"):
            assert words not in str(letter.message())

    def test_nobody_is_written_to_where_nothing_is_new_and_nothing_late(self, moderator: User) -> None:
        idea = make_idea(IdeaState.CONFIRMED)
        Idea.objects.filter(pk=idea.pk).update(state_since=timezone.now() - datetime.timedelta(days=2))
        make_idea(IdeaState.SUBMITTED, email="b@example.org")
        mail.outbox.clear()
        tell_moderators.enqueue()
        assert mail.outbox == []

    def test_what_is_overdue_is_said(self, moderator: User) -> None:
        idea = make_idea(IdeaState.TRIAGE)
        Idea.objects.filter(pk=idea.pk).update(due_at=timezone.now() - datetime.timedelta(days=1))
        mail.outbox.clear()
        tell_moderators.enqueue()
        [letter] = mail.outbox
        assert letter.subject.startswith("Ideas are overdue")
        assert "1 is overdue" in letter.body

    def test_it_is_written_in_the_language_of_the_moderator(self, moderator: User) -> None:
        UserProfile.objects.create(user=moderator, preferred_language="ru")
        make_idea(IdeaState.CONFIRMED)
        mail.outbox.clear()
        tell_moderators.enqueue()
        [letter] = mail.outbox
        with translation.override("ru"):
            assert str(IdeaState.CONFIRMED.label) in letter.body

    def test_who_wants_no_such_mail_has_none_and_may_change_their_mind(self, client: Client, moderator: User) -> None:
        """By the link of the mail without signing in, and by the account."""
        make("second", Role.IDEA_MODERATOR)
        make_idea(IdeaState.CONFIRMED)
        mail.outbox.clear()
        tell_moderators.enqueue()
        letter: Any = next(one for one in mail.outbox if one.to == ["moderator@example.org"])
        stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for words in (letter.body, letter.alternatives[0][0]):
            assert stop in words
            assert "/admin/account/" in words
        assert client.get(urlsplit(stop).path).status_code == 200
        assert frequencies(moderator)["ideas"] == "daily", "programs open links to look for viruses"
        assert client.post(urlsplit(stop).path).status_code == 200
        mail.outbox.clear()
        tell_moderators.enqueue()
        assert [one.to for one in mail.outbox] == [["second@example.org"]]
        subscribe(moderator, Kind.IDEAS, Frequency.DAILY)
        tell_moderators.enqueue()
        assert len(mail.outbox) == 3
