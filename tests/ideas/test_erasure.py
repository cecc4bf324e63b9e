"""Afterwards no table, file, queue, log or cache holds what the person wrote; number and decision remain."""

from __future__ import annotations

import datetime
import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.core import mail
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Comment, ModelLogEntry

from cms.users.choices import Role
from ideas.choices import Action, Actor, Criterion, IdeaState, Reason
from ideas.errors import RefusedError
from ideas.exports import hand_out
from ideas.history import Said
from ideas.judging import judge
from ideas.mails import secret_of
from ideas.models import Idea
from ideas.services import erase, move, reveal
from ideas.tasks import forget
from tests.background.effects import work
from tests.factories.ideas import make_idea, make_reviews
from tests.factories.site import published
from tests.factories.translations import synchronise, translated
from tests.ideas.browsing import link_in_mail, send
from tests.users.people import make

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

pytestmark = pytest.mark.django_db

MARK = "Zhumabekova"  # stands in everything that the person wrote or was written
UNDECIDED = {"submitted", "confirmed", "triage", "needs-information", "review", "accepted"}
PERSON = {
    "title": f"An idea of {MARK}, in one sentence",
    "problem": f"The problem that {MARK} has with certificates.",
    "proposal": f"What {MARK} proposes instead of certificates.",
    "effect": f"What {MARK} expects",
    "beneficiaries": MARK,
    "name": f"A. {MARK}",
    "email": f"{MARK.lower()}@example.org",
}


def places() -> list[str]:
    """Every table, queue, index, file and cache in which the person can be found."""
    found = [model._meta.label for model in apps.get_models(include_auto_created=True) if holds(model)]
    found += [table for table in unmanaged() if table_holds(table)]
    folders = (site_settings.MEDIA_ROOT, site_settings.STORAGES["private"]["OPTIONS"]["location"])
    files = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    found += [str(path) for path in files if is_marked(path.read_bytes()) or is_marked(path.name)]
    for name in site_settings.CACHES:
        memory: Any = caches[name]
        kept = {key: str(pickle.loads(value)) for key, value in memory._cache.items()}  # noqa: S301 - of this test
        found += [key for key, value in kept.items() if is_marked(key) or is_marked(value)]
    return found


def is_marked(content: str | bytes) -> bool:
    text = content.decode("utf-8", "ignore") if isinstance(content, bytes) else content
    return MARK.lower() in text.lower()


def holds(model: Any) -> bool:
    return any(is_marked(str(row)) for row in model._base_manager.values_list())


def unmanaged() -> set[str]:
    """Tables that no model stands for, such as those of a full-text index."""
    return set(connection.introspection.table_names()) - {model._meta.db_table for model in apps.get_models()}


def table_holds(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name of the database's own
        return any(is_marked(str(row)) for row in cursor.fetchall())


@pytest.fixture
def queued(settings: Any) -> None:
    """Mail and tasks wait in the database, as they do on a site."""
    settings.EMAIL_BACKEND = "cms.background.mail.QueueBackend"
    settings.TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}


