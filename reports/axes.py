"""Axes: from periods and values to positions, and which of them are named.

Positions are in the units of an SVG view box. Time runs from left to right in every language, as in printed charts.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reports.choices import Frequency

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MONTHS = {Frequency.ANNUAL: 12, Frequency.QUARTERLY: 3, Frequency.MONTHLY: 1}
DAYS = {Frequency.WEEKLY: 7, Frequency.DAILY: 1}
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
DAY_STEPS = (1, 2, 7, 14)
SHORT_SPAN = 62
ROUND_FACTORS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Frame:
    """A rectangle and the ranges of time and values that are drawn into it."""

    left: float
    top: float
    right: float
    bottom: float
    start: datetime.date
    end: datetime.date
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def x(self, day: datetime.date) -> float:
        """The position of a day; the middle where the range is a single day."""
        days = (self.end - self.start).days
        share = (day - self.start).days / days if days else 0.5
        return round(self.left + self.width * share, 1)

    def y(self, value: Decimal) -> float:
        """The position of a value; the middle where the range is a single value."""
        span = self.high - self.low
        share = float((value - self.low) / span) if span else 0.5
        return round(self.bottom - self.height * share, 1)


def next_period(day: datetime.date, frequency: str) -> datetime.date:
    """The first day of the period after the one that begins on a day; the last day of the calendar where none is."""
    if frequency in DAYS:
        return days_later(day, DAYS[Frequency(frequency)])
    return month_start(month_number(day) + MONTHS[Frequency(frequency)])


def period_before(day: datetime.date, frequency: str) -> datetime.date:
    """The first day of the period before the one that begins on a day; that of the calendar where none is."""
    if frequency in DAYS:
        return days_later(day, -DAYS[Frequency(frequency)])
    return month_start(month_number(day) - MONTHS[Frequency(frequency)])


def month_number(day: datetime.date) -> int:
    return day.year * 12 + day.month - 1


def month_start(number: int) -> datetime.date:
    """The first day of a month; of months that the calendar does not have, its first or its last day."""
    year = number // 12
    if datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return datetime.date(year, number % 12 + 1, 1)
    return datetime.date.min if year < datetime.MINYEAR else datetime.date.max


def days_later(day: datetime.date, days: int) -> datetime.date:
    """A day some days after another, or before it, within the calendar."""
    number = min(max(day.toordinal() + days, datetime.date.min.toordinal()), datetime.date.max.toordinal())
    return datetime.date.fromordinal(number)


def date_ticks(start: datetime.date, end: datetime.date, frequency: str) -> Iterator[tuple[list[datetime.date], str]]:
    """Ever fewer days to name on a time axis, each time with the frequency in which they are named.

    Months and years are named at their beginning. Short spans of daily or weekly values are named by days.
    """
    span = (end - start).days
    if frequency in DAYS and span < SHORT_SPAN:
        for step in DAY_STEPS:
            days = [start + datetime.timedelta(days=offset) for offset in range(0, span + 1, step)]
            yield days, Frequency.DAILY
    for step in MONTH_STEPS:
        if step >= MONTHS.get(Frequency(frequency), 1):
            first = -(-(month_number(start) + (start.day > 1)) // step) * step
            days = [month_start(number) for number in range(first, month_number(end) + 1, step)]
            yield days, Frequency.ANNUAL if step % 12 == 0 else Frequency.MONTHLY


def value_ticks(low: Decimal, high: Decimal, *, most: int, whole: bool) -> list[Decimal]:
    """Round values from at or below `low` to at or above `high`, with at most `most` steps between them.

    `whole` keeps to integers, for things that are counted.
    """
    if low == high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0)) or Decimal(1)
    raw = (high - low) / most
    magnitude = Decimal(10) ** raw.adjusted()
    steps = [magnitude * factor for factor in ROUND_FACTORS] + [magnitude * 20]
    for step in steps:
        if whole and step != step.to_integral_value():
            continue
        first = (low / step).to_integral_value(rounding="ROUND_FLOOR")
        last = (high / step).to_integral_value(rounding="ROUND_CEILING")
        if last - first <= most:
            return [step * number for number in range(int(first), int(last) + 1)]
    return [low, high]


def spread(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Positions as near as possible to those wanted, at least `gap` apart and between two bounds where they fit."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    lowest = top
    for index in order:
        placed[index] = lowest = max(wanted[index], lowest)
        lowest += gap
    highest = bottom
    for index in reversed(order):
        placed[index] = min(placed[index], highest)
        highest = placed[index] - gap
    return placed
