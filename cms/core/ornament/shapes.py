"""What ornaments are made of: filled outlines and bands, moved and mirrored. Units are those of the drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Point = tuple[float, float]
CURVE_STEPS = 10


@dataclass(frozen=True)
class Shape:
    """A closed outline, or a band of `width` along an open line.

    `colour` is a place in the palette. Points of a curve are cubic: a start, then two control points and an end for
    each piece.
    """

    colour: int
    points: tuple[Point, ...]
    width: float = 0
    is_curve: bool = False

    def mapped(self, change: Callable[[Point], Point]) -> Shape:
        return replace(self, points=tuple(map(change, self.points)))

    def moved(self, x: float, y: float, scale: float = 1) -> Shape:
        moved = self.mapped(lambda point: (point[0] * scale + x, point[1] * scale + y))
        return replace(moved, width=self.width * scale)

    def clockwise(self) -> Shape:
        """The outline run through in one direction: of two that overlap in one path, neither cuts a hole."""
        pairs = zip(self.points, (*self.points[1:], self.points[0]), strict=True)
        area = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)
        return self if area >= 0 else replace(self, points=self.points[::-1])

    def flattened(self) -> list[Point]:
        """The outline as straight lines, for drawing surfaces without curves."""
        if not self.is_curve:
            return list(self.points)
        line = [self.points[0]]
        for index in range(1, len(self.points), 3):
            first, second, end = self.points[index : index + 3]
            start = line[-1]
            line += [_on_curve(start, first, second, end, step / CURVE_STEPS) for step in range(1, CURVE_STEPS + 1)]
        return line


def _on_curve(start: Point, first: Point, second: Point, end: Point, along: float) -> Point:
    rest = 1 - along
    weights = (rest**3, 3 * rest**2 * along, 3 * rest * along**2, along**3)
    points = (start, first, second, end)
    return (
        sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
    )


def polygon(colour: int, *points: Point) -> Shape:
    return Shape(colour, points)


def band(colour: int, width: float, *points: Point, is_curve: bool = False) -> Shape:
    return Shape(colour, points, width, is_curve)


def rectangle(colour: int, x: float, y: float, width: float, height: float) -> Shape:
    return polygon(colour, (x, y), (x + width, y), (x + width, y + height), (x, y + height))


def diamond(colour: int, radius: float, x: float = 0, y: float = 0) -> Shape:
    return polygon(colour, (x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))


def stepped_diamond(colour: int, radius: int, step: int) -> Shape:
    """A diamond whose edges are stairs, as on a loom. `radius` is a multiple of `step`."""
    corner: list[Point] = []
    for height in range(radius, 0, -step):
        across = radius - height + step
        corner += [(across - step, -height), (across, -height)]
    half = corner + [(x, -y) for x, y in reversed(corner)]
    return Shape(colour, tuple(half + [(-x, -y) for x, y in half]))


def octagon(colour: int, radius: float) -> Shape:
    side = round(radius * 0.42, 1)
    corner = [(side, -radius), (radius, -side), (radius, side), (side, radius)]
    return Shape(colour, tuple(corner + [(-x, -y) for x, y in corner]))


def mirrored(shapes: Iterable[Shape]) -> list[Shape]:
    """Each shape and its reflection from side to side."""
    return [one for shape in shapes for one in (shape, shape.mapped(lambda point: (-point[0], point[1])))]


def turned(shapes: Iterable[Shape], quarters: int = 4) -> list[Shape]:
    """Each shape in four directions, or in two opposite ones."""
    turns: dict[int, list[Callable[[Point], Point]]] = {
        2: [lambda point: point, lambda point: (-point[0], -point[1])],
        4: [
            lambda point: point,
            lambda point: (-point[1], point[0]),
            lambda point: (-point[0], -point[1]),
            lambda point: (point[1], -point[0]),
        ],
    }
    return [shape.mapped(turn) for shape in shapes for turn in turns[quarters]]
