"""Which motif, which colours, in which order: all decided by a key, so that an item always looks the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cms.core.ornament.motifs import BORDER_CELL, BORDERS, CELL, FILLERS, MOTIFS
from cms.core.ornament.shapes import rectangle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cms.core.ornament.shapes import Point, Shape

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
    """Size in pixels, and how many motifs may stand across it."""

    width: int
    height: int
    across: tuple[int, ...]


FORMS = {
    "tile": Form(120, 120, (1, 2)),
    "wide": Form(480, 160, (4, 5)),
    "square": Form(480, 480, (3, 4)),
    "card": Form(1200, 630, (3, 5)),
}


@dataclass(frozen=True)
class Drawing:
    """Shapes in units of the motifs, of which `across` by `down` fill the picture of `width` by `height` pixels."""

    width: int
    height: int
    across: float
    down: float
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
    palette = choices.pick(Choices(theme or key).pick(FAMILIES))
    motif, filler, border = choices.pick(MOTIFS), choices.pick(FILLERS), choices.pick(BORDERS)
    columns = choices.pick(size.across)
    across = columns * CELL
    down = round(across * size.height / size.width, 1)
    rows = int(down // CELL)
    margin = round((down - rows * CELL) / 2, 1)
    middles = [((column + 0.5) * CELL, (row + 0.5) * CELL + margin) for column in range(columns) for row in range(rows)]
    corners = [(column * CELL, row * CELL + margin) for column in range(columns + 1) for row in range(rows + 1)]
    shapes = [*spread(motif(), middles), *spread(filler(), corners)]
    if margin:
        shapes += frame(border(), across, down, margin)
    return Drawing(size.width, size.height, across, down, palette, shapes)


def spread(cell: Iterable[Shape], places: Sequence[Point]) -> list[Shape]:
    """The cell at every place, layer by layer."""
    return [shape.moved(x, y) for shape in cell for x, y in places]


def frame(cell: list[Shape], across: float, down: float, margin: float) -> list[Shape]:
    """A border above and below, each on a ground of its own and with a line towards the field."""
    scale = margin * 0.7 / BORDER_CELL
    count = round(across / (BORDER_CELL * scale))
    step = across / count
    upper = [shape.moved(step * index, margin * 0.15, scale) for shape in cell for index in range(-1, count + 1)]
    lower = [shape.mapped(lambda point: (point[0], down - point[1])) for shape in upper]
    line = margin * 0.07
    return [
        rectangle(0, 0, 0, across, margin),
        rectangle(0, 0, down - margin, across, margin),
        *upper,
        *lower,
        rectangle(1, 0, margin - line, across, line),
        rectangle(1, 0, down - margin, across, line),
    ]
