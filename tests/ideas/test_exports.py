"""A person gets a copy of all that is kept of them, and nothing that is kept of others."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from cms.users.choices import Role
from ideas.choices import Action, IdeaState
from ideas.exports import EXPORTED
from ideas.history import Said
from ideas.mails import secret_of
from ideas.models import Idea
from ideas.services import move, reveal
from tests.contracts.test_permission_matrix import MATRIX, make_member
from tests.contracts.test_rights import is_refused
from tests.factories.ideas import WORDS, make_idea
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client

    from cms.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def idea(moderator: User) -> Idea:
    files = [SimpleUploadedFile("план.txt", b"my plan"), SimpleUploadedFile("план.txt", b"the other")]
    made = make_idea(IdeaState.TRIAGE, by=moderator, files=files)
    move(made.pk, Action.ASK, moderator, Said(text="Which offices?", note="Rather vague"))
    reveal(made.pk, moderator)
    return Idea.objects.get(pk=made.pk)


def content(response: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    packed = zipfile.ZipFile(io.BytesIO(response.content))
    files = {name: packed.read(name) for name in packed.namelist()}
    return json.loads(files.pop("idea.json")), files


def address(idea: Idea) -> str:
    return f"/en/ideas/follow/{idea.number}/{secret_of(idea.number)}/data/"


def test_the_submitter_saves_a_copy_by_the_link(client: Client, idea: Idea) -> None:
    response = client.get(address(idea))
    assert response["Content-Disposition"] == f'attachment; filename="idea-{idea.number}.zip"'
    assert "no-store" in response["Cache-Control"]
    data, files = content(response)
    assert data["submitter"] == {"name": "Aigerim N.", "email": "aigerim@example.org", "wants_credit": False}
    assert [data[name] for name in ("title", "problem", "proposal")] == [
        WORDS[name] for name in ("title", "problem", "proposal")
    ]
    assert data["consent"] == {"text": "I agree.", "language": "en"}
    assert [step["step"] for step in data["steps"]] == ["submit", "confirm", "take-up", "ask"]
    assert data["steps"][-1]["message"] == "Which offices?"
    assert files == {"attachments/1-план.txt": b"my plan", "attachments/2-план.txt": b"the other"}
    assert address(idea) in client.get(address(idea).removesuffix("data/")).text


def test_what_moderators_say_among_themselves_is_no_part_of_it(client: Client, idea: Idea, moderator: User) -> None:
    text = str(content(client.get(address(idea))))
    for words in ("Rather vague", "reveal", moderator.email):
        assert words not in text


def test_a_wrong_secret_opens_nothing(client: Client, idea: Idea) -> None:
    assert client.get(address(idea).replace(secret_of(idea.number), "0" * 40)).status_code == 404
    assert client.post(address(idea)).status_code == 405


def test_a_moderator_hands_it_out_and_that_is_noted(client: Client, idea: Idea, moderator: User) -> None:
    client.force_login(moderator)
    assert client.get(f"/admin/ideas/{idea.pk}/data/").status_code == 405
    data, files = content(client.post(f"/admin/ideas/{idea.pk}/data/"))
    assert (data["number"], len(files)) == (idea.number, 2)
    entry = ModelLogEntry.objects.get(action=EXPORTED)
    assert (entry.user, entry.label) == (moderator, idea.number)
    event = idea.events.latest("pk")
    assert (event.action, event.user, event.before) == (Action.EXPORT, moderator, event.after)
    assert "handed out" in client.get(address(idea).removesuffix("data/")).text, "the submitter reads of it"


@pytest.mark.parametrize("role", [role for role in MATRIX if role != Role.IDEA_MODERATOR])
def test_nobody_else_does(client: Client, idea: Idea, role: str) -> None:
    client.force_login(make_member(role, make_country("KZ")))
    assert is_refused(client.post(f"/admin/ideas/{idea.pk}/data/"))
    assert not ModelLogEntry.objects.filter(action=EXPORTED).exists()


def test_of_what_was_withdrawn_there_is_no_person(client: Client, idea: Idea) -> None:
    client.post(address(idea).replace("data/", "withdraw/"))
    data, files = content(client.get(address(idea)))
    assert (data["submitter"], files) == (None, {})
