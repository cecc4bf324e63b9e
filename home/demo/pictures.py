"""Cover pictures, drawn: ridges of hills under a sky, seeded by the item, so the same at every run."""

from __future__ import annotations

import io
import math
import random
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 1280, 720
RIDGES = 6
Colour = tuple[int, int, int]
PALETTES: Sequence[tuple[Colour, Colour, Colour]] = [
    ((244, 232, 212), (222, 158, 110), (11, 85, 99)),
    ((236, 239, 232), (142, 178, 176), (18, 62, 72)),
    ((250, 238, 222), (214, 122, 84), (72, 44, 52)),
    ((232, 236, 240), (150, 168, 190), (34, 56, 84)),
    ((246, 241, 226), (196, 178, 112), (58, 74, 46)),
]


def cover(seed: str) -> bytes:
    """A JPEG of 1280 by 720 pixels."""
    chance = random.Random(seed)
    sky, haze, ground = chance.choice(PALETTES)
    picture = Image.new("RGB", (WIDTH, HEIGHT), sky)
    pencil = ImageDraw.Draw(picture)
    for row in range(HEIGHT):
        pencil.line([(0, row), (WIDTH, row)], fill=_mix(sky, haze, row / HEIGHT * 0.7))
    radius = chance.randint(46, 80)
    x, y = chance.randint(200, WIDTH - 200), chance.randint(110, 250)
    pencil.ellipse([x - radius, y - radius, x + radius, y + radius], fill=_mix(sky, (255, 250, 240), 0.75))
    for ridge in range(RIDGES):
        depth = (ridge + 1) / RIDGES
        pencil.polygon(_ridge(chance, depth), fill=_mix(haze, ground, depth))
    file = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.6)).save(file, "JPEG", quality=82)
    return file.getvalue()


def _ridge(chance: random.Random, depth: float) -> list[tuple[float, float]]:
    base = HEIGHT * (0.38 + 0.5 * depth)
    waves = [
        (chance.uniform(0.6, 2.6) * (index + 1), chance.uniform(0, math.tau), 90 * (1.25 - depth) / (index + 1))
        for index in range(4)
    ]
    top = [
        (float(x), base - sum(size * math.sin(math.tau * pace * x / WIDTH + phase) for pace, phase, size in waves))
        for x in range(0, WIDTH + 8, 8)
    ]
    return [(0.0, float(HEIGHT)), *top, (float(WIDTH), float(HEIGHT))]


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
