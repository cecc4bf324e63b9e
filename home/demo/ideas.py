"""Ideas from the public in every state, with their history, and calls for ideas. Nobody is written to."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import Page

from home.demo import pages, texts
from home.demo.reader import CONTENT, Item, read_table
from ideas import publication, similarity
from ideas.choices import TRANSITIONS, Action, Actor, Criterion, IdeaState, Reason
from ideas.history import Said, record
from ideas.mails import secret_of
from ideas.models import CampaignPage, ConsentText, Idea, IdeaPage, IdeaReview, Submitter
from ideas.models.submissions import NUMBER_LETTERS
from ideas.services import consent_row, digest, enter
from ideas.wording import why
from taxonomy.models import Country, Theme

if TYPE_CHECKING:
    from home.demo.publisher import Publisher

CONSENT = {
    "en": "The idea is kept, read and answered. (illustrative)",
    "ru": "Идея хранится, её читают и на неё отвечают. (условный пример)",
    "kk": "Идея сақталады, оқылады және оған жауап беріледі. (шартты мысал)",
}
START = [Action.CONFIRM, Action.TAKE_UP]
TO_REVIEW = [*START, Action.SEND_TO_REVIEW]
# By which steps an idea comes into each state.
STEPS: dict[str, list[Action]] = {
    IdeaState.SUBMITTED: [],
    IdeaState.CONFIRMED: START[:1],
    IdeaState.TRIAGE: START,
    IdeaState.NEEDS_INFORMATION: [*START, Action.ASK],
    IdeaState.DUPLICATE: [*START, Action.MARK_DUPLICATE],
    IdeaState.SPAM: [Action.CONFIRM, Action.MARK_SPAM],
    IdeaState.REJECTED: [*START, Action.REJECT],
    IdeaState.REVIEW: TO_REVIEW,
    IdeaState.ACCEPTED: [*TO_REVIEW, Action.ACCEPT],
    IdeaState.DECLINED: [*TO_REVIEW, Action.DECLINE],
    IdeaState.PUBLISHED: [*TO_REVIEW, Action.ACCEPT, Action.PUBLISH],
    IdeaState.CONVERTED: [*TO_REVIEW, Action.ACCEPT, Action.PUBLISH, Action.CONVERT],
    IdeaState.WITHDRAWN: [Action.CONFIRM, Action.WITHDRAW],
}
SCORES = [(4, 3, 3, 5), (5, 3, 4, 4)]


def add_ideas(publisher: Publisher, parent: Page) -> int:
    """Add what is missing of calls, ideas and their pages; how many ideas were added."""
    table = read_table(CONTENT / "ideas.toml")
    for row in table["calls"]:
        publisher.add(Item(row["slug"], row), call, parent)
    added = [add_idea(publisher, row, parent) for row in table["ideas"]]
    return sum(added)


def call(item: Item, language: str, words: pages.Vocabulary) -> CampaignPage:
    facts, text, today = item.facts, item.text(language), timezone.localdate()
    page = CampaignPage(
        opens=today + datetime.timedelta(days=facts["opens_in_days"]),
        closes=today + datetime.timedelta(days=facts["closes_in_days"]),
        terms=texts.rich_text(text["terms"]),
        results=texts.rich_text(text.get("results", "")),
    )
    pages.fill_common(page, item, language, words)
    return page


def add_idea(publisher: Publisher, row: dict[str, Any], parent: Page) -> bool:
    """Add an idea with its history and its pages; False where it is there already."""
    item = Item(row["slug"], row)
    if Idea.objects.filter(ticket=item.uid()).exists():
        return False
    idea = make(item)
    if idea.state == IdeaState.ACCEPTED:
        publication.draft(idea, publisher.user)
    if "page" in row:
        facts: dict[str, Any] = {key: row[key] for key in ("theme", "country", "days_ago", "stage") if key in row}
        facts |= {"source_language": row["language"], "themes": [row["theme"]], **row["page"]}
        publisher.add(Item(item.slug.removeprefix("idea-"), facts), lambda *of: page_of(idea, *of), parent)
    return True


def make(item: Item) -> Idea:
    facts, uid = item.facts, item.uid()
    given = {name: facts[name] for name in ("language", "title", "problem", "proposal")}
    idea = Idea(
        **given,
        ticket=uid,
        number=number_of(uid),
        theme=Theme.objects.filter(code=facts.get("theme", "")).first(),
        country=Country.objects.filter(code=facts.get("country", "")).first(),
        stage=facts.get("stage", ""),
        submitter_kind=facts.get("kind", ""),
        consent=consent(facts["language"]),
        created_at=timezone.now() - datetime.timedelta(days=item.days_ago),
    )
    idea.secret = digest(secret_of(idea.number))
    if "call" in facts:
        idea.campaign = Item(facts["call"], {}).uid()
    if "of" in facts:
        idea.duplicate_of = Idea.objects.get(ticket=Item(facts["of"], {}).uid())
    if "practice" in facts:
        key = Item(facts["practice"], {}).uid()
        idea.practice = Page.objects.filter(translation_key=key, locale__language_code="en").first()
    idea.save()
    if facts["state"] != IdeaState.WITHDRAWN:
        # Of no domain in which staff have addresses: those would be in a conflict of interest.
        Submitter.objects.create(idea=idea, email=f"{item.slug}@example.net")
    similarity.remember(idea)
    take_steps(idea, item)
    return idea


def put_back(idea: Idea, span: datetime.timedelta) -> None:
    """Let the clock of a state have begun some time ago."""
    if idea.due_at:
        idea.due_at -= span
    if idea.time_left is not None:
        idea.time_left += span


def take_steps(idea: Idea, item: Item) -> None:
    """The history up to the state, spread evenly over the time since the idea came in."""
    facts, steps = item.facts, STEPS[item.facts["state"]]
    moment, pause = idea.created_at, (timezone.now() - idea.created_at) / (len(steps) + 1)
    event = record(idea, Action.SUBMIT, "", Actor.SUBMITTER)
    event.at = moment
    event.save(update_fields=["at"])
    for action in steps:
        moment += pause
        before, transition = idea.state, TRANSITIONS[action]
        enter(idea, transition.target)
        put_back(idea, timezone.now() - moment)
        reason = facts.get("reason", "") if transition.reasons else ""
        said = Said(reason, why(Reason(reason), idea.language) if reason else facts.get("question", ""))
        event = record(idea, action, before, transition.actors[0], said if reason or transition.needs_text else Said())
        event.at = idea.state_since = moment
        event.save(update_fields=["at"])
        if action == Action.SEND_TO_REVIEW:
            judged = SCORES[:1] if facts["state"] == IdeaState.REVIEW else SCORES
            for scores in judged:
                given = dict(zip(Criterion.values, scores, strict=True))
                IdeaReview.objects.create(idea=idea, at=moment, **given)
    idea.save()


def page_of(idea: Idea, item: Item, language: str, words: pages.Vocabulary) -> IdeaPage:
    text = item.text(language)
    page = IdeaPage(
        idea=idea,
        number=idea.number,
        problem=texts.rich_text(text["problem"]),
        proposal=texts.rich_text(text["proposal"]),
        stage=idea.stage,
        sent_on=idea.created_at.date(),
    )
    pages.fill_common(page, item, language, words)
    return page


def number_of(uid: str) -> str:
    """A number that is the same at every run."""
    value = int(uid.replace("-", ""), 16)
    letters = "".join(NUMBER_LETTERS[value // len(NUMBER_LETTERS) ** place % len(NUMBER_LETTERS)] for place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def consent(language: str) -> ConsentText:
    return consent_row(language, CONSENT[language])
