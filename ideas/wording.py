"""What the submitter is told: of each state what it means and what comes next, and of each reason why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ideas.choices import Action, IdeaState, Reason

if TYPE_CHECKING:
    from django.utils.functional import Promise

MEANING: dict[str, Promise] = {
    IdeaState.SUBMITTED: _("Open the link in the mail that was sent to you. Nobody reads the idea before that."),
    IdeaState.CONFIRMED: _("Your idea has arrived and waits for a moderator."),
    IdeaState.TRIAGE: _("A moderator reads your idea and looks whether it is new and can be understood."),
    IdeaState.NEEDS_INFORMATION: _("A moderator has a question for you. Your idea waits for the answer."),
    IdeaState.DUPLICATE: _("What you propose is known here already. Your idea is not pursued on its own."),
    IdeaState.SPAM: _("Your idea was taken for advertising and is not looked at."),
    IdeaState.REJECTED: _("Your idea was read and is not taken up."),
    IdeaState.REVIEW: _("Experts judge what your idea would bring and what it would take."),
    IdeaState.ACCEPTED: _("Your idea was accepted. It is being prepared for publication."),
    IdeaState.DECLINED: _("Experts have looked at your idea. It is not pursued."),
    IdeaState.PUBLISHED: _("Your idea is public."),
    IdeaState.CONVERTED: _("Your idea has become a practice that administrations share."),
    IdeaState.WITHDRAWN: _("The idea was withdrawn. Nobody works on it any longer."),
}
DONE: dict[str, Promise] = {
    Action.SUBMIT: pgettext_lazy("step of an idea", "Sent in"),
    Action.CONFIRM: pgettext_lazy("step of an idea", "E-mail address confirmed"),
    Action.TAKE_UP: pgettext_lazy("step of an idea", "Taken up by a moderator"),
    Action.ASK: pgettext_lazy("step of an idea", "Question of a moderator"),
    Action.ANSWER: pgettext_lazy("step of an idea", "Your answer"),
    Action.GO_ON: pgettext_lazy("step of an idea", "Looked at further without an answer"),
    Action.MARK_DUPLICATE: pgettext_lazy("step of an idea", "Found to be known already"),
    Action.MARK_SPAM: pgettext_lazy("step of an idea", "Taken for advertising"),
    Action.RESTORE: pgettext_lazy("step of an idea", "Looked at again"),
    Action.REJECT: pgettext_lazy("step of an idea", "Not taken up"),
    Action.SEND_TO_REVIEW: pgettext_lazy("step of an idea", "Passed on to experts"),
    Action.ACCEPT: pgettext_lazy("step of an idea", "Accepted"),
    Action.DECLINE: pgettext_lazy("step of an idea", "Declined"),
    Action.PUBLISH: pgettext_lazy("step of an idea", "Published"),
    Action.CONVERT: pgettext_lazy("step of an idea", "Made into a practice"),
    Action.WITHDRAW: pgettext_lazy("step of an idea", "Withdrawn"),
    Action.JUDGE: pgettext_lazy("step of an idea", "Judged by a reviewer"),
    Action.STAND_ASIDE: pgettext_lazy("step of an idea", "A reviewer stood aside"),
    Action.EXPORT: pgettext_lazy("step of an idea", "A copy of all data handed out by a moderator"),
    Action.REVEAL: pgettext_lazy("step of an idea", "Personal data shown to a moderator"),
    Action.ERASE: pgettext_lazy("step of an idea", "Erased"),
}
WHY: dict[str, Promise] = {
    Reason.OFF_TOPIC: _(
        "This site collects ideas on how public administrations can work better. Yours is about something else."
    ),
    Reason.INDIVIDUAL_CASE: _(
        "Your message is about a matter of your own. Please write to the authority in charge: this site cannot decide "
        "single cases, and has no access to their files."
    ),
    Reason.UNCLEAR: _(
        "It did not become clear what should be done differently. You are welcome to send the idea again, with an "
        "example."
    ),
    Reason.OFFENSIVE: _("The text offends people. You are welcome to send the idea again without that."),
    Reason.SAME_IDEA: _("Somebody has proposed the same before. Both are looked at together."),
    Reason.IN_USE: _("What you propose is done already."),
    Reason.NO_COMPETENCE: _(
        "Administrations cannot do this on their own: it would take a law or a political decision."
    ),
    Reason.TOO_COSTLY: _("The idea is sound, but the effort would be greater than what it would bring."),
    Reason.AGAINST_LAW: _("The idea cannot be carried out under the present law."),
    Reason.ADVERTISING: _("The text advertises something."),
}


def why(reason: str, language: str) -> str:
    """The words for a reason, in the language of the submitter: to be changed by the moderator or sent as they are."""
    with translation.override(language):
        return str(WHY[reason])
