"""What all specifications are made of: a sheet of a size, layers of marks on it, and the frame around them.

Every figure is specified twice, for a wide sheet and for a narrow one whose letters stay readable on a phone. Ticks,
their names and the places of texts are settled here and not by Vega, so that numbers and dates are those of CLDR and a
drawing does not depend on the fonts of the machine that draws it. Colours are the custom properties of the style sheet:
one drawing serves light, dark and printed pages.
"""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.axes import Frame
from reports.canvas import named_dates, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    Layer = dict[str, Any]
    # Left, top, right and bottom, or the two ends of a line
    Box = tuple[float, float, float, float]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
INK, SOFT, PAPER = "var(--ink)", "var(--ink-soft)", "var(--paper)"
HAIRLINE, AXIS = "var(--line)", "var(--line-strong)"
HATCH = "url(#hatch)"
AXIS_HEIGHT = 28
TICK = 5
RING = 20
# Half the height of a small letter, in parts of the size: what stands between the middle line and the base line.
LETTER_MIDDLE = 0.36
# Lines are told apart by colour, by dashes and by the marker at their end.
COLOURS = tuple(f"var(--series-{number})" for number in range(1, 9))
DASHES = ([1, 0], [7, 3], [2, 3], [10, 3, 2, 3], [12, 4], [5, 2], [3, 2], [9, 3, 2, 3, 2, 3])
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "triangle-right", "triangle-left")
LEVEL_SHADES = 5
PIXELS: dict[str, Any] = {"type": "quantitative", "scale": None}


@dataclass(frozen=True)
class Sheet:
    """A size to draw for: `letter` is the size of letters, `ticks` how many steps a value axis has room for."""

    name: str
    width: float
    height: float
    letter: int
    ticks: int

    @property
    def is_wide(self) -> bool:
        return self.name == "wide"

    def text_width(self, text: str) -> float:
        return text_width(text, self.letter)


@dataclass(frozen=True)
class Specification:
    """A chart as Vega-Lite, for one sheet.

    `frame` is where values stand over time, if they do: a script reads it to tell the values under the pointer.
    `essence` tells the specification from every other one, where that is shorter than the whole.
    """

    sheet: Sheet
    spec: Layer
    frame: Frame | None = None
    essence: Any = None


def sheets(wide_height: float, narrow_height: float) -> list[Sheet]:
    return [Sheet("wide", 736, wide_height, 14, 5), Sheet("narrow", 344, narrow_height, 13, 4)]


def full_frame(sheet: Sheet) -> Frame:
    """All of a sheet, for drawings whose places are computed."""
    day = datetime.date.min
    return Frame(left=0, top=0, right=sheet.width, bottom=sheet.height, start=day, end=day)


def specify(sheet: Sheet, frame: Frame, layers: Iterable[Layer | None], *, over_time: bool = False) -> Specification:
    """A specification whose layers share the scales of the frame. Nothing is laid out by the renderer."""
    spec = {
        "$schema": SCHEMA,
        "width": frame.width,
        "height": frame.height,
        "padding": {
            "left": frame.left,
            "top": frame.top,
            "right": sheet.width - frame.right,
            "bottom": sheet.height - frame.bottom,
        },
        "autosize": {"type": "none"},
        "background": None,
        "config": {"aria": False, "view": {"stroke": None}, "text": {"fontSize": sheet.letter}},
        "layer": [layer for layer in layers if layer],
    }
    return Specification(sheet, spec, frame if over_time else None)


def moment(day: datetime.date) -> int:
    """Midnight of a day in UTC, in the milliseconds in which Vega counts time."""
    return (day - datetime.date(1970, 1, 1)).days * 86_400_000


def time_scale(frame: Frame, field: str = "day") -> Layer:
    """The encoding of days along a frame, in UTC: the time zone of a server moves nothing."""
    scale = {"type": "utc", "domain": [moment(frame.start), moment(frame.end)], "nice": False}
    return {"field": field, "type": "temporal", "scale": scale, "axis": None}


def value_scale(frame: Frame, field: str = "value") -> Layer:
    scale = {"domain": [float(frame.low), float(frame.high)], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None, "stack": None}


def layer(
    rows: Sequence[Mapping[str, Any]], kind: str, style: Mapping[str, Any], encoding: Mapping[str, Any]
) -> Layer | None:
    """Marks of a kind, one for each row; None where there is none."""
    if not rows:
        return None
    return {"data": {"values": list(rows)}, "mark": {"type": kind, **style}, "encoding": dict(encoding)}


