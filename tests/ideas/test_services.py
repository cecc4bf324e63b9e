"""What happens to ideas besides their steps: numbers, links, consent, clocks, limits."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ideas.choices import Action, Actor, IdeaState, Reason
from ideas.errors import RefusedError
from ideas.history import Said
from ideas.models import ConsentText, Idea, Submitter
from ideas.services import move, opens, submit
from tests.factories.ideas import WORDS, make_idea

if TYPE_CHECKING:
    from cms.users.models import User

pytestmark = pytest.mark.django_db


def test_a_reason_is_given_in_the_submitters_language_and_can_be_reworded(moderator: User) -> None:
    idea = make_idea(IdeaState.TRIAGE, by=moderator, language="ru")
    move(idea.pk, Action.REJECT, moderator, Said(reason=Reason.UNCLEAR, text="Приведите пример."))
    assert "Приведите пример." in mail.outbox[-1].body
    other = make_idea(IdeaState.TRIAGE, by=moderator, email="b@example.org")
    move(other.pk, Action.REJECT, moderator, Said(reason=Reason.UNCLEAR))
    assert "with an example" in mail.outbox[-1].body


def test_a_number_can_be_read_out_and_not_be_counted_on() -> None:
    numbers = [make_idea(email=f"{number}@example.org").number for number in range(20)]
    assert len(set(numbers)) == 20
    assert sorted(numbers) != numbers
    assert all(len(number) == 9 and number[4] == "-" and not set(number) & set("AEIOUY01L") for number in numbers)


def test_the_database_does_not_hold_what_opens_the_status_page() -> None:
    idea = make_idea()
    link = next(word for word in mail.outbox[-1].body.split() if "/ideas/follow/" in word)
    number, secret = link.split("/ideas/follow/")[1].split("/")[:2]
    assert number == idea.number
    assert opens(idea, secret)
    assert not opens(idea, idea.secret)
    assert secret not in str(Idea.objects.values().get(pk=idea.pk))


def test_a_link_serves_on_after_the_key_of_the_site_has_changed(settings: Any) -> None:
    idea = make_idea()
    secret = mail.outbox[-1].body.split("/ideas/follow/")[1].split("/")[1]
    settings.SECRET_KEY = "another-one"  # noqa: S105 - signs nothing outside of this test
    assert opens(idea, secret)
    move(idea.pk, Action.CONFIRM, Actor.SUBMITTER)
    fresh = mail.outbox[-1].body.split("/ideas/follow/")[1].split("/")[1]
    assert fresh != secret
    assert opens(Idea.objects.get(pk=idea.pk), fresh), "a new mail has a link that works"


def test_the_words_of_a_consent_are_kept_once_for_all_who_read_them() -> None:
    one, two = make_idea(), make_idea(email="b@example.org")
    assert one.consent == two.consent
    assert ConsentText.objects.get().text == "I agree."
    submit({**WORDS, "email": "c@example.org"}, [], language="en", ticket="x", consent="I agree, and more.")
    submit({**WORDS, "email": "d@example.org"}, [], language="ru", ticket="y", consent="I agree.")
    assert ConsentText.objects.count() == 3


def test_a_form_serves_once() -> None:
    submit(WORDS, [], language="en", ticket="one", consent="I agree.")
    with pytest.raises(RefusedError, match=r"sent already"):
        submit(WORDS | {"email": "b@example.org"}, [], language="en", ticket="one", consent="I agree.")
    assert Idea.objects.count() == Submitter.objects.count() == len(mail.outbox) == 1


def test_nobodys_mailbox_is_filled(settings: Any) -> None:
    for _number in range(settings.IDEAS_UNCONFIRMED_LIMIT):
        make_idea()
    with pytest.raises(RefusedError, match=r"wait for this e-mail address"):
        make_idea()
    assert len(mail.outbox) == Idea.objects.count() == settings.IDEAS_UNCONFIRMED_LIMIT
    move(Idea.objects.order_by("pk")[0].pk, Action.CONFIRM, Actor.SUBMITTER)
    make_idea()


def test_the_clock_of_a_state_stands_while_a_question_is_open(settings: Any, moderator: User) -> None:
    idea = make_idea(IdeaState.TRIAGE, by=moderator)
    assert idea.due_at == idea.state_since + settings.IDEAS_TARGETS["triage"]
    Idea.objects.filter(pk=idea.pk).update(due_at=timezone.now() + datetime.timedelta(days=2))
    asked = move(idea.pk, Action.ASK, moderator, Said(text="Which offices?"))
    assert asked.due_at is None
    assert not asked.is_overdue
    answered = move(idea.pk, Action.ANSWER, Actor.SUBMITTER, Said(text="All of them."))
    assert answered.due_at
    left = answered.due_at - timezone.now()
    assert datetime.timedelta(days=1, hours=23) < left <= datetime.timedelta(days=2)
    assert answered.time_left is None


def test_what_was_overdue_before_a_question_is_overdue_after_it(moderator: User) -> None:
    idea = make_idea(IdeaState.TRIAGE, by=moderator)
    Idea.objects.filter(pk=idea.pk).update(due_at=timezone.now() - datetime.timedelta(days=1))
    move(idea.pk, Action.ASK, moderator, Said(text="Which offices?"))
    assert move(idea.pk, Action.GO_ON, moderator).is_overdue


def test_who_is_not_signed_in_has_no_part_in_ideas() -> None:
    idea = make_idea()
    stranger: Any = AnonymousUser()
    with pytest.raises(PermissionDenied):
        move(idea.pk, Action.MARK_SPAM, stranger)
