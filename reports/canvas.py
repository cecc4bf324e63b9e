"""A canvas for charts: marks and labels, ready for an SVG template.

Every figure is drawn twice, on a wide canvas and on a narrow one whose letters stay readable on a phone. Lengths are
units of the view box, about one CSS pixel each. What a mark looks like is said by its classes alone, so that colours
follow the reader's scheme and the printer.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from reports import wording
from reports.axes import date_ticks

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from reports.axes import Frame

    # A day, its name, and where the middle of the name stands
    NamedDate = tuple[datetime.date, str, float]

# The width of an average letter and the height of its middle line, in parts of the letter size.
LETTER_WIDTH, LETTER_MIDDLE = 0.61, 0.36
DATE_GAP = 14
SHORTEST_DATE = "2021"
Corner = tuple[float, float]


class Sheet(Protocol):
    """What texts are measured for."""

    @property
    def width(self) -> float: ...

    def text_width(self, text: str) -> float: ...


@dataclass(frozen=True)
class Mark:
    """A path with its classes; the title is a tip for readers with a mouse."""

    path: str
    css: str
    title: str = ""


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    css: str
    anchor: str


@dataclass
class Drawing:
    """A canvas and what is on it: its class, the size of its letters, the steps that its value axis has room for.

    `frame` is where values stand over time, if they do: a script reads it to tell the values under the pointer.
    """

    name: str
    width: float
    height: float
    letter: int
    ticks: int
    marks: list[Mark] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    frame: Frame | None = None

    @property
    def is_wide(self) -> bool:
        return self.name == "wide"

    def text_width(self, text: str) -> float:
        return text_width(text, self.letter)

    def mark(self, path: str, css: str, title: str = "") -> None:
        self.marks.append(Mark(path, css, title))

    def line(self, corners: Sequence[Corner], css: str) -> None:
        self.mark(path_of(corners), css)

    def box(self, corner: Corner, opposite: Corner, css: str, title: str = "") -> None:
        (left, top), (right, bottom) = corner, opposite
        self.mark(f"M{left:.1f} {top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}Z", css, title)

    def arrow(self, corner: Corner, opposite: Corner, css: str, title: str = "") -> None:
        """A box whose right side is a point."""
        (left, top), (right, bottom) = corner, opposite
        shoulder = max(left, right - (bottom - top) / 2)
        corners = [(left, top), (shoulder, top), (right, (top + bottom) / 2), (shoulder, bottom), (left, bottom)]
        self.mark(f"{path_of(corners)}Z", css, title)

    def text(self, x: float, y: float, text: str, css: str = "tick", anchor: str = "start") -> None:
        """A text whose middle line is at `y`."""
        self.labels.append(Label(round(x, 1), round(y + self.letter * LETTER_MIDDLE, 1), text, css, anchor))


def text_width(text: str, letter: float) -> float:
    """About how wide a text is in letters of a size: letters differ in width, but not so much on average."""
    full = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return letter * (LETTER_WIDTH * (len(text) - full) + full)


def canvases(wide_height: float, narrow_height: float) -> list[Drawing]:
    return [Drawing("wide", 736, wide_height, 14, 5), Drawing("narrow", 344, narrow_height, 13, 4)]


def path_of(corners: Sequence[Corner]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)


def draw_date_axis(drawing: Drawing, frame: Frame, frequency: str) -> list[float]:
    """Name as many dates below the frame as there is room for; returns their positions."""
    named = named_dates(drawing, frame, frequency)
    for day, name, middle in named:
        x = frame.x(day)
        drawing.line([(x, frame.bottom), (x, frame.bottom + 5)], "axis")
        drawing.text(middle, frame.bottom + 16, name, anchor="middle")
    return [frame.x(day) for day, _name, _middle in named]


def named_dates(sheet: Sheet, frame: Frame, frequency: str) -> list[NamedDate]:
    """As many days of a time axis with their names as there is room for, and where the middle of each name stands."""
    most = frame.width / (DATE_GAP + sheet.text_width(SHORTEST_DATE))
    for days, unit in date_ticks(frame.start, frame.end, frequency):
        named = placed(sheet, frame, days, unit) if len(days) <= most + 1 else []
        if named and is_free(sheet, named):
            return named
    return placed(sheet, frame, [frame.start], frequency)


def placed(sheet: Sheet, frame: Frame, days: Sequence[datetime.date], unit: str) -> list[NamedDate]:
    """Days with their names, moved in where a name would leave the canvas."""
    named = []
    for day in days:
        name = wording.short_period(day, unit)
        half = sheet.text_width(name) / 2
        named.append((day, name, min(max(frame.x(day), half), sheet.width - half)))
    return named


def is_free(sheet: Sheet, named: Sequence[NamedDate]) -> bool:
    """Whether names stand clear of each other."""
    return all(
        after - sheet.text_width(next_name) / 2 - before - sheet.text_width(name) / 2 >= DATE_GAP
        for (_day, name, before), (_next_day, next_name, after) in pairwise(named)
    )
