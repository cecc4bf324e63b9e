"""Charts of invented values, and what is on their drawings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from cms.core.blocks import ChartType
from reports.charts import Form, charts_for
from reports.choices import ScaleType
from reports.models import IndicatorValueLabel, Observation
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bs4 import Tag

    from reports.charts import Chart
    from reports.models import Indicator
    from reports.vega.rendering import Picture

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ISOLATES = "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"
INK, SOFT = "var(--ink)", "var(--ink-soft)"


@dataclass(frozen=True)
class Text:
    """A text of a drawing, and where its base line is, from the left and the top of the drawing."""

    words: str
    x: float
    y: float
    anchor: str
    fill: str
    is_italic: bool


class Drawn:
    """What is on a drawing."""

    def __init__(self, picture: Picture) -> None:
        self.name, self.width, self.height = picture.name, picture.width, picture.height
        self.texts: list[Text] = []
        self.marks: list[dict[str, str]] = []
        self._take(ElementTree.fromstring(f"<svg>{picture.markup}</svg>"), 0, 0)  # noqa: S314 - drawn here

    def _take(self, element: ElementTree.Element, x: float, y: float) -> None:
        for child in element:
            across, down = (float(one) for one in NUMBER.findall(child.get("transform", "")) or (0, 0))
            place = (x + across, y + down)
            if child.tag == "text":
                fill, anchor = child.get("fill", ""), child.get("text-anchor", "start")
                text = Text(
                    (child.text or "").strip(ISOLATES), *place, anchor, fill, child.get("font-style") == "italic"
                )
                self.texts.append(text)
            elif child.tag in {"path", "line", "rect"}:
                title = child.find("title")
                facts = {"x": str(place[0]), "y": str(place[1]), "title": title.text or "" if title is not None else ""}
                self.marks.append(dict(child.attrib) | {"tag": child.tag} | facts)
            self._take(child, *place)

    def words(self, fill: str = "", *, italic: bool | None = None) -> list[str]:
        """Texts, of a colour and slanted or not where that is said."""
        found = [text for text in self.texts if not fill or text.fill == fill]
        return [text.words for text in found if italic is None or text.is_italic == italic]

    def paths(self, *, stroke: str = "", fill: str = "") -> list[str]:
        """Lines and areas of a colour; markers and rings, which are put in their place, are none."""
        return [mark["d"] for mark in self._of(stroke, fill) if mark["tag"] == "path" and "transform" not in mark]

    def markers(self, *, stroke: str = "", fill: str = "") -> list[str]:
        return [mark["d"] for mark in self._of(stroke, fill) if mark["tag"] == "path" and "transform" in mark]

    def rules(self, stroke: str) -> list[dict[str, str]]:
        return [mark for mark in self._of(stroke, "") if mark["tag"] == "line"]

    def dashes(self, stroke: str) -> set[str]:
        return {mark.get("stroke-dasharray", "") for mark in self._of(stroke, "") if mark["tag"] == "path"}

    def _of(self, stroke: str, fill: str) -> list[dict[str, str]]:
        return [
            mark
            for mark in self.marks
            if (not stroke or mark.get("stroke") == stroke) and (not fill or mark.get("fill") == fill)
        ]


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a path of straight lines."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def drawn(chart: Chart) -> list[Drawn]:
    return [Drawn(picture) for picture in chart.pictures]


def make_chart(
    indicator: Indicator, values: Mapping[str, Mapping[str, float | str | None]], chart_type: str = ChartType.LINE
) -> Chart:
    """A chart of values by country code and date; a country without any is not covered."""
    for code, series in values.items():
        observe(indicator, make_country(code), dict(series))
    (found,) = charts_for([indicator], [make_country(code) for code in values], Form(chart_type=chart_type))
    return found


def months(*values: float | None) -> dict[str, float | str | None]:
    return {f"2021-{number:02}-01": value for number, value in enumerate(values, start=1)}


def ordinal(code: str = "OXCGRT.C1", levels: int = 3, labels: dict[str, str] | None = None) -> Indicator:
    """An indicator with levels; `labels` are the words for a level by language."""
    indicator = make_indicator(code, scale_type=ScaleType.ORDINAL, decimals=0)
    for language, word in ({"en": "Level"} | (labels or {})).items():
        for value in range(levels + 1):
            label = f"{word} {value}"
            IndicatorValueLabel.objects.create(indicator=indicator, value=value, language=language, label=label)
    return type(indicator).objects.get(pk=indicator.pk)


def words_of(element: Tag, selector: str) -> str:
    """The text of the one thing that is there."""
    (found,) = element.select(selector)
    return " ".join(found.get_text().split())


def mark(indicator: Indicator, day: str, status: str) -> None:
    """Give the value of a day a status."""
    Observation.objects.filter(indicator=indicator, period_start=day).update(status=status)
