"""What happens to ideas. Each step locks the row, looks whether it may be taken, and then takes it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ideas import mails, publication, similarity, tasks
from ideas.choices import HIDDEN, OPEN, TRANSITIONS, Action, Actor, IdeaState
from ideas.errors import RefusedError
from ideas.history import NOTHING, Said, record
from ideas.judging import check_decision
from ideas.models import ConsentText, Idea, IdeaFile, Submitter
from ideas.policies import actor_of, may_act
from ideas.wording import why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from cms.users.models import User

REVEALED = "ideas.revealed"
ERASED = "ideas.erased"
GIVEN = ("title", "problem", "proposal", "effect", "beneficiaries", "stage", "submitter_kind")
PERSONAL = ("name", "email", "wants_credit")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def submit(
    given: dict[str, Any], files: Sequence[UploadedFile[Any]], *, language: str, ticket: str, consent: str
) -> Idea:
    """Keep what somebody sent in, and ask by mail whether the address is theirs.

    `given` holds the fields of `Idea` and `Submitter`; `consent` is the text that was agreed to, word by word.
    Raises `RefusedError` where the form was sent before, or too much waits for the same address to be confirmed.
    """
    person = {name: given[name] for name in PERSONAL}
    try:
        with transaction.atomic():
            refuse_flood(person["email"])
            idea = Idea(language=language, ticket=ticket, consent=consent_row(language, consent))
            for name, value in given.items():
                if name not in PERSONAL:
                    setattr(idea, name, value)
            idea.secret = digest(mails.secret_of(idea.number))
            idea.save(force_insert=True)
            Submitter.objects.create(idea=idea, **person)
            keep(idea, files)
            similarity.remember(idea)
            record(idea, Action.SUBMIT, "", Actor.SUBMITTER)
            mails.mail_confirmation(idea, person["email"])
    except IntegrityError as error:
        if Idea.objects.filter(ticket=ticket).exists():
            raise RefusedError(_("This form was sent already, and what was in it has arrived.")) from error
        raise
    return idea


def refuse_flood(email: str) -> None:
    """Nobody's mailbox is filled through the form."""
    waiting = Submitter.objects.filter(email=email, idea__state=IdeaState.SUBMITTED)
    since = timezone.now() - settings.IDEAS_UNCONFIRMED_SPAN
    if waiting.filter(idea__created_at__gt=since).count() >= settings.IDEAS_UNCONFIRMED_LIMIT:
        raise RefusedError(
            _("Several ideas wait for this e-mail address to be confirmed. Please open the links in those mails first.")
        )


def consent_row(language: str, text: str) -> ConsentText:
    row, _created = ConsentText.objects.get_or_create(
        digest=digest(f"{language} {text}"), defaults={"language": language, "text": text}
    )
    return row


def keep(idea: Idea, files: Sequence[UploadedFile[Any]]) -> None:
    """Store attachments. Where one cannot be stored, none stays behind."""
    kept: list[IdeaFile] = []
    try:
        for file in files:
            row = IdeaFile(idea=idea, name=file.name or "", size=file.size or 0)
            row.file.save(file.name or "file", file, save=False)
            kept.append(row)
            row.save()
    except Exception:
        for row in kept:
            row.file.delete(save=False)
        raise


def renew_link(idea: Idea) -> None:
    """Once `SECRET_KEY` has changed, the link of an earlier mail serves until there is another mail."""
    own = digest(mails.secret_of(idea.number))
    if idea.secret != own:
        idea.secret = own
        idea.save(update_fields=["secret"])


def opens(idea: Idea, secret: str) -> bool:
    """Whether a secret is that of the idea's status page."""
    return constant_time_compare(idea.secret, digest(secret))


@transaction.atomic
def move(pk: int, action: Action, by: User | Actor, said: Said = NOTHING) -> Idea:
    """Take a step. Raises `PermissionDenied`, or `RefusedError` where the step does not follow from the state."""
    transition = TRANSITIONS[action]
    actor = by if isinstance(by, Actor) else actor_of(by)
    if actor is None or not may_act(actor, action):
        raise PermissionDenied
    idea = Idea.objects.select_for_update().get(pk=pk)
    check(idea, action, said)
    check_decision(idea, action, by)
    before = idea.state
    enter(idea, transition.target)
    if action == Action.RESTORE:
        idea.duplicate_of = None
    idea.save(update_fields=["state", "state_since", "due_at", "time_left", "duplicate_of"])
    if said.reason and not said.text:
        said = replace(said, text=why(said.reason, idea.language))
    event = record(idea, action, before, by, said)
    if action == Action.ACCEPT:
        publication.draft(idea, by)
    elif action == Action.CONVERT:
        publication.convert(idea, by)
    if transition.is_told:
        renew_link(idea)
        mails.mail_step(idea, event)
    if transition.target == IdeaState.WITHDRAWN:
        forget_person(idea)
        publication.take_down(idea)
    return idea


