"""The motifs: each fills a cell from -24 to 24 in both directions, in colours 1 (figure), 2 (accent) and 3 (detail).

They are drawn after the felt rugs and flat weaves of Central Asia: ram's horns (koshkar muiz), four ears (tort kulak),
goose feet (kaz taban), amulets (tumarsha), the quartered medallion and the stepped diamond of the loom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms.core.ornament.shapes import (
    Point,
    Shape,
    band,
    diamond,
    mirrored,
    octagon,
    polygon,
    rectangle,
    stepped_diamond,
    turned,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CELL = 48
FIGURE, ACCENT, DETAIL = 1, 2, 3


def horn(height: float, reach: float, base: float = 0) -> tuple[Point, ...]:
    """The middle line of one horn: up from the base, over to the side and back into a curl."""
    top = -(base + height)
    return (
        (0, -base),
        (0, top - reach * 0.1),
        (reach * 0.25, top - reach * 0.55),
        (reach * 0.68, top - reach * 0.45),
        (reach * 1.2, top - reach * 0.3),
        (reach * 1.15, top + reach * 0.45),
        (reach * 0.72, top + reach * 0.42),
        (reach * 0.42, top + reach * 0.4),
        (reach * 0.4, top + reach * 0.02),
        (reach * 0.66, top + reach * 0.04),
    )


def four_ears() -> list[Shape]:
    """Horns in four directions around a diamond."""
    horns = turned(mirrored([band(FIGURE, 3.6, *horn(9.5, 10, 4), is_curve=True)]))
    tips = turned([diamond(DETAIL, 3, 17.5, 17.5)])
    return [*horns, diamond(FIGURE, 9), diamond(ACCENT, 6), diamond(DETAIL, 2.5), *tips]


def ram_horns() -> list[Shape]:
    """Two pairs of large horns, one above and one below."""
    horns = turned(mirrored([band(FIGURE, 4.2, *horn(6, 15, 4), is_curve=True)]), 2)
    sides = turned([polygon(ACCENT, (24, -8), (24, 8), (15, 0)), diamond(DETAIL, 2.2, 11.5, 0)], 2)
    return [*horns, *sides, diamond(FIGURE, 8), diamond(ACCENT, 5)]


def stairs() -> list[Shape]:
    rings = [stepped_diamond(colour, radius, 4) for colour, radius in ((1, 24), (0, 20), (2, 16), (1, 12), (3, 8))]
    return [*rings, stepped_diamond(ACCENT, 4, 4)]


def hooked_diamond() -> list[Shape]:
    """A diamond with latch hooks along its edges."""
    hook = polygon(FIGURE, (3, -12), (3, -21), (12, -21), (12, -14), (9, -14), (9, -18), (6, -18), (6, -9))
    lower = hook.mapped(lambda point: (-point[1], -point[0]))
    rings = [diamond(colour, radius) for colour, radius in ((0, 15), (ACCENT, 12), (DETAIL, 6), (FIGURE, 3))]
    return [*turned([hook, lower]), diamond(FIGURE, 18), *rings]


def star() -> list[Shape]:
    """Two squares across each other, with a diamond in their middle."""
    return [
        diamond(FIGURE, 22.6),
        rectangle(FIGURE, -16, -16, 32, 32),
        octagon(0, 13.5),
        diamond(ACCENT, 11),
        diamond(DETAIL, 5.5),
        *turned([diamond(DETAIL, 2.2, 13.6, 13.6)]),
        *turned([diamond(ACCENT, 2.4, 0, -18)]),
    ]


def medallion() -> list[Shape]:
    """The quartered octagon of carpets."""
    quarter = [(0.0, 0.0), (0.0, -19.0), (8.0, -19.0), (19.0, -8.0), (19.0, 0.0)]
    first = Shape(ACCENT, tuple(quarter))
    second = first.mapped(lambda point: (-point[1], point[0]))
    return [
        octagon(FIGURE, 22.5),
        *turned([first], 2),
        *turned([Shape(DETAIL, second.points)], 2),
        *turned([polygon(FIGURE, (9, -15), (11, -11), (15, -9), (11, -7), (9, -3), (7, -7), (3, -9), (7, -11))]),
        octagon(FIGURE, 7),
        octagon(0, 5),
        diamond(ACCENT, 3.4),
    ]


def amulets() -> list[Shape]:
    """Triangles that point to the middle from four sides."""
    triangles = [
        polygon(FIGURE, (-20, -23), (20, -23), (0, -3)),
        polygon(0, (-12.5, -20), (12.5, -20), (0, -7.5)),
        polygon(ACCENT, (-7.5, -18), (7.5, -18), (0, -10.5)),
    ]
    return [*turned(triangles), *turned([diamond(DETAIL, 3, 20.5, 20.5)]), diamond(DETAIL, 2.6)]


def goose_feet() -> list[Shape]:
    """Three toes in each direction."""
    foot = [
        rectangle(FIGURE, -1.8, -20, 3.6, 20),
        polygon(FIGURE, (0, -9), (9, -18), (12.5, -14.5), (0, -3.5), (-12.5, -14.5), (-9, -18)),
        diamond(DETAIL, 3.2, 0, -20.5),
    ]
    return [*turned(foot), *turned([diamond(ACCENT, 4.2, 17.5, 17.5)]), diamond(FIGURE, 7), diamond(ACCENT, 4.5)]


def wheel() -> list[Shape]:
    """A sun whose eight rays turn one way."""
    ray = Shape(FIGURE, ((-4, 0), (-5, -9), (-2, -18), (7, -22), (4.5, -16), (4, -8), (4, 0)), is_curve=True)
    between = ray.mapped(lambda point: ((point[0] - point[1]) * 0.68, (point[0] + point[1]) * 0.68))
    return [*turned([ray, between]), diamond(ACCENT, 7), diamond(DETAIL, 3.5)]


def horned_cross() -> list[Shape]:
    """A stepped cross whose arms end in angular horns, as the loom draws them."""
    arm = [
        rectangle(FIGURE, -2, -20, 4, 20),
        *mirrored([polygon(FIGURE, (0, -20), (0, -24), (12, -24), (12, -14), (6, -14), (6, -18), (9, -18), (9, -20))]),
    ]
    return [*turned(arm), stepped_diamond(FIGURE, 12, 3), stepped_diamond(ACCENT, 9, 3), stepped_diamond(DETAIL, 3, 3)]


MOTIFS: tuple[Callable[[], list[Shape]], ...] = (
    four_ears,
    ram_horns,
    stairs,
    hooked_diamond,
    star,
    medallion,
    amulets,
    goose_feet,
    wheel,
    horned_cross,
)


def dot() -> list[Shape]:
    return [diamond(DETAIL, 6)]


def small_star() -> list[Shape]:
    return [diamond(ACCENT, 10), rectangle(ACCENT, -7, -7, 14, 14), diamond(DETAIL, 5)]


def small_horns() -> list[Shape]:
    horns = turned(mirrored([band(ACCENT, 2.6, *horn(4, 6, 1), is_curve=True)]))
    return [*horns, diamond(DETAIL, 3.4)]


def small_stairs() -> list[Shape]:
    return [stepped_diamond(ACCENT, 12, 3), stepped_diamond(0, 9, 3), stepped_diamond(DETAIL, 6, 3)]


def small_cross() -> list[Shape]:
    return [
        *turned([polygon(ACCENT, (-4, -12), (4, -12), (0, -4)), rectangle(ACCENT, -1.5, -8, 3, 8)]),
        diamond(DETAIL, 3),
    ]


# What stands between four motifs; it reaches at most 14 from its own middle.
FILLERS: tuple[Callable[[], list[Shape]], ...] = (dot, small_star, small_horns, small_stairs, small_cross)


def saw() -> list[Shape]:
    """Triangles against each other."""
    return [polygon(FIGURE, (0, 0), (12, 0), (6, 10)), polygon(ACCENT, (6, 12), (12, 2), (18, 12))]


def running_diamonds() -> list[Shape]:
    return [diamond(FIGURE, 5.5, 6, 6), diamond(ACCENT, 2.5, 6, 6), diamond(DETAIL, 1.8, 0, 6)]


def running_hooks() -> list[Shape]:
    """The wave of running water, in angles."""
    return [
        polygon(FIGURE, (0, 12), (0, 2), (9, 2), (9, 8), (5, 8), (5, 5.4), (2.6, 5.4), (2.6, 9.4), (12, 9.4), (12, 12)),
    ]


def stairs_and_back() -> list[Shape]:
    return [
        polygon(
            FIGURE, (0, 12), (0, 9), (2, 9), (2, 6), (4, 6), (4, 3), (8, 3), (8, 6), (10, 6), (10, 9), (12, 9), (12, 12)
        ),
        rectangle(ACCENT, -1.5, 2, 3, 3),
    ]


# A strip 12 high that repeats every 12.
BORDERS: tuple[Callable[[], list[Shape]], ...] = (saw, running_diamonds, running_hooks, stairs_and_back)
BORDER_CELL = 12
