"""The states of an idea and the ways between them, as data: nothing else says what may follow what."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IdeaState(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("idea", "Not confirmed yet")
    CONFIRMED = "confirmed", pgettext_lazy("idea", "Received")
    TRIAGE = "triage", pgettext_lazy("idea", "Being looked at")
    NEEDS_INFORMATION = "needs-information", pgettext_lazy("idea", "A question is open")
    DUPLICATE = "duplicate", pgettext_lazy("idea", "Known already")
    SPAM = "spam", pgettext_lazy("idea", "Spam")
    REJECTED = "rejected", pgettext_lazy("idea", "Not taken up")
    REVIEW = "review", pgettext_lazy("idea", "In review")
    ACCEPTED = "accepted", pgettext_lazy("idea", "Accepted")
    DECLINED = "declined", pgettext_lazy("idea", "Declined")
    PUBLISHED = "published", pgettext_lazy("idea", "Published")
    CONVERTED = "converted", pgettext_lazy("idea", "Became a practice")
    WITHDRAWN = "withdrawn", pgettext_lazy("idea", "Withdrawn")


class Actor(models.TextChoices):
    SUBMITTER = "submitter", pgettext_lazy("idea", "Submitter")
    MODERATOR = "moderator", pgettext_lazy("idea", "Moderator")
    SYSTEM = "system", pgettext_lazy("idea", "The site itself")


class Action(models.TextChoices):
    """What can happen to an idea. What stands in no row of `TRANSITIONS` leaves the state as it is."""

    SUBMIT = "submit", pgettext_lazy("idea", "Send")
    CONFIRM = "confirm", pgettext_lazy("idea", "Confirm")
    TAKE_UP = "take-up", pgettext_lazy("idea", "Take up")
    ASK = "ask", pgettext_lazy("idea", "Ask the submitter")
    ANSWER = "answer", pgettext_lazy("idea", "Answer")
    GO_ON = "go-on", pgettext_lazy("idea", "Go on without an answer")
    MARK_DUPLICATE = "mark-duplicate", pgettext_lazy("idea", "Mark as known already")
    MARK_SPAM = "mark-spam", pgettext_lazy("idea", "Mark as spam")
    RESTORE = "restore", pgettext_lazy("idea", "Take back to the queue")
    REJECT = "reject", pgettext_lazy("idea", "Do not take up")
    SEND_TO_REVIEW = "send-to-review", pgettext_lazy("idea", "Send to review")
    ACCEPT = "accept", pgettext_lazy("idea", "Accept")
    DECLINE = "decline", pgettext_lazy("idea", "Decline")
    PUBLISH = "publish", pgettext_lazy("idea", "Publish")
    CONVERT = "convert", pgettext_lazy("idea", "Make a practice of it")
    WITHDRAW = "withdraw", pgettext_lazy("idea", "Withdraw")
    JUDGE = "judge", pgettext_lazy("idea", "Judge")
    STAND_ASIDE = "stand-aside", pgettext_lazy("idea", "Stand aside")
    EXPORT = "export", pgettext_lazy("idea", "Hand out personal data")
    REVEAL = "reveal", pgettext_lazy("idea", "Show personal data")
    ERASE = "erase", pgettext_lazy("idea", "Erase")


class Reason(models.TextChoices):
    """Why an idea is not pursued; the words for the submitter stand in `ideas.wording`."""

    OFF_TOPIC = "off-topic", pgettext_lazy("idea", "Not about public administration")
    INDIVIDUAL_CASE = "individual-case", pgettext_lazy("idea", "A matter of one person")
    UNCLEAR = "unclear", pgettext_lazy("idea", "No proposal can be made out")
    OFFENSIVE = "offensive", pgettext_lazy("idea", "Offends others")
    SAME_IDEA = "same-idea", pgettext_lazy("idea", "The same was proposed before")
    IN_USE = "in-use", pgettext_lazy("idea", "Done already")
    NO_COMPETENCE = "no-competence", pgettext_lazy("idea", "Others would have to decide")
    TOO_COSTLY = "too-costly", pgettext_lazy("idea", "The effort outweighs the benefit")
    AGAINST_LAW = "against-law", pgettext_lazy("idea", "Not compatible with the law")
    ADVERTISING = "advertising", pgettext_lazy("idea", "Advertising")


class CampaignState(models.TextChoices):
    COMING = "coming", pgettext_lazy("call for ideas", "Opens later")
    OPEN = "open", pgettext_lazy("call for ideas", "Open")
    OVER = "over", pgettext_lazy("call for ideas", "Over")


class Criterion(models.TextChoices):
    """By what reviewers judge; the values are fields of `IdeaReview`."""

    BENEFIT = "benefit", pgettext_lazy("idea", "Benefit for people and administrations")
    FEASIBILITY = "feasibility", pgettext_lazy("idea", "Feasibility with the means at hand")
    NOVELTY = "novelty", pgettext_lazy("idea", "Novelty")
    TRANSFERABILITY = "transferability", pgettext_lazy("idea", "Use for other administrations")


WORST, BEST = 1, 5
WIDE_SPREAD = 2  # from here on reviewers disagree


@dataclass(frozen=True)
class Transition:
    """From which states an action leads to which one, who may take it, and what it says to the submitter.

    `reasons` are the codes of which one has to be given; `needs_text` asks for words to the submitter. `is_told`:
    the submitter has a mail of it.
    """

    sources: tuple[IdeaState, ...]
    target: IdeaState
    actors: tuple[Actor, ...] = (Actor.MODERATOR,)
    reasons: tuple[Reason, ...] = ()
    needs_text: bool = False
    is_told: bool = False


QUEUE = (IdeaState.CONFIRMED, IdeaState.TRIAGE, IdeaState.NEEDS_INFORMATION)
OPEN = (IdeaState.SUBMITTED, *QUEUE, IdeaState.REVIEW, IdeaState.ACCEPTED)
PUBLIC = (IdeaState.ACCEPTED, IdeaState.PUBLISHED, IdeaState.CONVERTED)  # in which its page may be published
PUBLISHED_STATES = [(state.value, state.label) for state in PUBLIC[1:]]
TO_DO = (IdeaState.CONFIRMED, IdeaState.TRIAGE, IdeaState.REVIEW, IdeaState.ACCEPTED)  # it is the moderators' turn
HIDDEN = (IdeaState.SUBMITTED, IdeaState.SPAM, IdeaState.WITHDRAWN)  # with which no other idea is compared
JUDGED = (Action.ACCEPT, Action.DECLINE)  # steps that follow from scores
CLOSED = (IdeaState.DUPLICATE, IdeaState.SPAM, IdeaState.REJECTED)

TRANSITIONS: dict[Action, Transition] = {
    Action.CONFIRM: Transition((IdeaState.SUBMITTED,), IdeaState.CONFIRMED, (Actor.SUBMITTER,), is_told=True),
    Action.TAKE_UP: Transition((IdeaState.CONFIRMED,), IdeaState.TRIAGE),
    Action.ASK: Transition((IdeaState.TRIAGE,), IdeaState.NEEDS_INFORMATION, needs_text=True, is_told=True),
    Action.ANSWER: Transition((IdeaState.NEEDS_INFORMATION,), IdeaState.TRIAGE, (Actor.SUBMITTER,), needs_text=True),
    Action.GO_ON: Transition((IdeaState.NEEDS_INFORMATION,), IdeaState.TRIAGE),
    Action.MARK_DUPLICATE: Transition(
        (IdeaState.TRIAGE,), IdeaState.DUPLICATE, reasons=(Reason.SAME_IDEA, Reason.IN_USE), is_told=True
    ),
    Action.MARK_SPAM: Transition(QUEUE, IdeaState.SPAM, reasons=(Reason.ADVERTISING,)),
    Action.RESTORE: Transition(CLOSED, IdeaState.TRIAGE),
    Action.REJECT: Transition(
        (IdeaState.TRIAGE, IdeaState.NEEDS_INFORMATION),
        IdeaState.REJECTED,
        reasons=(Reason.OFF_TOPIC, Reason.INDIVIDUAL_CASE, Reason.UNCLEAR, Reason.OFFENSIVE),
        is_told=True,
    ),
    Action.SEND_TO_REVIEW: Transition((IdeaState.TRIAGE,), IdeaState.REVIEW, is_told=True),
    Action.ACCEPT: Transition((IdeaState.REVIEW,), IdeaState.ACCEPTED, is_told=True),
    Action.DECLINE: Transition(
        (IdeaState.REVIEW,),
        IdeaState.DECLINED,
        reasons=(Reason.IN_USE, Reason.NO_COMPETENCE, Reason.TOO_COSTLY, Reason.AGAINST_LAW),
        is_told=True,
    ),
    # Colleagues approve the page of the idea, in whichever language comes first; nobody takes this step by hand.
    Action.PUBLISH: Transition((IdeaState.ACCEPTED,), IdeaState.PUBLISHED, (Actor.SYSTEM,), is_told=True),
    Action.CONVERT: Transition((IdeaState.PUBLISHED,), IdeaState.CONVERTED, is_told=True),
    Action.WITHDRAW: Transition(
        (*OPEN, IdeaState.PUBLISHED, IdeaState.CONVERTED), IdeaState.WITHDRAWN, (Actor.SUBMITTER, Actor.SYSTEM)
    ),
}


class Stage(models.TextChoices):
    THOUGHT = "thought", _("So far only a thought")
    TRIED = "tried", _("It was tried on a small scale")
    IN_USE = "in-use", _("It is in use somewhere")


class SubmitterKind(models.TextChoices):
    CITIZEN = "citizen", _("As a citizen")
    CIVIL_SERVANT = "civil-servant", _("As a civil servant")
    CIVIL_SOCIETY = "civil-society", _("For a civil society organisation")
    COMPANY = "company", _("For a company")
    ACADEMIA = "academia", _("For a university or research institute")
