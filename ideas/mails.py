"""What submitters are written to, in their language. No subject holds their words, and the first mail none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.background.models import Letter
from cms.languages import own_name
from cms.users.mails import address, send, write
from cms.workflows.choices import Kind
from cms.workflows.notifications import headers_of, stop_link
from ideas import similarity
from ideas.choices import IdeaState
from ideas.wording import MEANING

if TYPE_CHECKING:
    from cms.users.models import User
    from ideas.digests import Digest
    from ideas.models import Idea, IdeaEvent

HEADER = "Idea-Number"


def secret_of(number: str) -> str:
    """What opens the status page. It follows from `SECRET_KEY`: what the database holds is not enough to know it."""
    return salted_hmac("ideas.status", number, algorithm="sha256").hexdigest()[:40]


def confirmation_code(number: str, email: str) -> str:
    """What only the owner of the address can know."""
    return salted_hmac("ideas.confirm", f"{number} {email}", algorithm="sha256").hexdigest()[:40]


def mail_confirmation(idea: Idea, email: str) -> None:
    """Ask whether the address is theirs. Somebody else may have typed it: the mail holds nothing that they wrote."""

    def context() -> dict[str, Any]:
        code = confirmation_code(idea.number, email)
        return {
            "subject": _("Idea %(number)s: please confirm your e-mail address") % {"number": idea.number},
            "number": idea.number,
            "link": address("idea_confirm", idea.number, secret_of(idea.number), code),
            "days": settings.IDEAS_RETENTION["submitted"].days,
        }

    write(email, idea.language, "idea_confirmation", context, {HEADER: idea.number})


def mail_step(idea: Idea, event: IdeaEvent) -> None:
    """Tell the submitter of a step, where there is still an address to write to."""
    submitter = getattr(idea, "submitter", None)
    if submitter is None:
        return

    def context() -> dict[str, Any]:
        return {
            "subject": _("Idea %(number)s: %(state)s") % {"number": idea.number, "state": idea.get_state_display()},
            "name": submitter.name,
            "title": idea.title,
            "state": idea.get_state_display(),
            "meaning": MEANING[idea.state],
            "text": event.text,
            "other": other.number if (other := similarity.root(idea)) else "",
            "is_question": bool(idea.open_question),
            "link": address("idea_status", idea.number, secret_of(idea.number)),
        }

    write(submitter.email, idea.language, "idea_step", context, {HEADER: idea.number})


def mail_digest(moderator: User, counts: Digest) -> None:
    """Tell a moderator how many ideas wait: numbers alone, as mailboxes are read by others too."""
    stop = stop_link(moderator, Kind.IDEAS)

    def context() -> dict[str, Any]:
        text = ngettext("%(count)d new idea waits", "%(count)d new ideas wait", counts.new)
        return {
            "subject": text % {"count": counts.new} if counts.new else _("Ideas are overdue"),
            "counts": counts,
            "states": [(IdeaState(state).label, count) for state, count in counts.by_state.items()],
            "languages": [(own_name(code), count) for code, count in counts.by_language.items()],
            "link": address("ideas:index"),
            "stop_link": stop,
            "settings_link": address("wagtailadmin_account"),
        }

    send(moderator, "idea_digest", context, headers=headers_of(stop))


def unsent(number: str) -> Any:
    """Mail about an idea that still waits, with its content."""
    return Letter.objects.filter(**{f"content__headers__{HEADER}": number})