@transaction.atomic
def merge(pk: int, number: str, by: User, said: Said) -> Idea:
    """Let an idea go on as another one, of which the submitter is told. Raises `RefusedError` where that cannot be.

    Both are locked, in the order of their keys, so that of two that are merged into each other at the same moment one
    goes on as the other.
    """
    named = Idea.objects.filter(number=number.strip().upper()).first()
    wanted = (similarity.root(named) or named).pk if named else None
    both = list(Idea.objects.select_for_update().filter(pk__in=[pk, wanted]).order_by("pk"))
    idea = next(row for row in both if row.pk == pk)
    other = next((row for row in both if row.pk == wanted), None)
    if other is None or other.erased_at is not None or other.state in HIDDEN:
        raise RefusedError(_("There is no idea of that number with which this one could go on."))
    if other == idea:
        raise RefusedError(_("An idea cannot go on as itself."))
    if similarity.root(other) is not None:
        raise RefusedError(_("Idea %(number)s has just gone on as another one. Look at it again.") % {"number": number})
    idea.duplicate_of = other
    idea.save(update_fields=["duplicate_of"])
    return move(pk, Action.MARK_DUPLICATE, by, said)


def follows(idea: Idea, action: Action) -> bool:
    """Whether a step follows from the state in which an idea is."""
    return idea.erased_at is None and idea.state in TRANSITIONS[action].sources


def check_follows(idea: Idea, action: Action) -> None:
    """Raises `RefusedError` where a step does not follow from the state in which an idea is."""
    if not follows(idea, action):
        facts = {"action": action.label, "number": idea.number, "state": idea.get_state_display()}
        raise RefusedError(_("“%(action)s” does not apply to idea %(number)s, which is “%(state)s”.") % facts)


def check(idea: Idea, action: Action, said: Said) -> None:
    check_follows(idea, action)
    transition = TRANSITIONS[action]
    if transition.reasons and said.reason not in transition.reasons:
        raise RefusedError(_("Choose one of the reasons that this step has."))
    if transition.needs_text and not said.text.strip():
        raise RefusedError(_("Write what is to be said."))


def enter(idea: Idea, state: IdeaState) -> None:
    """Set the state and its clock. While a question is open the clock stands, and afterwards goes on where it was."""
    now = timezone.now()
    left = idea.due_at - now if idea.due_at else None
    if state == IdeaState.NEEDS_INFORMATION:
        idea.due_at, idea.time_left = None, left
    elif idea.time_left is not None and state == IdeaState.TRIAGE:
        idea.due_at, idea.time_left = now + idea.time_left, None
    else:
        target = settings.IDEAS_TARGETS.get(state)
        idea.due_at, idea.time_left = now + target if target else None, None
    idea.state, idea.state_since = state, now


def is_erasable(idea: Idea) -> bool:
    """Whether anything is left that a person could have erased."""
    return idea.erased_at is None or idea.pages.exists()


@transaction.atomic
def erase(pk: int, by: User | Actor) -> Idea:
    """Erase all that people wrote or sent, for good. Number, dates, states and reasons stay.

    What is still being decided counts as withdrawn; what was decided stays decided. Its pages go as well where a person
    asks for it, also after the time of what was sent in is over: by itself, what was published stays public. Raises
    `PermissionDenied`.
    """
    if not isinstance(by, Actor) and actor_of(by) is None:
        raise PermissionDenied
    idea = Idea.objects.select_for_update().get(pk=pk)
    if by != Actor.SYSTEM:
        publication.take_down(idea)
    if idea.erased_at is not None:
        return idea
    before = idea.state
    if idea.state in OPEN:
        enter(idea, IdeaState.WITHDRAWN)
    for name in GIVEN:
        setattr(idea, name, "")
    idea.erased_at, idea.due_at, idea.time_left = timezone.now(), None, None
    idea.save()
    forget_person(idea)
    idea.events.update(text="", note="")
    idea.reviews.update(comment="")
    idea.keys.all().delete()
    record(idea, Action.ERASE, before, by)
    if not isinstance(by, Actor):
        log(instance=idea, action=ERASED, user=by)
    return idea


def forget_person(idea: Idea) -> None:
    """Who it was, what they attached, and what was about to be written to them."""
    mails.unsent(idea.number).delete()
    Submitter.objects.filter(idea=idea).delete()
    for name in idea.files.values_list("file", flat=True):
        tasks.delete_attachment.enqueue(name)
    idea.files.all().delete()


@transaction.atomic
def reveal(pk: int, by: User) -> Submitter | None:
    """Who sent an idea in, noted in the log and in the history; None where nobody knows any longer."""
    if actor_of(by) is None:
        raise PermissionDenied
    idea = Idea.objects.select_for_update().get(pk=pk)
    submitter = Submitter.objects.filter(idea=idea).first()
    if submitter is not None:
        record(idea, Action.REVEAL, idea.state, by)
        log(instance=idea, action=REVEALED, user=by)
    return submitter
