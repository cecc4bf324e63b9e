"""Rules of ideas that ask no database: the graph of states, clocks, likeness, scores, months, forms."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.utils import timezone, translation

from ideas.choices import (
    BEST,
    CLOSED,
    OPEN,
    PUBLIC,
    TO_DO,
    TRANSITIONS,
    WORST,
    Action,
    Actor,
    Criterion,
    IdeaState,
    Reason,
)
from ideas.digests import Digest
from ideas.fields import OneLine
from ideas.forms import AnswerForm, JudgeForm
from ideas.judging import domain
from ideas.models import Idea, IdeaReview
from ideas.moderation import StepForm
from ideas.monthly import Month
from ideas.policies import may_act
from ideas.publication import rich
from ideas.scores import Row, Summary
from ideas.services import digest, enter, opens
from ideas.similarity import keys_of, likeness, stems
from ideas.wording import why

HOUR = timedelta(hours=1)


def after(state: IdeaState) -> set[IdeaState]:
    """The states to which one step leads."""
    return {step.target for step in TRANSITIONS.values() if state in step.sources}


def reachable(start: IdeaState) -> set[IdeaState]:
    found, new = {start}, {start}
    while new:
        new = {target for state in new for target in after(state)} - found
        found |= new
    return found


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    assert reachable(IdeaState.SUBMITTED) == set(IdeaState)
    ends = {state for state in IdeaState if not after(state)}
    assert ends == {IdeaState.DECLINED, IdeaState.WITHDRAWN}
    assert all(IdeaState.WITHDRAWN in after(state) for state in OPEN), "nobody is held fast to an open idea"


def test_nobody_is_published_without_a_review() -> None:
    """Without the step that accepts, no idea comes into a state in which its page is public."""
    steps = [step for action, step in TRANSITIONS.items() if action != Action.ACCEPT]
    found, new = {IdeaState.SUBMITTED}, {IdeaState.SUBMITTED}
    while new:
        new = {step.target for step in steps if set(step.sources) & new} - found
        found |= new
    assert not found & set(PUBLIC)
    assert TRANSITIONS[Action.ACCEPT].sources == (IdeaState.REVIEW,)


def test_what_is_closed_can_be_taken_back_and_what_was_decided_cannot() -> None:
    assert {state for state in IdeaState if state in TRANSITIONS[Action.RESTORE].sources} == set(CLOSED)
    assert not after(IdeaState.DECLINED)


@pytest.mark.parametrize("action", list(TRANSITIONS))
def test_each_step_is_open_to_those_whom_the_table_names_and_to_nobody_without_a_part(action: Action) -> None:
    allowed = {actor for actor in Actor if may_act(actor, action)}
    assert allowed == set(TRANSITIONS[action].actors)
    assert not may_act(None, action)


def test_a_step_of_which_the_submitter_must_be_told_a_reason_is_told() -> None:
    """Spam alone is not answered: that would say to its sender that the address is read."""
    silent = {action for action, step in TRANSITIONS.items() if step.reasons and not step.is_told}
    assert silent == {Action.MARK_SPAM}
    assert TRANSITIONS[Action.ASK].is_told, "who is not told of a question cannot answer it"


def test_what_waits_for_moderators_has_a_time_and_nothing_else_has() -> None:
    assert set(site_settings.IDEAS_TARGETS) == {state.value for state in TO_DO}
    assert not set(site_settings.IDEAS_RETENTION) & {state.value for state in TO_DO}, "nothing is erased under work"


class TestClocks:
    @pytest.mark.parametrize("state", list(IdeaState))
    def test_a_state_has_the_time_of_its_target_or_none(self, state: IdeaState) -> None:
        idea = Idea(state=IdeaState.SUBMITTED)
        before = timezone.now()
        enter(idea, state)
        target = site_settings.IDEAS_TARGETS.get(state)
        assert (idea.state, idea.due_at is None, idea.time_left) == (state, target is None, None)
        assert before <= idea.state_since <= timezone.now()
        assert idea.due_at == (idea.state_since + target if target else None)

    @pytest.mark.parametrize("left", [timedelta(days=3), timedelta(seconds=1), timedelta(0), -timedelta(days=2)])
    def test_a_question_stops_the_clock_with_what_is_left(self, left: timedelta) -> None:
        idea = Idea(state=IdeaState.TRIAGE, due_at=timezone.now() + left)
        enter(idea, IdeaState.NEEDS_INFORMATION)
        assert idea.due_at is None
        assert idea.time_left is not None
        assert abs(idea.time_left - left) < timedelta(seconds=1)
        enter(idea, IdeaState.TRIAGE)
        assert idea.due_at is not None
        assert abs(idea.due_at - timezone.now() - left) < timedelta(seconds=2)
        assert idea.time_left is None

    def test_what_is_rejected_while_a_question_is_open_takes_no_time_along(self) -> None:
        idea = Idea(state=IdeaState.TRIAGE, due_at=timezone.now() + HOUR)
        enter(idea, IdeaState.NEEDS_INFORMATION)
        enter(idea, IdeaState.REJECTED)
        assert (idea.due_at, idea.time_left) == (None, None)
        enter(idea, IdeaState.TRIAGE)
        assert idea.due_at == idea.state_since + site_settings.IDEAS_TARGETS["triage"], "the time begins anew"

    @pytest.mark.parametrize(("due", "overdue"), [(None, False), (-HOUR, True), (HOUR, False)])
    def test_overdue_is_what_had_a_time(self, due: timedelta | None, *, overdue: bool) -> None:
        idea = Idea(due_at=None if due is None else timezone.now() + due)
        assert idea.is_overdue == overdue


class TestLikeness:
    def test_it_is_the_share_of_what_both_say(self) -> None:
        one, other = {"a", "b", "c"}, {"b", "c", "d"}
        assert likeness(one, other) == likeness(other, one) == 0.5
        assert likeness(one, one) == 1
        assert likeness(one, set()) == likeness(set(), set()) == 0

    def test_keys_are_thirty_two_numbers_that_a_database_holds(self) -> None:
        keys = keys_of({"school", "form", "offic"})
        assert len(keys) == 32
        assert all(-(2**63) <= key < 2**63 for key in keys)
        assert keys == keys_of({"offic", "form", "school"}), "in whichever order they come"
        assert keys_of(set()) == set()

    def test_words_in_common_lead_to_each_other_as_often_as_is_said(self) -> None:
        """By chance, the same each time: a fifth in common leads there three times of four, a third nearly always."""
        dice = random.Random(20261126)  # noqa: S311 - no secret

        def found(common: int, apart: int, pairs: int = 60) -> float:
            hits = 0
            for _pair in range(pairs):
                words = [f"{dice.getrandbits(40):x}" for _word in range(common + 2 * apart)]
                shared, rest = set(words[:common]), words[common:]
                hits += bool(keys_of(shared | set(rest[:apart])) & keys_of(shared | set(rest[apart:])))
            return hits / pairs

        assert found(10, 20) > 0.6
        assert found(15, 15) > 0.9
        assert found(0, 20) == 0, "nothing in common, nothing found"

    @pytest.mark.parametrize(
        ("language", "one", "other"),
        [
            ("en", "Offices asked for certificates", "The OFFICE asks for a certificate"),
            ("ru", "Справками из школы", "Справка, школа"),
            ("ar", "استمارة واحدة", "استمارة، واحدة!"),
        ],
    )
    def test_forms_case_and_marks_make_no_difference(self, language: str, one: str, other: str) -> None:
        assert len(stems([one], language) & stems([other], language)) >= 2

    def test_short_words_say_nothing(self) -> None:
        assert stems(["it is up to us", "а и в", "1 22"], "en") == set()
        assert stems(["", "–…!"], "kk") == set()

    def test_texts_of_several_fields_are_one(self) -> None:
        assert stems(["school form", "office"], "en") == stems(["office", "form", "school school"], "en")


def review(*scores: int | None, **facts: Any) -> IdeaReview:
    return IdeaReview(**dict(zip(Criterion.values, scores, strict=True)), **facts)


class TestScores:
    @pytest.mark.parametrize(
        ("scores", "average", "spread", "wide"),
        [([3], 3, 0, False), ([4, 5], 4.5, 1, False), ([3, 5], 4, 2, True), ([1, 5, 3], 3, 4, True)],
    )
    def test_a_row(self, scores: list[int], average: float, spread: int, *, wide: bool) -> None:
        row = Row("Novelty", scores)
        assert (row.mean, row.spread, row.is_wide) == (average, spread, wide)

    def test_the_mean_counts_each_criterion_the_same(self) -> None:
        found = Summary([review(5, 1, 1, 1), review(5, 3, 3, 3)], [])
        assert [row.mean for row in found.rows] == [5, 2, 2, 2]
        assert found.mean == 2.75
        assert [row.is_wide for row in found.rows] == [False, True, True, True]

    def test_who_stood_aside_adds_nothing(self) -> None:
        found = Summary([], [review(None, None, None, None, stood_aside=True)])
        assert (found.rows, found.mean, found.missing) == ([], None, site_settings.IDEAS_REVIEWS)

    @pytest.mark.parametrize(("needed", "given", "missing"), [(2, 0, 2), (2, 1, 1), (2, 3, 0), (0, 0, 0)])
    def test_how_many_are_missing(self, settings: Any, needed: int, given: int, missing: int) -> None:
        settings.IDEAS_REVIEWS = needed
        assert Summary([review(3, 3, 3, 3)] * given, []).missing == missing


class TestMonths:
    @pytest.mark.parametrize(
        ("text", "following"),
        [("2026-01", "2026-02"), ("2026-12", "2027-01"), ("2028-02", "2028-03"), ("2027-02", "2027-03")],
    )
    def test_one_follows_the_other(self, text: str, following: str) -> None:
        month = Month.of(text)
        assert (str(month), str(month.next)) == (text, following)
        assert month.next.first.day == 1

    @pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "26-1-1", "2026-06-01", "june", "2026-06\0"])
    def test_what_is_no_month(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            Month.of(text)

    @pytest.mark.parametrize(("zone", "hour"), [("UTC", 0), ("Asia/Almaty", 19), ("America/New_York", 4)])
    def test_it_begins_at_midnight_of_the_site(self, zone: str, hour: int) -> None:
        with timezone.override(zone):
            assert Month.of("2026-06").start.astimezone(UTC).hour == hour

    def test_it_is_over_with_its_last_day(self) -> None:
        today = timezone.localdate()
        present = Month(today.replace(day=1))
        assert not present.is_over
        assert Month((present.first - timedelta(days=1)).replace(day=1)).is_over
        assert not present.next.is_over
        assert Month(date(2026, 5, 1)).next.start == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(("new", "overdue", "worth"), [(0, 0, False), (1, 0, True), (0, 1, True), (3, 2, True)])
def test_nobody_is_written_to_about_nothing(new: int, overdue: int, *, worth: bool) -> None:
    assert Digest(new, overdue, {"triage": 9}, {"ru": 9}).is_worth_a_mail == worth


@pytest.mark.parametrize(
    ("address", "house"),
    [
        ("a@town.example", "town.example"),
        ("A@Town.EXAMPLE", "town.example"),
        ('"a@b"@town.example', "town.example"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_the_house_of_an_address(address: str, house: str) -> None:
    assert domain(address) == house


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  One   form\tfor\nall  ", "One form for all"),
        ("One\u00a0form", "One form"),
        ("One\u2003form\u2028for all", "One form for all"),
        ("  نموذج   واحد ", "نموذج واحد"),
        ("Бір  өтініш", "Бір өтініш"),
        ("one\r\nBcc: b@example.org", "one Bcc: b@example.org"),
    ],
)
def test_a_title_is_one_line(typed: str, kept: str) -> None:
    assert OneLine(max_length=120).clean(typed) == kept


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One.", "<p>One.</p>"),
        ("One.\nTwo.", "<p>One.<br>Two.</p>"),
        ("One.\n\n\nTwo.", "<p>One.</p>\n\n<p>Two.</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("javascript:alert(1) http://a.example", "<p>javascript:alert(1) http://a.example</p>"),
        ("{{ secret }} {% now %}", "<p>{{ secret }} {% now %}</p>"),
    ],
)
def test_words_of_a_stranger_become_paragraphs_and_nothing_else(text: str, html: str) -> None:
    assert rich(text) == html


@pytest.mark.parametrize("secret", ["", "x", "0" * 40, "\0", "ключ", "a" * 100_000])
def test_no_other_secret_opens_an_idea(secret: str) -> None:
    assert not opens(Idea(secret=digest("the right one")), secret)
    assert opens(Idea(secret=digest("the right one")), "the right one")


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_is_worded_differently_from_all_others_in_each_language(reason: Reason) -> None:
    for language, _name in site_settings.LANGUAGES:
        others = {why(other, language) for other in Reason if other != reason}
        assert why(reason, language).strip()
        assert why(reason, language) not in others


class TestForms:
    ALL = dict.fromkeys(Criterion.values, "3")

    @pytest.mark.parametrize("value", [str(WORST - 1), str(BEST + 1), "-1", "3.5", "five", "٣٣", "1e0", "\0"])
    @pytest.mark.parametrize("criterion", Criterion.values)
    def test_no_score_is_out_of_bounds(self, criterion: str, value: str) -> None:
        form = JudgeForm(self.ALL | {"stands_aside": "no", criterion: value})
        assert set(form.errors) == {criterion}

    @pytest.mark.parametrize("criterion", Criterion.values)
    def test_every_criterion_has_a_score(self, criterion: str) -> None:
        form = JudgeForm(self.ALL | {"stands_aside": "no", criterion: ""})
        assert dict(form.errors) == {criterion: ["Choose a score."]}

    def test_who_stands_aside_need_give_none(self) -> None:
        form = JudgeForm({"stands_aside": "yes", "comment": "My sister works there."})
        assert form.is_valid()
        assert form.cleaned_data["stands_aside"] is True
        assert form.scores == dict.fromkeys(Criterion.values)

    @pytest.mark.parametrize("answer", ["", "maybe", "YES", "true"])
    def test_everybody_says_whether_they_are_free(self, answer: str) -> None:
        assert set(JudgeForm(self.ALL | {"stands_aside": answer}).errors) == {"stands_aside"}

    def test_the_best_and_the_worst_are_numbers_afterwards(self) -> None:
        given = dict(zip(Criterion.values, map(str, (WORST, BEST, 2, 4)), strict=True))
        form = JudgeForm(given | {"stands_aside": "no"})
        assert form.is_valid()
        assert list(form.scores.values()) == [WORST, BEST, 2, 4]

    @pytest.mark.parametrize(
        ("text", "valid"),
        [("", False), (" \r\n ", False), ("Yes.", True), ("x" * 4000, True), ("x" * 4001, False), ("a\0b", False)],
    )
    def test_an_answer(self, text: str, *, valid: bool) -> None:
        assert AnswerForm({"text": text}).is_valid() == valid

    def test_breaks_of_an_answer_count_once(self) -> None:
        form = AnswerForm({"text": "x\r\n" * 2000})
        assert form.is_valid()
        assert len(form.cleaned_data["text"]) <= 4000

    @pytest.mark.parametrize(
        ("action", "fields"),
        [
            (Action.TAKE_UP, {"note"}),
            (Action.GO_ON, {"note"}),
            (Action.RESTORE, {"note"}),
            (Action.ASK, {"text", "note"}),
            (Action.ACCEPT, {"text", "note"}),
            (Action.SEND_TO_REVIEW, {"text", "note"}),
            (Action.CONVERT, {"text", "note"}),
            (Action.MARK_SPAM, {"reason", "note"}),
            (Action.REJECT, {"reason", "text", "note"}),
            (Action.DECLINE, {"reason", "text", "note"}),
            (Action.MARK_DUPLICATE, {"reason", "text", "note", "original"}),
        ],
    )
    def test_a_step_asks_for_no_more_than_it_takes(self, action: Action, fields: set[str]) -> None:
        form = StepForm(idea=Idea(language="kk"), transition=TRANSITIONS[action])
        assert set(form.fields) == fields

    @pytest.mark.parametrize("action", [action for action, step in TRANSITIONS.items() if step.reasons])
    def test_no_step_takes_the_reason_of_another(self, action: Action) -> None:
        own = TRANSITIONS[action].reasons
        for reason in Reason:
            data = {"reason": reason, "text": "Words.", "original": "K7MT-9QXR"}
            form = StepForm(data, idea=Idea(language="ru"), transition=TRANSITIONS[action])
            assert form.is_valid() == (reason in own), reason

    @pytest.mark.parametrize(
        ("reason", "original", "wrong"),
        [
            (Reason.SAME_IDEA, "", {"original"}),
            (Reason.SAME_IDEA, "   ", {"original"}),
            (Reason.SAME_IDEA, "K7MT-9QXR", set()),
            (Reason.SAME_IDEA, " K7MT-9QXR ", set()),
            (Reason.SAME_IDEA, "K7MT-9QXR-1", {"original"}),
            (Reason.IN_USE, "", set()),
            ("", "K7MT-9QXR", {"reason"}),
        ],
    )
    def test_the_same_idea_is_named(self, reason: str, original: str, wrong: set[str]) -> None:
        data = {"reason": reason, "text": "", "original": original}
        form = StepForm(data, idea=Idea(language="en"), transition=TRANSITIONS[Action.MARK_DUPLICATE])
        assert set(form.errors) == wrong

    @pytest.mark.parametrize("language", [code for code, _name in site_settings.LANGUAGES])
    def test_words_stand_ready_in_the_language_of_the_submitter_whatever_that_of_the_moderator(
        self, language: str
    ) -> None:
        with translation.override("en"):
            form = StepForm(idea=Idea(language=language), transition=TRANSITIONS[Action.REJECT])
            words = form.fields["reason"].widget.attrs["data-words-off-topic"]
        assert words == why(Reason.OFF_TOPIC, language)
        assert form.fields["text"].widget.attrs["lang"] == language
