"""All that is kept of one person in connection with an idea, to be handed out on request."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from wagtail.log_actions import log

from ideas.choices import Action
from ideas.history import record
from ideas.models import Idea
from ideas.policies import actor_of
from ideas.querysets import steps_for_submitter
from ideas.services import GIVEN, PERSONAL

if TYPE_CHECKING:
    from cms.users.models import User
    from ideas.models import IdeaFile

logger = logging.getLogger(__name__)
EXPORTED = "ideas.exported"


def personal_data(idea: Idea) -> dict[str, Any]:
    """What was sent in, by whom, what was agreed to, what was said to and fro; internal notes are not part of it."""
    submitter = getattr(idea, "submitter", None)
    return {
        "number": idea.number,
        "state": idea.state,
        "sent": idea.created_at.isoformat(),
        "language": idea.language,
        **{name: getattr(idea, name) for name in GIVEN},
        "theme": idea.theme.code if idea.theme else None,
        "country": idea.country.code if idea.country else None,
        "submitter": {name: getattr(submitter, name) for name in PERSONAL} if submitter else None,
        "consent": {"text": idea.consent.text, "language": idea.consent.language},
        "attachments": [{"name": file.name, "size": file.size} for file in idea.files.all()],
        "steps": [
            {"at": event.at.isoformat(), "step": event.action, "reason": event.reason, "message": event.text}
            for event in steps_for_submitter(idea)
        ],
        "published": [page.full_url for page in idea.pages.filter(live=True)],
    }


def archive(idea: Idea) -> HttpResponse:
    """The data as JSON, with the attachments, in a ZIP to be saved."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("idea.json", json.dumps(personal_data(idea), ensure_ascii=False, indent=2))
        for number, row in enumerate(idea.files.all(), start=1):
            if (data := content_of(row)) is not None:
                packed.writestr(f"attachments/{number}-{PurePath(row.name).name}", data)
    saved = {"Content-Type": "application/zip", "Content-Disposition": f'attachment; filename="idea-{idea.number}.zip"'}
    return HttpResponse(content.getvalue(), headers=saved)


def content_of(row: IdeaFile) -> bytes | None:
    """None of a file that is lost: whoever asks for their data gets the rest all the same."""
    try:
        with row.file.open() as file:
            return bytes(file.read())
    except FileNotFoundError:
        logger.exception("Attachment id=%s of idea %s is lost", row.pk, row.idea.number)
        return None


@transaction.atomic
def hand_out(pk: int, by: User) -> HttpResponse:
    """The archive for a moderator, noted in the log and in the history. Raises `PermissionDenied`."""
    if actor_of(by) is None:
        raise PermissionDenied
    idea = Idea.objects.select_for_update().get(pk=pk)
    record(idea, Action.EXPORT, idea.state, by)
    log(instance=idea, action=EXPORTED, user=by)
    return archive(idea)
