"""Drawings as PNG, for programs that show no SVG: the pictures of social networks."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from cms.core.ornament.composition import COLOURS, Drawing, compose

if TYPE_CHECKING:
    from cms.core.ornament.shapes import Point, Shape

# Edges are smooth because everything is drawn this many times too large.
OVERSAMPLING = 3
PALETTE_SIZE = 64


def ornament_png(key: str, theme: str = "", *, shape: str = "card") -> bytes:
    """The ornament of an item, in the size of its form."""
    return png(compose(key, theme, form=shape))


def png(drawing: Drawing) -> bytes:
    large = (drawing.width * OVERSAMPLING, drawing.height * OVERSAMPLING)
    picture = Image.new("RGB", large, COLOURS[drawing.palette[0]])
    canvas = ImageDraw.Draw(picture)
    for part in drawing.shapes:
        paint(canvas, part, drawing)
    small = picture.resize((drawing.width, drawing.height), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.quantize(PALETTE_SIZE, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def paint(canvas: ImageDraw.ImageDraw, shape: Shape, drawing: Drawing) -> None:
    scale = drawing.width * OVERSAMPLING / drawing.across
    colour = COLOURS[drawing.palette[shape.colour]]
    line: list[Point] = [(x * scale, y * scale) for x, y in shape.flattened()]
    if not shape.width:
        canvas.polygon(line, fill=colour)
        return
    width = shape.width * scale
    canvas.line(line, fill=colour, width=round(width), joint="curve")
    for x, y in (line[0], line[-1]):
        canvas.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=colour)