@pytest.mark.usefixtures("queued", "site")
def test_the_person_is_nowhere_afterwards(client: Client, moderator: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    files = [SimpleUploadedFile(f"{MARK}.txt", f"Notes of {MARK}".encode())]
    assert send(client, **PERSON, attachments=files).status_code == 302
    work()
    status = link_in_mail().partition("confirm/")[0]
    client.post(link_in_mail())
    idea = Idea.objects.get()
    move(idea.pk, Action.TAKE_UP, moderator, Said(note=f"Known from earlier: {MARK}"))
    move(idea.pk, Action.ASK, moderator, Said(text=f"Dear {MARK}, which offices?"))
    client.post(status, {"text": f"Those near me. {MARK}"})
    reveal(idea.pk, moderator)
    move(idea.pk, Action.SEND_TO_REVIEW, moderator)
    make_reviews(idea)
    move(idea.pk, Action.DECLINE, moderator, Said(reason=Reason.TOO_COSTLY, text=f"Dear {MARK}, it costs too much."))
    assert set(places()) > {"ideas.Idea", "ideas.Submitter", "ideas.IdeaEvent", "ideas.IdeaFile", "background.Letter"}
    assert [place for place in places() if place.startswith("/")], "the file is there"

    assert client.post(f"{status}erase/").status_code == 302
    work()
    assert places() == []
    assert [line for line in caplog.text.splitlines() if is_marked(line)] == []
    erased = Idea.objects.get()
    assert (erased.number, erased.state, erased.language) == (idea.number, IdeaState.DECLINED, "en")
    assert erased.events.filter(action=Action.DECLINE, reason=Reason.TOO_COSTLY, user=moderator).exists()
    shown = client.get(status)
    assert idea.number in shown.content.decode()
    assert not is_marked(shown.content)
    assert not is_marked(str([letter.message() for letter in mail.outbox[1:]])), "nothing was sent after all"


@pytest.mark.usefixtures("queued")
def test_a_worker_that_is_killed_leaves_a_file_for_the_next(client: Client) -> None:
    idea = make_idea(files=[SimpleUploadedFile("a.txt", b"words")])
    path = Path(idea.files.get().file.path)
    erase(idea.pk, Actor.SUBMITTER)
    assert path.exists()
    assert DBTaskResult.objects.filter(task_path__endswith="delete_attachment", status="READY").count() == 1
    work()
    assert not path.exists()


@pytest.mark.parametrize(
    ("state", "left"),
    [(state, IdeaState.WITHDRAWN if state in UNDECIDED else state) for state in IdeaState],
)
def test_what_was_decided_stays_decided(state: IdeaState, left: IdeaState) -> None:
    idea = make_idea(state)
    erased = erase(idea.pk, Actor.SUBMITTER)
    assert (erased.state, erased.title, erased.problem, erased.proposal) == (left, "", "", "")
    event = erased.events.latest("pk")
    assert (event.action, event.before, event.after, event.actor) == (Action.ERASE, state, left, Actor.SUBMITTER)
    assert erase(idea.pk, Actor.SUBMITTER).events.filter(action=Action.ERASE).count() == 1


def test_no_step_follows_what_was_erased(moderator: User) -> None:
    idea = make_idea(IdeaState.SPAM)
    erase(idea.pk, moderator)
    assert ModelLogEntry.objects.get(action="ideas.erased").user == moderator
    with pytest.raises(RefusedError):
        move(idea.pk, Action.RESTORE, moderator)


def test_mail_about_other_ideas_of_the_same_person_is_sent(client: Client, queued: None) -> None:
    one, two = make_idea(), make_idea()
    erase(one.pk, Actor.SUBMITTER)
    work()
    assert [two.number in letter.subject for letter in mail.outbox] == [True]


def aged(idea: Idea, **span: int) -> Idea:
    Idea.objects.filter(pk=idea.pk).update(state_since=timezone.now() - datetime.timedelta(**span))
    return idea


@pytest.mark.parametrize("state", site_settings.IDEAS_RETENTION)
def test_what_is_over_is_erased_by_itself(state: str) -> None:
    days = site_settings.IDEAS_RETENTION[state].days
    old = aged(make_idea(IdeaState(state)), days=days, hours=1)
    young = aged(make_idea(IdeaState(state), email="b@example.org"), days=days - 1)
    forget.enqueue()
    assert Idea.objects.get(pk=old.pk).erased_at
    assert Idea.objects.get(pk=old.pk).events.latest("pk").actor == Actor.SYSTEM
    assert Idea.objects.get(pk=young.pk).title


def test_what_is_being_worked_on_is_not_erased() -> None:
    idea = aged(make_idea(IdeaState.REVIEW), days=2000)
    forget.enqueue()
    assert Idea.objects.get(pk=idea.pk).title


def test_files_that_belong_to_no_idea_are_deleted_after_a_day(settings: Any) -> None:
    idea = make_idea(files=[SimpleUploadedFile("a.txt", b"words")])
    own = Path(idea.files.get().file.path)
    fresh, old = own.with_name("fresh.txt"), own.with_name("old.txt")
    for path in (fresh, old):
        path.write_bytes(b"of a request that was cut off")
    for path in (own, old):
        os.utime(path, (0, 0))
    forget.enqueue()
    assert [path.exists() for path in (own, fresh, old)] == [True, True, False]


def test_a_file_that_cannot_be_stored_leaves_no_idea_and_no_content() -> None:
    class Broken(SimpleUploadedFile):
        def chunks(self, chunk_size: Any = None) -> Any:
            raise OSError("the disk is full")

    folder = Path(site_settings.STORAGES["private"]["OPTIONS"]["location"])
    before = {path for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(OSError, match=r"disk is full"):
        make_idea(files=[SimpleUploadedFile("a.txt", b"words"), Broken("b.txt", b"words")])
    assert not Idea.objects.exists()
    left = {path for path in folder.rglob("*") if path.is_file()} - before
    assert [path for path in left if path.stat().st_size] == []


@pytest.mark.usefixtures("queued", "site")
def test_what_was_published_judged_translated_and_converted_is_nowhere_either(
    client: Client, moderator: User, caplog: pytest.LogCaptureFixture
) -> None:
    """Pages, their revisions, comments, translations, the search and the log hold no word any longer."""
    caplog.set_level("DEBUG")
    idea = make_idea(IdeaState.REVIEW, by=moderator, wants_credit=True, judged=False, **PERSON)
    for person in (moderator, make("second", Role.IDEA_MODERATOR)):
        judge(idea.pk, person, dict.fromkeys(Criterion.values, 4), f"Known: {MARK}")
    move(idea.pk, Action.ACCEPT, moderator, Said(note=f"As {MARK} wishes"))
    page: Any = idea.pages.get()
    page.title = f"First wording by {MARK}"
    page.save_revision(user=moderator, log_action=True, changed=True)
    page.body.append(("text", f"<p>More by {MARK}</p>"))
    page.wagtail_admin_comments.add(Comment(user=moderator, text=f"Ask {MARK}", contentpath="title"))
    page = published(page)
    translated(page, "ru")
    page.title = f"Second wording by {MARK}"
    page = published(page)
    synchronise(page, "ru")
    move(idea.pk, Action.CONVERT, moderator)
    hand_out(idea.pk, moderator)
    client.get(page.get_url())
    client.get("/en/ideas/")
    work()
    before = set(places())
    assert before >= {"ideas.IdeaPage", "practices.PracticePage", "wagtailcore.Revision", "wagtail_localize.String"}
    assert before >= {"wagtailcore.PageLogEntry", "wagtailcore.Comment", "ideas.IdeaReview"}
    assert "wagtail_localize.StringTranslation" in before

    status = f"/en/ideas/follow/{idea.number}/{secret_of(idea.number)}/"
    assert client.post(f"{status}erase/").status_code == 302
    work()
    assert places() == []
    assert [line for line in caplog.text.splitlines() if is_marked(line)] == []
    erased = Idea.objects.get()
    assert (erased.number, erased.state) == (idea.number, IdeaState.CONVERTED)
    assert erased.reviews.filter(benefit=4, comment="").count() == 2
    assert client.get(page.get_url()).status_code == 404
