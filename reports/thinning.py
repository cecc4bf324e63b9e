"""What a drawing and a table show of a history that has more periods than either has room for.

A drawing keeps what a reader could see of it. It is divided into stretches of as many periods each, of which its widest
place has about two pixels; of each stretch the lowest and the highest value are drawn where they stand, so that no peak
and no trough is lost, and with them the first value that may still be corrected and the first break. The first and the
last value stay, and a gap that is wider than a stretch begins and ends where it does.

A table keeps the last period of each month or year, whose values are those of the source: nothing is averaged.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from reports.axes import DAYS, next_period
from reports.choices import UNCERTAIN, Frequency, ObservationStatus

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from reports.histories import Point

STRETCHES = 360
MOST_DRAWN = 2 * STRETCHES
MOST_ROWS = 400


def step_of(count: int) -> int:
    """How many periods in a row are drawn by their lowest and their highest value; 1 where all are drawn."""
    return -(-count // STRETCHES) if count > MOST_DRAWN else 1


def drawn(points: list[Point]) -> list[Point]:
    """The points of a history without gaps between its periods that a drawing needs, oldest first."""
    step = step_of(len(points))
    return points if step == 1 else [points[place] for place in sorted(set(telling(points, step)))]


def telling(points: Sequence[Point], step: int) -> Iterator[int]:
    """The places of the points that tell a history by stretches of so many."""
    known = [place for place, point in enumerate(points) if point.value is not None]
    yield from (0, len(points) - 1, *known[:1], *known[-1:])
    for before, after in pairwise(known):
        if after - before > step:
            yield from (before, before + 1, after)
    stretches: dict[int, list[int]] = {}
    for place in known:
        stretches.setdefault(place // step, []).append(place)
    for stretch in stretches.values():
        values = [(points[place].value, place) for place in stretch]
        yield min(values)[1]
        yield max(values)[1]
        yield from first_of(points, stretch, UNCERTAIN)
        yield from first_of(points, stretch, {ObservationStatus.BREAK})


def first_of(points: Sequence[Point], stretch: Iterable[int], statuses: Iterable[str]) -> list[int]:
    """The first place in a stretch whose point has one of some statuses, if there is one."""
    return [place for place in stretch if points[place].status in statuses][:1]


def listed(points: list[Point], frequency: str) -> list[Point]:
    """The points of a long history that a table may show, the newest value among them."""
    newest = next((point for point in reversed(points) if point.value is not None), None)
    return [point for point in points if point is newest or closes(point.day, frequency, units(frequency)[0])]


def listed_days(days: list[datetime.date], frequency: str) -> tuple[list[datetime.date], str]:
    """Of days that are too many for the rows of a table those that close a unit of time, and which unit that is."""
    for unit in units(frequency):
        kept = [day for day in days if closes(day, frequency, unit)]
        if len(kept) <= MOST_ROWS:
            break
    return kept, unit


def units(frequency: str) -> list[Frequency]:
    """The units of time of which a table may show the last period alone, the shortest first."""
    return [Frequency.MONTHLY, Frequency.ANNUAL] if frequency in DAYS else [Frequency.ANNUAL]


def closes(day: datetime.date, frequency: str, unit: str) -> bool:
    """Whether the period that begins on a day is the last of its month or year."""
    after = next_period(day, frequency)
    return day.year != after.year or (unit == Frequency.MONTHLY and day.month != after.month)
