"""What charts look like in every language, as files that were looked at: `snapshots/*.svg`, to be opened in a browser.

A drawing is settled by its specification and not by the fonts of a machine. Numbers may differ by a pixel, which
another version of the renderer may round otherwise; words and marks may not. `SNAPSHOTS=write` writes the files.
"""

from __future__ import annotations

import os
import re
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from cms.core.blocks import ChartType
from reports import wording
from reports.choices import ObservationStatus, ScaleType
from reports.vega.files import COLOURS, standalone
from tests.factories.statistics import make_indicator
from tests.reports.drawn import make_chart, mark, months, ordinal

if TYPE_CHECKING:
    from reports.charts import Chart

FOLDER = Path(__file__).with_name("snapshots")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
PIXEL = 1.01
LABELS = {"en": "Level of restrictions", "ru": "Уровень ограничений", "kk": "Шектеулер деңгейі", "ar": "مستوى القيود"}
RISE = [1_200_000, 1_350_000, 0, 2_100_000, None, None, 2_600_000, 2_450_000, 3_000_000]
FALL = [900_000, 800_000, 850_000, 700_000, 650_000, 400_000, 420_000, 380_000, 300_000]


def lines() -> Chart:
    indicator = make_indicator("WB.A", labels=LABELS, scale_type=ScaleType.COUNT, decimals=0)
    make_chart(indicator, {"KZ": months(*RISE), "BA": months(*FALL), "UZ": months(*reversed(FALL))})
    mark(indicator, "2021-09-01", ObservationStatus.PROVISIONAL)
    mark(indicator, "2021-04-01", ObservationStatus.BREAK)
    return make_chart(indicator, {"KZ": {}, "BA": {}, "UZ": {}})


def area() -> Chart:
    return make_chart(make_indicator("WB.B", labels=LABELS, decimals=0), {"KZ": months(*RISE)}, ChartType.AREA)


def columns() -> Chart:
    return make_chart(make_indicator("WB.C", labels=LABELS, decimals=0), {"KZ": months(*RISE[:6])}, ChartType.BAR)


def bars() -> Chart:
    values = {"KZ": months(*RISE), "GE": months(0, 0), "UZ": months(*FALL[:4]), "MN": months(None), "AM": {}}
    return make_chart(make_indicator("WB.D", labels=LABELS, decimals=0), values, ChartType.BAR)


def steps() -> Chart:
    return make_chart(ordinal("OXCGRT.E", labels=LABELS), {"KZ": months(0, 3, 3, None, 1, 1, 2)}, ChartType.STEP)


def levels() -> Chart:
    values = {"KZ": months(0, 3, 3, None, 1, 1, 2), "GE": months(2, 2, 2, 1, 1, 0, 0), "AM": {}}
    return make_chart(ordinal("OXCGRT.F", labels=LABELS), values)


def multiples() -> Chart:
    values = {"KZ": months(*RISE), "GE": months(*FALL), "UZ": months(0, 0), "MN": months(None), "AM": {}}
    return make_chart(make_indicator("WB.G", labels=LABELS, decimals=0), values, ChartType.MULTIPLES)


MADE = {one.__name__: one for one in (lines, area, columns, bars, steps, levels, multiples)}


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
@pytest.mark.parametrize("kind", MADE)
def test_a_chart_looks_as_it_was_approved(db: None, kind: str, language: str) -> None:
    chart = MADE[kind]()
    with translation.override(language):
        found = {
            picture.name: standalone(picture, language, wording.title(chart), wording.description(chart))
            for picture in chart.pictures
        }
    for size, svg in found.items():
        path = FOLDER / f"{kind}-{language}-{size}.svg"
        if os.environ.get("SNAPSHOTS") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(lines_of(svg))
        assert differences(path.read_text(), lines_of(svg)) == []


def lines_of(svg: str) -> str:
    """A mark on each line, so that a change can be read."""
    return svg.replace("><", ">\n<")


def differences(approved: str, found: str) -> list[str]:
    pairs = zip_longest(approved.splitlines(), found.splitlines(), fillvalue="")
    return [f"{before} != {after}" for before, after in pairs if not alike(before, after)]


def alike(before: str, after: str) -> bool:
    if NUMBER.sub("#", before) != NUMBER.sub("#", after):
        return False
    pairs = zip(NUMBER.findall(before), NUMBER.findall(after), strict=True)
    return all(abs(float(one) - float(other)) < PIXEL for one, other in pairs)


def test_a_snapshot_notices_another_word_and_another_place() -> None:
    line = '<text transform="translate(0,16.4)">Қазақстан</text>'
    assert alike(line, line.replace("16.4", "17"))
    assert not alike(line, line.replace("16.4", "18"))
    assert not alike(line, line.replace("Қазақстан", "Казахстан"))


# Colours

STYLES = Path("cms/core/static/core/css")
TOKEN = re.compile(r"(--[a-z0-9-]+):\s*(#[0-9a-f]{6}|var\(--[a-z-]+\));")


def schemes() -> dict[str, dict[str, str]]:
    """The colours of the style sheets: on light ground, on dark ground, and in print."""
    sheets = {name: (STYLES / f"{name}.css").read_text() for name in ("tokens", "reports")}
    dark: dict[str, str] = {}
    light: dict[str, str] = {}
    for text in sheets.values():
        before, _media, after = text.partition("@media screen and (prefers-color-scheme: dark)")
        light |= dict(TOKEN.findall(before))
        dark |= dict(TOKEN.findall(after.partition("@layer components")[0]))
    printed = dict(TOKEN.findall(sheets["reports"].partition("@layer print")[2]))
    return {"light": light, "dark": light | dark, "print": light | printed}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_marks_and_letters_stand_out_from_their_ground(scheme: str) -> None:
    colours = schemes()[scheme]
    for number in range(1, 9):
        assert contrast(colours[f"--series-{number}"], colours["--paper"]) >= 4.5
    for name in ("--ink", "--ink-soft"):
        assert contrast(colours[name], colours["--paper"]) >= 4.5
    assert contrast(colours["--line-strong"], colours["--paper"]) >= 3
    for shade in range(6):
        letters = colours[f"--on-level-{shade}"].removeprefix("var(").removesuffix(")")
        assert contrast(colours[letters], colours[f"--level-{shade}"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_levels_go_from_the_ground_to_the_strongest_step_by_step(scheme: str) -> None:
    colours = schemes()[scheme]
    steps_taken = [contrast(colours[f"--level-{shade}"], colours["--paper"]) for shade in range(6)]
    assert all(after / before >= 1.15 for before, after in pairwise(steps_taken))


def test_files_have_the_colours_of_the_style_sheets() -> None:
    light = schemes()["light"]
    assert {name: light[name] for name in COLOURS} == COLOURS
