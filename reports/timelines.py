"""Measures as bars along the months, grouped by category."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils import timezone

from reports import wording
from reports.axes import Frame, days_later, month_number, month_start
from reports.canvas import Drawing, canvases, draw_date_axis
from reports.choices import Bindingness, Certainty, Frequency, OnDay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.models import Measure

CROWD = 40
LANE, BAR = 22, 16
TEETH = 4
HEADING = 20
GAP = 10
UNKNOWN_SHOWN = datetime.timedelta(days=90)
AXIS = 28


@dataclass(frozen=True)
class Entry:
    """A measure and the number by which the figure and the list below it refer to each other."""

    number: int
    measure: Measure
    day: datetime.date | None = None

    @property
    def when(self) -> str:
        return wording.measure_period(self.measure)

    @property
    def since(self) -> str:
        return wording.measure_start(self.measure)

    @property
    def until(self) -> str:
        return wording.measure_end(self.measure)

    @property
    def is_in_force(self) -> bool:
        return self.measure.is_ongoing

    @property
    def has_unknown_end(self) -> bool:
        return self.measure.end is None and not self.is_in_force

    @property
    def has_estimated_end(self) -> bool:
        return self.measure.end is not None and self.measure.end_certainty == Certainty.ESTIMATED

    @property
    def on_day(self) -> OnDay:
        """How it stands on the day that was asked for, or today."""
        return self.measure.on_day(self.day or timezone.localdate())

    @property
    def is_off(self) -> bool:
        """Whether it is not in force on the day that was asked for."""
        return self.day is not None and self.on_day in (OnDay.ENDED, OnDay.TO_COME)


@dataclass(frozen=True)
class Category:
    """The measures of one category, shared out over lanes so that no two in a lane are in force on the same day."""

    name: str
    lanes: list[list[Entry]]

    @property
    def entries(self) -> list[Entry]:
        return sorted((entry for lane in self.lanes for entry in lane), key=lambda entry: entry.number)

    @property
    def in_force(self) -> int:
        """How many are in force on the day that was asked for, or today."""
        return sum(entry.on_day == OnDay.IN_FORCE for entry in self.entries)

    @property
    def perhaps(self) -> int:
        """Of how many nobody knows whether they are."""
        return sum(entry.on_day == OnDay.PERHAPS for entry in self.entries)


@dataclass(frozen=True)
class Timeline:
    """Measures between the first days of two months; `day` is the one that was asked for."""

    categories: list[Category]
    start: datetime.date
    end: datetime.date
    day: datetime.date | None = None

    @cached_property
    def drawings(self) -> list[Drawing]:
        return draw_timeline(self) if self.categories else []

    @property
    def entries(self) -> list[Entry]:
        return [entry for category in self.categories for entry in category.entries]

    @property
    def has_recommended(self) -> bool:
        return any(entry.measure.bindingness == Bindingness.RECOMMENDED for entry in self.entries)

    @property
    def has_unknown_end(self) -> bool:
        return any(entry.has_unknown_end for entry in self.entries)

    @property
    def has_in_force(self) -> bool:
        return any(entry.is_in_force for entry in self.entries)

    @property
    def has_estimated_end(self) -> bool:
        return any(entry.has_estimated_end for entry in self.entries)

    @property
    def counted_on(self) -> datetime.date:
        """The day for which measures in force are counted: the one that was asked for, or today."""
        return self.day or timezone.localdate()

    @property
    def in_force(self) -> int:
        return sum(category.in_force for category in self.categories)

    @property
    def perhaps(self) -> int:
        return sum(category.perhaps for category in self.categories)

    @property
    def is_crowded(self) -> bool:
        """Whether there are too many measures for a figure among other parts of a page."""
        return len(self.entries) > CROWD


def build_timeline(
    measures: Iterable[Measure],
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    day: datetime.date | None = None,
) -> Timeline:
    """Lay measures out by category and beginning; on a given day, tell those that are in force from the others.

    Without dates, time begins with the first measure and ends with the last change; today, where one is in force.
    """
    rows = sorted(measures, key=lambda measure: (measure.category, measure.start, measure.pk))
    first = start or min((measure.start for measure in rows), default=timezone.localdate())
    last = end or max((last_known_day(measure) for measure in rows), default=first)
    numbered = (Entry(number, measure, day) for number, measure in enumerate(rows, start=1))
    categories = [
        Category(str(entries[0].measure.get_category_display()), share_out(entries))
        for entries in (list(group) for _code, group in groupby(numbered, key=lambda entry: entry.measure.category))
    ]
    return Timeline(categories, month_start(month_number(first)), month_start(month_number(last) + 1), day)


def last_known_day(measure: Measure) -> datetime.date:
    """The last day that has to be shown of a measure; some time after its beginning where its end is not known."""
    if measure.is_ongoing:
        return timezone.localdate()
    return measure.end or measure.start + UNKNOWN_SHOWN


def share_out(entries: Iterable[Entry]) -> list[list[Entry]]:
    lanes: list[list[Entry]] = []
    for entry in entries:
        free = (lane for lane in lanes if (end := lane[-1].measure.end) and end < entry.measure.start)
        lane = next(free, None)
        if lane is None:
            lanes.append([entry])
        else:
            lane.append(entry)
    return lanes


def draw_timeline(timeline: Timeline) -> list[Drawing]:
    lane_count = sum(len(category.lanes) for category in timeline.categories)
    height = lane_count * LANE + len(timeline.categories) * (GAP + HEADING) + AXIS
    drawings = canvases(height, height)
    for drawing in drawings:
        frame = Frame(0, 0, drawing.width - 1, drawing.height - AXIS, timeline.start, timeline.end)
        for x in draw_date_axis(drawing, frame, Frequency.MONTHLY):
            drawing.line([(x, 0), (x, frame.bottom)], "grid")
        top = 0.0
        for category in timeline.categories:
            drawing.text(0, top + HEADING / 2, category.name, "end")
            top += HEADING
            for lane in category.lanes:
                for entry in lane:
                    draw_bar(drawing, frame, entry, top)
                top += LANE
            top += GAP
        if timeline.day and timeline.start <= timeline.day < timeline.end:
            drawing.line([(frame.x(timeline.day), 0), (frame.x(timeline.day), frame.bottom)], "reading-line day")
    return drawings


def draw_bar(drawing: Drawing, frame: Frame, entry: Entry, top: float) -> None:
    """From the first day to the last; pointed where the measure is still in force, empty where its end is not known.

    Torn where the end is estimated.
    """
    measure = entry.measure
    left = max(frame.x(measure.start), frame.left)
    right = frame.right if measure.end is None else min(frame.x(days_later(measure.end, 1)), frame.right)
    right = max(right, left + 3)
    kind = "bar soft" if measure.bindingness == Bindingness.RECOMMENDED else "bar s1"
    title = f"{entry.number}. {measure.title}: {entry.when}"
    if entry.has_unknown_end:
        kind = "bar unknown"
    css = f"{kind} off" if entry.is_off else kind
    if entry.has_estimated_end:
        drawing.mark(torn(left, right, top), css, title)
    else:
        draw = drawing.arrow if entry.is_in_force else drawing.box
        draw((left, top), (right, top + BAR), css, title)
    name = str(entry.number)
    is_inside = right - left > drawing.text_width(name) + 4
    if is_inside:
        drawing.text((left + right) / 2, top + BAR / 2, name, f"on {kind}", "middle")
    else:
        drawing.text(right + 3, top + BAR / 2, name, "value")


def torn(left: float, right: float, top: float) -> str:
    """The path of a bar whose end is not straight."""
    step = BAR / TEETH
    depth = min(step, right - left)
    corners = [(right - depth * (number % 2), top + step * number) for number in range(TEETH + 1)]
    edge = "".join(f"L{x:.1f} {y:.1f}" for x, y in corners)
    return f"M{left:.1f} {top:.1f}{edge}H{left:.1f}Z"
