"""Measures as bars: when they were in force, how well the end is known, and how the list below refers to them."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reports.models import Measure
from reports.timelines import Entry, Timeline, build_timeline, share_out
from reports.wording import measure_period
from tests.factories.statistics import make_measure

if TYPE_CHECKING:
    from reports.canvas import Mark


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def measure(start: str, end: str | None = None, **facts: Any) -> Measure:
    return make_measure(start=day(start), end=day(end) if end else None, **facts)


def bars(timeline: Timeline) -> list[Mark]:
    wide, _narrow = timeline.drawings
    return [mark for mark in wide.marks if mark.css.startswith("bar")]


def test_measures_stand_by_category_and_beginning_and_are_numbered(db: None) -> None:
    later, mask, first = (
        measure("2020-09-01", "2020-09-30", category="C1"),
        measure("2020-01-01", "2020-02-01", category="H6"),
        measure("2020-03-16", "2020-06-01", category="C1"),
    )
    timeline = build_timeline([later, mask, first])
    assert [category.name for category in timeline.categories] == ["School closing", "Facial coverings"]
    assert [(entry.number, entry.measure) for entry in timeline.entries] == [(1, first), (2, later), (3, mask)]


def test_measures_in_force_at_once_get_lanes_of_their_own(db: None) -> None:
    rows = [
        measure("2020-01-01", "2020-03-01"),
        measure("2020-02-01", "2020-04-01"),
        measure("2020-03-02", "2020-05-01"),
        measure("2020-06-01"),
    ]
    (category,) = build_timeline(rows).categories
    assert [[entry.number for entry in lane] for lane in category.lanes] == [[1, 3, 4], [2]]


days = st.dates(day("2020-01-01"), day("2021-12-31"))


@given(spells=st.lists(st.tuples(days, st.none() | st.integers(0, 200)), max_size=12))
def test_no_two_measures_of_a_lane_are_in_force_on_one_day(spells: list[tuple[datetime.date, int | None]]) -> None:
    rows = [
        Measure(start=start, end=None if length is None else start + datetime.timedelta(days=length))
        for start, length in sorted(spells, key=lambda spell: spell[0])
    ]
    lanes = share_out(Entry(number, row) for number, row in enumerate(rows))
    assert sorted(entry.number for lane in lanes for entry in lane) == list(range(len(rows)))
    for lane in lanes:
        for before, after in pairwise(lane):
            assert before.measure.end is not None
            assert before.measure.end < after.measure.start


def test_time_begins_with_the_first_month_and_ends_with_the_last_change(db: None) -> None:
    timeline = build_timeline([measure("2020-03-16", "2020-06-01"), measure("2020-05-11", "2021-02-28")])
    assert (timeline.start, timeline.end) == (day("2020-03-01"), day("2021-03-01"))


def test_time_runs_to_today_where_a_measure_is_in_force(db: None) -> None:
    timeline = build_timeline([measure("2020-03-16", end_certainty="ongoing")])
    assert timeline.start <= timezone.localdate() < timeline.end


def test_given_dates_cut_the_bars(db: None) -> None:
    timeline = build_timeline([measure("2019-01-01", "2022-12-31")], day("2020-01-01"), day("2020-12-31"))
    (entry,) = timeline.entries
    assert (timeline.start, timeline.end) == (day("2020-01-01"), day("2021-01-01"))
    (bar,) = bars(timeline)
    assert bar.path.startswith("M0.0 ")
    assert f"H{timeline.drawings[0].width - 1:.1f}" in bar.path
    assert entry.when == "1 Jan 2019\u2009–\u200931 Dec 2022"


@pytest.mark.parametrize(
    ("facts", "css", "when"),
    [
        ({"end": "2020-06-01"}, "bar s1", "16 Mar\u2009–\u20091 Jun 2020"),
        (
            {"end": "2020-06-01", "end_certainty": "estimated"},
            "bar s1",
            "16 Mar\u2009–\u20091 Jun 2020 (end estimated)",
        ),
        ({"end": "2020-06-01", "bindingness": "recommended"}, "bar soft", "16 Mar\u2009–\u20091 Jun 2020"),
        ({"end_certainty": "ongoing"}, "bar s1", "since 16 Mar 2020, in force"),
        ({"end_certainty": "unknown"}, "bar unknown", "from 16 Mar 2020, end not known"),
        ({"end_certainty": "certain"}, "bar unknown", "from 16 Mar 2020, end not known"),
    ],
)
def test_how_well_an_end_is_known_is_seen_and_said(db: None, facts: dict[str, Any], css: str, when: str) -> None:
    row = measure("2020-03-16", **facts)
    timeline = build_timeline([row])
    (bar,) = bars(timeline)
    assert bar.css == css
    assert bar.title == f"1. Schools closed: {when}"
    assert measure_period(row) == when
    assert timeline.has_in_force == ("in force" in when)
    assert timeline.has_unknown_end == ("not known" in when)
    assert timeline.has_recommended == ("soft" in css)


def test_a_bar_too_short_for_its_number_has_it_beside(db: None) -> None:
    short, long = measure("2020-01-01", "2020-01-02"), measure("2020-01-01", "2021-12-31", category="H6")
    wide, _narrow = build_timeline([short, long]).drawings
    beside, inside = (next(label for label in wide.labels if label.text == number) for number in ("1", "2"))
    assert (beside.css, beside.anchor) == ("value", "start")
    assert (inside.css, inside.anchor) == ("on bar s1", "middle")


def test_no_measure_is_no_figure() -> None:
    timeline = build_timeline([])
    assert (timeline.entries, timeline.drawings) == ([], [])
