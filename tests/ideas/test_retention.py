"""For how long what is kept: to the minute, by the clock of the state, and by nothing else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ideas.choices import Action, Actor, IdeaState, Reason, Stage, SubmitterKind
from ideas.history import Said
from ideas.models import Idea, IdeaFile, Submitter
from ideas.services import erase, move
from ideas.tasks import LONGEST_REQUEST, forget
from tests.factories.ideas import make_idea
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from cms.users.models import User

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
FOR_EVER = set(IdeaState) - {IdeaState(state) for state in site_settings.IDEAS_RETENTION}


@pytest.fixture(scope="module")
def ideas(made_once: Callable[[Callable[[], Any]], Any]) -> dict[IdeaState, Idea]:
    """An idea in each state."""

    def make() -> dict[IdeaState, Idea]:
        return {state: make_idea(state, email=f"{state.value}@example.org") for state in IdeaState}

    made: dict[IdeaState, Idea] = made_once(make)
    return made


def since(idea: Idea, span: timedelta) -> None:
    Idea.objects.filter(pk=idea.pk).update(state_since=timezone.now() - span)


@pytest.mark.parametrize("state", site_settings.IDEAS_RETENTION)
def test_the_time_of_a_state_ends_to_the_minute(ideas: dict[IdeaState, Idea], state: str) -> None:
    idea, span = ideas[IdeaState(state)], site_settings.IDEAS_RETENTION[state]
    since(idea, span - MINUTE)
    assert list(Idea.objects.outlived()) == []
    since(idea, span + MINUTE)
    assert list(Idea.objects.outlived()) == [idea]


@pytest.mark.parametrize("state", sorted(FOR_EVER))
def test_what_somebody_works_on_has_no_end(ideas: dict[IdeaState, Idea], state: IdeaState) -> None:
    since(ideas[state], timedelta(days=10_000))
    assert not Idea.objects.outlived().exists()


def test_it_is_the_state_that_counts_and_not_the_age(ideas: dict[IdeaState, Idea]) -> None:
    Idea.objects.update(created_at=timezone.now() - timedelta(days=10_000))
    assert not Idea.objects.outlived().exists()


def test_an_answer_and_a_step_back_begin_the_time_anew(ideas: dict[IdeaState, Idea], moderator: User) -> None:
    asked, spam = ideas[IdeaState.NEEDS_INFORMATION], ideas[IdeaState.SPAM]
    for idea in (asked, spam):
        since(idea, timedelta(days=10_000))
    move(asked.pk, Action.ANSWER, Actor.SUBMITTER, Said(text="All of them."))
    move(spam.pk, Action.RESTORE, moderator)
    move(spam.pk, Action.MARK_SPAM, moderator, Said(reason=Reason.ADVERTISING))
    assert not Idea.objects.outlived().exists()


def test_what_was_erased_is_not_erased_again(ideas: dict[IdeaState, Idea]) -> None:
    idea = ideas[IdeaState.SPAM]
    since(idea, timedelta(days=10_000))
    for _time in range(2):
        forget.enqueue()
    assert idea.events.filter(action=Action.ERASE).count() == 1
    assert Idea.objects.exclude(erased_at=None).get() == idea


def test_a_shorter_time_holds_for_what_is_there_already(ideas: dict[IdeaState, Idea], settings: Any) -> None:
    since(ideas[IdeaState.PUBLISHED], timedelta(days=8))
    settings.IDEAS_RETENTION = {"published": timedelta(days=7)}
    forget.enqueue()
    assert Idea.objects.exclude(erased_at=None).get() == ideas[IdeaState.PUBLISHED]


def test_without_periods_nothing_is_erased(ideas: dict[IdeaState, Idea], settings: Any) -> None:
    Idea.objects.update(state_since=timezone.now() - timedelta(days=10_000))
    settings.IDEAS_RETENTION = {}
    assert not Idea.objects.outlived().exists()


def test_of_an_erased_idea_stays_what_is_said_to_stay_and_nothing_else() -> None:
    theme, country = make_theme("state"), make_country("KZ")
    facts: Any = {
        "theme": theme,
        "country": country,
        "stage": Stage.TRIED,
        "submitter_kind": SubmitterKind.CIVIL_SERVANT,
    }
    before = make_idea(IdeaState.DECLINED, language="ru", **facts)
    after = erase(before.pk, Actor.SUBMITTER)
    stays = ("number", "language", "theme_id", "country_id", "created_at", "state", "state_since", "consent_id")
    assert [getattr(after, name) for name in stays] == [getattr(before, name) for name in stays]
    goes = ("title", "problem", "proposal", "effect", "beneficiaries", "stage", "submitter_kind")
    assert {getattr(Idea.objects.get(pk=before.pk), name) for name in goes} == {""}
    assert set(after.events.values_list("text", "note")) == {("", "")}
    assert after.events.filter(action=Action.DECLINE).exclude(reason="").exists()


@pytest.mark.parametrize("state", [IdeaState.TRIAGE, IdeaState.REVIEW, IdeaState.PUBLISHED])
def test_withdrawing_takes_the_person_at_once_and_the_words_later(
    ideas: dict[IdeaState, Idea], state: IdeaState
) -> None:
    idea = ideas[state]
    move(idea.pk, Action.WITHDRAW, Actor.SUBMITTER)
    assert not Submitter.objects.filter(idea=idea).exists()
    assert Idea.objects.get(pk=idea.pk).title
    since(idea, site_settings.IDEAS_RETENTION["withdrawn"] + MINUTE)
    letters = len(mail.outbox)
    forget.enqueue()
    assert Idea.objects.get(pk=idea.pk).title == ""
    assert len(mail.outbox) == letters, "nobody is written to"


@pytest.mark.parametrize(("age", "is_kept"), [(LONGEST_REQUEST - MINUTE, True), (LONGEST_REQUEST + MINUTE, False)])
def test_a_file_of_no_idea_is_left_to_a_request_for_a_day(age: timedelta, *, is_kept: bool) -> None:
    make_idea(files=[SimpleUploadedFile("a.txt", b"words")])
    own = Path(IdeaFile.objects.get().file.path)
    stray = own.with_name("stray.txt")
    stray.write_bytes(b"of a request that was cut off")
    moment = (timezone.now() - age).timestamp()
    for path in (own, stray):
        os.utime(path, (moment, moment))
    forget.enqueue()
    assert (own.exists(), stray.exists()) == (True, is_kept)
    stray.unlink(missing_ok=True)
