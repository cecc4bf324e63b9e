"""Ideas that are sent in while processes are killed, and by several people at the same time: on a real database."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cms.users.choices import Role
from cms.users.services import install_roles
from ideas.choices import Action, Actor, IdeaState, Reason
from ideas.errors import RefusedError
from ideas.history import Said
from ideas.models import ConsentText, Idea, IdeaFile, IdeaPage
from ideas.services import erase, merge, move, submit
from ideas.signal_handlers import note_published
from ideas.similarity import root
from tests.background.smtp import mail_server
from tests.factories.ideas import WORDS, make_idea
from tests.ideas.processes import DIGESTS, KILLS_OF_WORKERS, MODERATORS
from tests.programs import database_url, report_of
from tests.users.people import make as make_user

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def run(scene: str, folder: Path, **environment: str) -> Any:
    usual = {"DJANGO_SETTINGS_MODULE": "tests.ideas.queue_settings", "PRIVATE_ROOT": str(folder / "private")}
    return report_of("tests.ideas.processes", scene, database_url(folder), **usual | environment)


def test_an_idea_is_there_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    report = run("send", tmp_path)
    assert report["ideas"] > 0
    assert set(report.values()) == {report["ideas"]}, "each with its person, its history, its file and its mail"


@pytest.mark.one_database
@pytest.mark.usefixtures("site")
def test_no_idea_and_no_mail_is_lost_when_workers_are_killed(tmp_path: Path) -> None:
    """Mails of submissions, of decisions and of digests, each taken by a mail server at least once."""
    with mail_server() as server:
        report = run("work", tmp_path, MAIL_PORT=str(server.port))
    expected: dict[str, int] = report["expected"]
    assert report["ideas"] == report["people"] == report["files"] == len(expected) == 2 * KILLS_OF_WORKERS
    letters = {letter["Message-ID"]: letter for letter in server.letters}
    assert Counter(letter["Idea-Number"] for letter in letters.values() if letter["Idea-Number"]) == expected
    told = Counter(letter["To"] for letter in letters.values() if not letter["Idea-Number"])
    assert set(told) == {f"{name}@example.org" for name in MODERATORS}
    assert min(told.values()) >= DIGESTS
    assert len(letters) == report["written"], "whatever was written has left"
    assert sum(count > 0 for count in report["waited"]) > KILLS_OF_WORKERS / 2, "workers were killed while mail waited"
    assert report["interrupted"] > 0, "otherwise the workers were killed while they were idle"


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What comes of it when several people do something at the same moment, each on an own connection."""
    results: list[Any] = []
    start = threading.Barrier(AT_ONCE)

    def run(number: int) -> None:
        try:
            start.wait()
            results.append(act(number))
        except RefusedError as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, RefusedError) for result in results)


@pytest.fixture
def several_connections() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("A test database in memory has one connection")


@pytest.mark.usefixtures("several_connections")
def test_a_form_that_is_sent_several_times_at_once_is_kept_once() -> None:
    def act(number: int) -> Any:
        facts = WORDS | {"email": f"a{number}@example.org"}
        file = SimpleUploadedFile("a.txt", b"words")
        return submit(facts, [file], language="en", ticket="the same", consent="I agree.")

    results = at_once(act)
    assert refused(results) == AT_ONCE - 1
    assert Idea.objects.count() == IdeaFile.objects.count() == ConsentText.objects.count() == 1


@pytest.mark.usefixtures("several_connections", "site")
def test_of_several_moderators_one_decides() -> None:
    idea = make_idea(IdeaState.REVIEW)

    def act(number: int) -> Any:
        if number % 2:
            return move(idea.pk, Action.ACCEPT, Actor.MODERATOR)
        return move(idea.pk, Action.DECLINE, Actor.MODERATOR, Said(reason=Reason.TOO_COSTLY))

    results = at_once(act)
    assert refused(results) == AT_ONCE - 1
    last = idea.events.latest("pk")
    assert idea.events.filter(before=IdeaState.REVIEW).count() == 1
    assert Idea.objects.get().state == last.after


@pytest.mark.usefixtures("several_connections")
def test_what_is_erased_while_others_work_on_it_stays_erased() -> None:
    idea = make_idea(IdeaState.TRIAGE)

    def act(number: int) -> Any:
        if number == 0:
            return erase(idea.pk, Actor.SUBMITTER)
        return move(idea.pk, Action.ASK, Actor.MODERATOR, Said(text="Dear Aigerim, which offices?"))

    at_once(act)
    assert Idea.objects.get().erased_at
    assert "Aigerim" not in str(list(idea.events.values()))


@pytest.mark.usefixtures("several_connections", "site")
def test_of_several_languages_that_are_published_at_once_one_makes_the_idea_public_and_none_fails() -> None:
    page = make_idea(IdeaState.ACCEPTED).pages.get()
    results = at_once(lambda _number: note_published(IdeaPage.objects.get(pk=page.pk)))
    assert results == [None] * AT_ONCE
    idea = Idea.objects.get()
    assert idea.state == IdeaState.PUBLISHED
    assert idea.events.filter(action=Action.PUBLISH).count() == 1


@pytest.mark.usefixtures("several_connections", "site")
def test_of_ideas_that_are_merged_into_each_other_at_once_one_stays_and_none_waits_for_ever() -> None:
    """In pairs and in a ring: each goes on as the next one, and the last as the first."""
    install_roles()
    people = [make_user(f"moderator-{number}", Role.IDEA_MODERATOR) for number in range(AT_ONCE)]
    same = Said(reason=Reason.SAME_IDEA)
    for size in (2, 3, AT_ONCE):
        ideas = [make_idea(IdeaState.TRIAGE, email=f"a{size}-{number}@example.org") for number in range(size)]

        def act(number: int, ideas: list[Idea] = ideas) -> Any:
            own, other = ideas[number % len(ideas)], ideas[(number + 1) % len(ideas)]
            return merge(own.pk, other.number, people[number], same)

        results = at_once(act)
        rows = Idea.objects.filter(pk__in=[idea.pk for idea in ideas])
        merged = [idea for idea in rows if idea.state == IdeaState.DUPLICATE]
        assert len(results) == AT_ONCE
        assert len(merged) == AT_ONCE - refused(results)
        assert 1 <= len(merged) < size
        for idea in merged:
            end = root(idea)
            assert end is not None
            assert end.state == IdeaState.TRIAGE, "every one of them leads to one that is worked on"