def texts(rows: Sequence[tuple[float, float, str]], **style: Any) -> Layer | None:
    """Texts at places of the frame (x, y, text), with their middle line at y."""
    size = style.get("fontSize")
    lower = {"dy": round(size * LETTER_MIDDLE, 1)} if size else {}
    placed = [{"x": round(x, 1), "y": round(y, 1), "text": isolated(text)} for x, y, text in rows if text]
    encoding = {"x": PIXELS | {"field": "x"}, "y": PIXELS | {"field": "y"}, "text": {"field": "text"}}
    style = {"baseline": "alphabetic", "align": "left", "fill": SOFT, **lower, **style}
    return layer(placed, "text", style, encoding)


def isolated(text: str) -> str:
    """A text that reads in the direction of its own letters, on a drawing that goes from left to right."""
    has_right_to_left = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if has_right_to_left else text


def rules(rows: Sequence[Box], stroke: str, **style: Any) -> Layer | None:
    """Straight lines (x, y, x2, y2) at places of the frame."""
    placed = [{"x": x, "y": y, "x2": x2, "y2": y2} for x, y, x2, y2 in rows]
    encoding = {
        "x": PIXELS | {"field": "x"},
        "y": PIXELS | {"field": "y"},
        "x2": {"field": "x2"},
        "y2": {"field": "y2"},
    }
    return layer(placed, "rule", {"stroke": stroke, "strokeWidth": 1, **style}, encoding)


def boxes(rows: Sequence[Box], **style: Any) -> Layer | None:
    """Rectangles (left, top, right, bottom) at places of the frame."""
    placed = [{"x": x, "y": y, "x2": x2, "y2": y2} for x, y, x2, y2 in rows if x2 > x]
    encoding = {
        "x": PIXELS | {"field": "x"},
        "y": PIXELS | {"field": "y"},
        "x2": {"field": "x2"},
        "y2": {"field": "y2"},
    }
    return layer(placed, "rect", style, encoding)


def hollow(rows: Sequence[tuple[float, float, str]]) -> Layer | None:
    """Small rings at places of the frame (x, y, colour): values that are estimated or provisional."""
    placed = [{"x": x, "y": y, "colour": colour} for x, y, colour in rows]
    encoding = {
        "x": PIXELS | {"field": "x"},
        "y": PIXELS | {"field": "y"},
        "stroke": {"field": "colour", "type": "nominal", "scale": None},
    }
    return layer(
        placed, "point", {"fill": PAPER, "strokeWidth": 1.5, "size": RING, "shape": "circle", "opacity": 1}, encoding
    )


def label(sheet: Sheet, rows: Sequence[tuple[float, float, str]], **style: Any) -> Layer | None:
    """Texts in the letters of a sheet."""
    return texts(rows, **{"fontSize": sheet.letter, **style})


def date_axis(sheet: Sheet, frame: Frame, frequency: str) -> list[Layer | None]:
    """As many dates below the frame as there is room for."""
    named = named_dates(sheet, frame, frequency)
    ticks = [
        (frame.x(day) - frame.left, frame.height, frame.x(day) - frame.left, frame.height + TICK) for day, *_ in named
    ]
    names = [(middle - frame.left, frame.height + 16, name) for _day, name, middle in named]
    return [rules(ticks, AXIS), label(sheet, names, align="center")]


def value_axis(sheet: Sheet, frame: Frame, names: Mapping[Decimal, Sequence[str]]) -> list[Layer | None]:
    """Lines across the frame at the values that are named, zero the strongest, and their names beside it.

    A name of two lines stands on its value with the second.
    """
    places = {value: frame.y(value) - frame.top for value in names}
    across = [(0, place, frame.width, place) for value, place in places.items() if value]
    ground = [(0, place, frame.width, place) for value, place in places.items() if not value]
    height = sheet.letter * 1.15
    words = [
        (-8, places[value] + height * (number - len(lines) + 1), line)
        for value, lines in names.items()
        for number, line in enumerate(lines)
    ]
    return [rules(across, HAIRLINE), rules(ground, AXIS), label(sheet, words, align="right")]


def level_shade(value: Decimal, highest: Decimal) -> int:
    """The shade of a level, the strongest for the highest."""
    return max(0, round(LEVEL_SHADES * value / highest))


def wrapped(text: str, letters: int, lines: int = 2) -> list[str]:
    """A text in at most so many lines of about so many letters; what is longer ends with an ellipsis."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if len(longer) <= letters or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], f"{found[lines - 1].rstrip(',;:')}…"]
    return found
