from __future__ import annotations

from contextlib import suppress
from typing import Any

from wagtail.signals import page_published

from ideas.choices import Action, Actor, IdeaState
from ideas.errors import RefusedError
from ideas.models import Idea, IdeaPage
from ideas.services import move


def connect() -> None:
    page_published.connect(note_published, sender=IdeaPage, dispatch_uid="note that an idea is public")


def note_published(instance: IdeaPage, **kwargs: Any) -> None:
    """The first of its pages that is published makes an idea public, and tells the submitter."""
    if Idea.objects.filter(pk=instance.idea_id, state=IdeaState.ACCEPTED).exists():
        with suppress(RefusedError):  # another language of it was published at the same moment
            move(instance.idea_id, Action.PUBLISH, Actor.SYSTEM)
