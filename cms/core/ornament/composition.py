"""Which motif, which colours, in which order: all decided by a key, so that an item always looks the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cms.core.ornament.motifs import BORDER_CELL, BORDERS, CELL, FILLERS, MOTIFS
from cms.core.ornament.shapes import Shape, rectangle

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

COLOURS = {
    "teal": "#0b5563",
    "rust": "#b8461b",
    "ochre": "#d9a441",
    "wool": "#f3e7cf",
    "madder": "#7d2a26",
    "indigo": "#2c3f63",
    "moss": "#5d6b3a",
    "dark": "#2a2320",
}
# Ground, figure, accent, detail. Items of one theme share a family; the key picks within it.
FAMILIES: tuple[tuple[tuple[str, str, str, str], ...], ...] = (
    (("teal", "wool", "rust", "ochre"), ("wool", "teal", "rust", "ochre"), ("teal", "ochre", "dark", "wool")),
    (("madder", "wool", "dark", "ochre"), ("wool", "madder", "teal", "ochre"), ("madder", "ochre", "teal", "wool")),
    (("indigo", "wool", "rust", "ochre"), ("wool", "indigo", "madder", "ochre"), ("indigo", "ochre", "madder", "wool")),
    (("ochre", "dark", "rust", "wool"), ("ochre", "madder", "teal", "wool"), ("dark", "ochre", "rust", "wool")),
    (("moss", "wool", "madder", "ochre"), ("wool", "moss", "rust", "ochre"), ("moss", "ochre", "dark", "wool")),
    (("rust", "wool", "dark", "ochre"), ("wool", "rust", "indigo", "ochre"), ("dark", "wool", "rust", "ochre")),
)


@dataclass(frozen=True)
class Form:
    """Size of a drawing, how many motifs stand across it, and the height of the borders above and below."""

    width: int
    height: int
    across: tuple[int, ...]
    border: int = 0


FORMS = {
    "tile": Form(120, 120, (1, 2)),
    "wide": Form(480, 144, (4, 5), border=18),
    "card": Form(1200, 630, (3, 4), border=60),
    "panel": Form(360, 480, (3, 2), border=24),
}


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    palette: tuple[str, str, str, str]
    shapes: list[Shape]


class Choices:
    """A stream of choices that a key decides."""

    def __init__(self, key: str) -> None:
        self._bytes = iter(hashlib.sha256(key.encode()).digest())

    def pick(self, options: Sequence[T]) -> T:
        return options[next(self._bytes) % len(options)]


def compose(key: str, theme: str = "", *, form: str = "tile") -> Drawing:
    """The drawing for an item: `theme` decides the family of colours, `key` everything else."""
    size = FORMS[form]
    choices = Choices(key)
    family = Choices(theme or key).pick(FAMILIES)
    palette = choices.pick(family)
    motif, filler, border = choices.pick(MOTIFS), choices.pick(FILLERS), choices.pick(BORDERS)
    across = choices.pick(size.across)
    cell = size.width / across
    field = size.height - 2 * size.border
    rows = max(1, round(field / cell))
    scale = min(cell, field / rows) / CELL
    left, top = (size.width - across * scale * CELL) / 2, (size.height - rows * scale * CELL) / 2
    shapes = [
        shape.moved(left + (column + 0.5) * scale * CELL, top + (row + 0.5) * scale * CELL, scale)
        for shape in motif()
        for row in range(rows)
        for column in range(-1, across + 1)
    ]
    shapes += [
        shape.moved(left + column * scale * CELL, top + row * scale * CELL, scale)
        for shape in filler()
        for row in range(rows + 1)
        for column in range(-1, across + 2)
    ]
    shapes += frame(size, border())
    return Drawing(size.width, size.height, palette, shapes)


def frame(size: Form, cell: list[Shape]) -> list[Shape]:
    """Borders above and below, on a ground of their own."""
    if not size.border:
        return []
    height = size.border
    scale = height * 0.7 / BORDER_CELL
    count = round(size.width / (BORDER_CELL * scale))
    step = size.width / count
    inset = height * 0.15
    grounds = [rectangle(0, 0, 0, size.width, height), rectangle(0, 0, size.height - height, size.width, height)]
    lines = [
        rectangle(1, 0, height - 1, size.width, 1),
        rectangle(1, 0, size.height - height, size.width, 1),
    ]
    upper = [shape.moved(step * index, inset, scale) for shape in cell for index in range(-1, count + 1)]
    lower = [shape.mapped(lambda point: (point[0], size.height - point[1])) for shape in upper]
    return [*grounds, *upper, *lower, *lines]
