"""Where measures stand in a figure, and what is said of them in each language: without a database."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone, translation

from reports import wording
from reports.choices import MeasureCategory
from reports.models import Measure
from reports.timelines import (
    AXIS,
    BAR,
    CROWD,
    GAP,
    HEADING,
    LANE,
    TEETH,
    UNKNOWN_SHOWN,
    Timeline,
    build_timeline,
    last_known_day,
    torn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.canvas import Drawing

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def measure(start: str, end: str | None = None, number: int = 1, **facts: Any) -> Measure:
    found = Measure(pk=number, start=day(start), end=day(end) if end else None, **({"category": "C1"} | facts))
    found.texts = []  # its title is then the name of its category
    return found


def built(
    rows: Iterable[Measure], asked: str | None = None, start: str = "2020-01-01", end: str = "2020-12-31"
) -> Timeline:
    return build_timeline(rows, day(start), day(end), day(asked) if asked else None)


def bars(drawing: Drawing) -> list[tuple[float, float, float]]:
    """The left end, the right end and the top of each bar."""
    found = []
    for mark in drawing.marks:
        if mark.css.startswith("bar"):
            left, top = (float(one) for one in NUMBER.findall(mark.path)[:2])
            across = [float(one) for one in re.findall(r"[MLH](-?\d+\.\d)", mark.path)]
            found.append((left, max(across), top))
    return found


# Time


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        ({"end": "2020-06-01"}, day("2020-06-01")),
        ({"end": "2020-06-01", "end_certainty": "estimated"}, day("2020-06-01")),
        ({"end_certainty": "unknown"}, day("2020-03-16") + UNKNOWN_SHOWN),
        ({"end_certainty": "certain"}, day("2020-03-16") + UNKNOWN_SHOWN),
    ],
)
def test_a_measure_is_shown_to_its_end_or_for_a_while(facts: dict[str, Any], last: datetime.date) -> None:
    assert last_known_day(measure("2020-03-16", **facts)) == last


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        ("2020-03-31", "2020-03-31", "2020-03-01", "2020-04-01"),
        ("2020-02-29", "2020-12-01", "2020-02-01", "2021-01-01"),
        ("2019-12-31", "2020-01-01", "2019-12-01", "2020-02-01"),
        ("2020-01-01", "9999-12-31", "2020-01-01", "9999-12-31"),
    ],
)
def test_time_is_that_of_whole_months_within_the_calendar(first: str, last: str, start: str, end: str) -> None:
    timeline = build_timeline([measure(first, last)])
    assert (timeline.start, timeline.end) == (day(start), day(end))


def test_measures_that_begin_on_one_day_stand_in_the_order_of_their_entry() -> None:
    rows = [measure("2020-03-01", "2020-04-01", number) for number in (3, 1, 2)]
    assert [entry.measure.pk for entry in built(rows).entries] == [1, 2, 3]


@pytest.mark.parametrize(("count", "crowded"), [(CROWD, False), (CROWD + 1, True)])
def test_a_figure_is_crowded_beyond_a_number_of_measures(count: int, *, crowded: bool) -> None:
    rows = [measure("2020-03-01", "2020-04-01", number, category=f"C{number % 8 + 1}") for number in range(count)]
    timeline = built(rows)
    assert timeline.is_crowded == crowded
    assert [entry.number for entry in timeline.entries] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("end", "next_start", "lanes"),
    [("2020-03-31", "2020-04-01", 1), ("2020-04-01", "2020-04-01", 2), (None, "2020-09-01", 2)],
)
def test_a_lane_is_free_on_the_day_after_an_end(end: str | None, next_start: str, lanes: int) -> None:
    (category,) = built([measure("2020-03-01", end), measure(next_start, "2020-10-01", 2)]).categories
    assert len(category.lanes) == lanes


# Counts


@pytest.mark.parametrize(
    ("asked", "in_force", "perhaps", "off"),
    [
        ("2020-02-29", 0, 0, 4),
        ("2020-03-01", 2, 1, 1),
        ("2020-04-30", 2, 1, 1),
        ("2020-05-01", 1, 1, 2),
        ("2020-06-01", 2, 1, 1),
        ("2021-01-01", 1, 1, 2),
    ],
)
def test_on_a_day_some_are_in_force_some_perhaps_and_others_step_back(
    asked: str, in_force: int, perhaps: int, off: int
) -> None:
    rows = [
        measure("2020-03-01", "2020-04-30", 1),
        measure("2020-03-01", None, 2, category="C2", end_certainty="ongoing"),
        measure("2020-03-01", None, 3, category="C2", end_certainty="unknown"),
        measure("2020-06-01", "2020-12-31", 4, category="H6"),
    ]
    timeline = built(rows, asked)
    assert (timeline.in_force, timeline.perhaps, sum(entry.is_off for entry in timeline.entries)) == (
        in_force,
        perhaps,
        off,
    )
    assert timeline.counted_on == day(asked)


def test_without_a_day_today_counts_and_nothing_steps_back() -> None:
    timeline = built([measure("2020-03-01", "2020-04-30"), measure("2020-03-01", None, 2, end_certainty="ongoing")])
    assert (timeline.in_force, timeline.counted_on) == (1, timezone.localdate())
    assert not any(entry.is_off for entry in timeline.entries)


# The figure


def test_a_figure_is_as_high_as_its_headings_lanes_and_axis() -> None:
    rows = [
        measure("2020-03-01", "2020-06-01"),
        measure("2020-04-01", "2020-07-01", 2),
        measure("2020-04-01", "2020-05-01", 3, category="H6"),
    ]
    timeline = built(rows)
    for drawing in timeline.drawings:
        assert drawing.height == 3 * LANE + 2 * (GAP + HEADING) + AXIS
        tops = [top for _left, _right, top in bars(drawing)]
        assert tops == [HEADING, HEADING + LANE, HEADING + 2 * LANE + GAP + HEADING]
        assert [label.text for label in drawing.labels if label.css == "end"] == ["School closing", "Facial coverings"]


@pytest.mark.parametrize(
    ("facts", "left", "right"),
    [
        ({"start": "2020-01-01", "end": "2020-12-31"}, 0, 1),
        ({"start": "2020-07-01", "end": "2020-12-31"}, 182 / 366, 1),
        ({"start": "2020-01-01", "end": "2020-06-30"}, 0, 182 / 366),
        ({"start": "2019-01-01", "end": "2021-12-31"}, 0, 1),
        ({"start": "2020-01-01", "end": "2020-06-30", "end_certainty": "estimated"}, 0, 182 / 366),
        ({"start": "2020-07-01", "end_certainty": "ongoing"}, 182 / 366, 1),
        ({"start": "2020-07-01", "end_certainty": "unknown"}, 182 / 366, 1),
    ],
)
def test_a_bar_takes_the_days_from_the_first_to_the_last_one_whole(
    facts: dict[str, Any], left: float, right: float
) -> None:
    for drawing in built([measure(**facts)]).drawings:
        ((first, last, _top),) = bars(drawing)
        assert (first, last) == pytest.approx((left * (drawing.width - 1), right * (drawing.width - 1)), abs=0.1)


@pytest.mark.parametrize("certainty", ["certain", "estimated"])
def test_even_a_day_is_a_bar_that_can_be_seen(certainty: str) -> None:
    row = measure("2020-05-05", "2020-05-05", end_certainty=certainty)
    for drawing in built([row], start="2010-01-01").drawings:
        ((left, right, _top),) = bars(drawing)
        assert right - left == pytest.approx(3)


@pytest.mark.parametrize("width", [0.5, BAR / TEETH, 100])
def test_a_torn_end_stays_within_its_bar(width: float) -> None:
    numbers = [float(one) for one in NUMBER.findall(torn(10, 10 + width, 20))]
    corners = list(zip(numbers[2:-1:2], numbers[3::2], strict=False))
    assert [y for _x, y in corners] == [20 + BAR / TEETH * number for number in range(TEETH + 1)]
    assert min(x for x, _y in corners) >= 10
    assert max(x for x, _y in corners) == pytest.approx(10 + width)
    assert len({x for x, _y in corners}) == 2


@pytest.mark.parametrize(
    ("asked", "lines"), [("2019-12-31", 0), ("2020-01-01", 1), ("2020-12-31", 1), ("2021-01-01", 0), (None, 0)]
)
def test_the_line_of_a_day_stands_within_the_time_shown(asked: str | None, lines: int) -> None:
    for drawing in built([measure("2020-03-01", "2020-06-01")], asked).drawings:
        assert sum(mark.css == "reading-line day" for mark in drawing.marks) == lines


# Words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ru",
            ["16 мар. – 1 июн. 2020\u202fг. (окончание указано приблизительно)", "с 16 мар. 2020\u202fг., действует"],
        ),
        ("kk", ["2020\u202fж. 16 нау. – 1 мау. (соңы болжамды)", "басталуы: 2020\u202fж. 16 нау., қолданыста"]),
        ("ar", ["16 مارس – 1 يونيو 2020 (تاريخ الانتهاء تقديري)", "منذ 16\u200f/03\u200f/2020، سارٍ"]),
    ],
)
def test_how_well_an_end_is_known_is_said_in_each_language(language: str, words: list[str]) -> None:
    rows = [
        measure("2020-03-16", "2020-06-01", end_certainty="estimated"),
        measure("2020-03-16", None, 2, end_certainty="ongoing"),
    ]
    with translation.override(language):
        timeline = built(rows)
        assert [entry.when for entry in timeline.entries] == words
        titles = [mark.title for mark in timeline.drawings[0].marks if mark.title]
        name = str(MeasureCategory.C1.label)
        assert titles == [f"{number}. {name}: {when}" for number, when in enumerate(words, start=1)]
        assert (name != "School closing", timeline.categories[0].name) == (True, name)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "January\u2009–\u2009March 2020"),
        ("ru", "январь – март 2020\u202fг."),
        ("kk", "2020\u202fж. қаңтар – наурыз"),
        ("ar", "يناير – مارس 2020"),
    ],
)
def test_the_time_of_a_figure_is_named_without_the_month_after_it(language: str, words: str) -> None:
    with translation.override(language):
        assert wording.months_shown(built([measure("2020-02-02")], end="2020-03-31")) == words
