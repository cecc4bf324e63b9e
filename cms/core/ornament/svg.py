"""Drawings as SVG whose colours are classes, so that the dark scheme can change them."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cms.core.ornament.composition import compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.core.ornament.composition import Drawing
    from cms.core.ornament.shapes import Point, Shape


@lru_cache(maxsize=1024)
def ornament_svg(key: str, theme: str = "", *, shape: str = "tile", title: str = "") -> SafeString:
    """The ornament of an item. Without a `title` it is decoration and hidden from screen readers."""
    drawing = compose(key, theme, form=shape)
    name = f'role="img"><title>{escape(title)}</title>' if title else 'aria-hidden="true">'
    size = f'viewBox="0 0 {drawing.across:g} {drawing.down:g}" width="{drawing.width}" height="{drawing.height}"'
    return mark_safe(f'<svg class="ornament" {size} focusable="false" {name}{markup(drawing)}</svg>')  # noqa: S308 - numbers, class names and an escaped title


def markup(drawing: Drawing) -> str:
    ground = f'<path class="f-{drawing.palette[0]}" d="M0 0h{drawing.across:g}v{drawing.down:g}H0z"/>'
    layers = groupby(drawing.shapes, key=lambda shape: (shape.colour, round(shape.width, 1)))
    return ground + "".join(layer(drawing.palette[colour], width, shapes) for (colour, width), shapes in layers)


def layer(colour: str, width: float, shapes: Iterable[Shape]) -> str:
    """Neighbours of one colour as one path."""
    data = "".join(map(outline, shapes))
    if width:
        return f'<path class="s-{colour}" stroke-width="{width:g}" d="{data}"/>'
    return f'<path class="f-{colour}" d="{data}"/>'


def outline(shape: Shape) -> str:
    """The path of a shape: its start, then steps relative to it, so that repeated motifs compress well."""
    run = shape if shape.width else shape.clockwise()
    points = [(round(x, 1), round(y, 1)) for x, y in run.points]
    steps = curve_steps(points) if shape.is_curve else line_steps(points)
    return f"M{points[0][0]:g} {points[0][1]:g}{steps}{'' if shape.width else 'z'}"


def line_steps(points: list[Point]) -> str:
    return "".join(line_step(end, start) for start, end in pairwise(points))


def line_step(end: Point, start: Point) -> str:
    across, down = round(end[0] - start[0], 1), round(end[1] - start[1], 1)
    if not down:
        return f"h{across:g}"
    return f"l{across:g} {down:g}" if across else f"v{down:g}"


def curve_steps(points: list[Point]) -> str:
    """Cubic pieces; each point is relative to the start of its piece."""
    steps = []
    for index in range(0, len(points) - 1, 3):
        (x, y), *others = points[index : index + 4]
        steps += [f"{round(other_x - x, 1):g} {round(other_y - y, 1):g}" for other_x, other_y in others]
    return "c" + " ".join(steps)
