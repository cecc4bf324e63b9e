"""Ornaments: always the same for the same item, different for others, safe to put into a page."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.contrib.staticfiles import finders
from PIL import Image, ImageColor

from cms.core.ornament import ornament_png, ornament_svg
from cms.core.ornament.composition import COLOURS, FAMILIES, FORMS, Drawing, compose
from cms.core.ornament.motifs import BORDER_CELL, BORDERS, CELL, FILLERS, MOTIFS
from cms.core.ornament.png import png
from cms.core.ornament.shapes import Shape, band, diamond, stepped_diamond, turned

SVG = "{http://www.w3.org/2000/svg}"
KEYS = [f"item {number}" for number in range(24)]


def parsed(svg: str) -> ElementTree:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def extent(shapes: list[Shape]) -> float:
    """How far shapes reach from the middle, with the width of their bands."""
    return max(max(abs(x), abs(y)) + shape.width / 2 for shape in shapes for x, y in shape.flattened())


def pixels(key: str, theme: str) -> Image.Image:
    return Image.open(BytesIO(ornament_png(key, theme))).convert("RGB")


@pytest.mark.parametrize("form", FORMS)
def test_an_item_always_has_the_same_ornament(form: str) -> None:
    first = ornament_svg("item", "health", shape=form)
    ornament_svg.cache_clear()
    assert ornament_svg("item", "health", shape=form) == first


def test_items_differ() -> None:
    assert len({ornament_svg(key) for key in KEYS}) >= len(KEYS) - 2


def test_a_theme_keeps_to_one_family_of_colours() -> None:
    families = [set(family) for family in FAMILIES]
    palettes = {compose(key, "health").palette for key in KEYS}
    assert any(palettes <= family for family in families)
    assert len(palettes) > 1
    assert len({compose("item", f"theme {number}").palette for number in range(24)}) == len(FAMILIES)


@pytest.mark.parametrize("form", FORMS)
def test_svg_is_well_formed_and_obeys_the_security_policy(form: str) -> None:
    for key in KEYS:
        svg = ornament_svg(key, shape=form)
        root = parsed(svg)
        assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}path"}
        assert "style=" not in svg
        assert " id=" not in svg


@pytest.mark.parametrize(("form", "size"), [(name, (form.width, form.height)) for name, form in FORMS.items()])
def test_a_drawing_fills_its_form_without_distortion(form: str, size: tuple[int, int]) -> None:
    for key in KEYS:
        root = parsed(ornament_svg(key, shape=form))
        assert (int(root.get("width")), int(root.get("height"))) == size
        across, down = map(float, root.get("viewBox").split()[2:])
        assert across / down == pytest.approx(size[0] / size[1], rel=0.01)


def test_every_colour_has_a_class_in_the_style_sheet() -> None:
    css = Path(finders.find("core/css/components.css") or "").read_text()
    for name in COLOURS:
        assert f".ornament .f-{name} {{" in css
        assert f".ornament .s-{name} {{" in css


def test_decoration_is_hidden_from_screen_readers() -> None:
    svg = ornament_svg("item")
    assert 'aria-hidden="true"' in svg
    assert "<title>" not in svg


def test_a_title_names_the_picture_and_is_escaped() -> None:
    svg = ornament_svg("item", title="<script>alert(1)</script> & more")
    assert 'role="img"' in svg
    assert "aria-hidden" not in svg
    assert "<script>" not in svg
    assert parsed(svg).find(f"{SVG}title").text == "<script>alert(1)</script> & more"


def test_twenty_tiles_of_a_list_stay_light() -> None:
    assert sum(len(ornament_svg(key)) for key in KEYS[:20]) < 80_000


@pytest.mark.parametrize("motif", MOTIFS)
def test_motifs_keep_to_their_cell(motif: object) -> None:
    assert callable(motif)
    assert extent(motif()) <= CELL / 2


@pytest.mark.parametrize("filler", FILLERS)
def test_what_stands_between_motifs_is_small(filler: object) -> None:
    assert callable(filler)
    assert extent(filler()) <= 14


@pytest.mark.parametrize("border", BORDERS)
def test_borders_keep_to_their_strip(border: object) -> None:
    assert callable(border)
    heights = [y for shape in border() for _x, y in shape.flattened()]
    assert min(heights) >= 0
    assert max(heights) <= BORDER_CELL


def test_overlapping_outlines_of_one_colour_cut_no_holes() -> None:
    square = Shape(1, ((0, 0), (4, 0), (4, 4), (0, 4)))
    backwards = Shape(1, square.points[::-1])
    assert backwards.clockwise().points == backwards.points[::-1]
    assert square.clockwise() == square


def test_a_curve_is_flattened_between_its_ends() -> None:
    curve = Shape(1, ((0, 0), (0, 10), (10, 10), (10, 0)), width=1, is_curve=True)
    line = curve.flattened()
    assert line[0] == (0, 0)
    assert line[-1] == pytest.approx((10, 0))
    assert max(y for _x, y in line) == pytest.approx(7.5)


def test_a_stepped_diamond_is_symmetrical_and_has_only_right_angles() -> None:
    points = stepped_diamond(1, 12, 4).points
    assert {(-x, y) for x, y in points} == set(points)
    assert {(x, -y) for x, y in points} == set(points)
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    assert all(first[0] == second[0] or first[1] == second[1] for first, second in pairs)


def test_turning_puts_a_shape_into_each_direction() -> None:
    middles = {
        tuple(sum(axis) / 4 for axis in zip(*shape.points, strict=True)) for shape in turned([diamond(1, 2, 0, -9)])
    }
    assert middles == {(0, -9), (9, 0), (0, 9), (-9, 0)}
    assert len(turned([diamond(1, 2, 0, -9)], 2)) == 2


def test_png_has_the_size_of_social_cards_and_the_colours_of_the_palette() -> None:
    picture = pixels("item", "health")
    assert picture.size == (1200, 630)
    found = {colour for _count, colour in picture.getcolors(2**20) or []}
    assert {ImageColor.getrgb(COLOURS[name]) for name in compose("item", "health", form="card").palette} <= found
    assert ornament_png("item", "health") == ornament_png("item", "health")


def test_png_draws_bands_as_wide_as_they_are() -> None:
    drawing = Drawing(100, 100, 10, 10, ("dark", "wool", "rust", "ochre"), [band(1, 4, (2, 5), (8, 5))])
    picture = Image.open(BytesIO(png(drawing))).convert("RGB")
    shown = {place: picture.getpixel(place) for place in ((50, 50), (50, 34), (50, 26), (4, 50), (96, 50))}
    wool, dark = (243, 231, 207), (42, 35, 32)
    assert shown == {(50, 50): wool, (50, 34): wool, (50, 26): dark, (4, 50): wool, (96, 50): wool}


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(KeyError, match="poster"):
        compose("item", form="poster")


def test_numbers_are_short() -> None:
    assert re.search(r"\d\.\d\d", ornament_svg("item", shape="wide")) is None
