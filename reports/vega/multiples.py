"""Small multiples as Vega-Lite: a panel for each country, all with the same scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import wording
from reports.axes import DAYS, SHORT_SPAN, Frame
from reports.choices import UNCERTAIN, Frequency, ObservationStatus
from reports.vega.histories import BROKEN, THIN_LINE, ZERO, chart_ticks, last_day, runs
from reports.vega.sheets import (
    AXIS,
    COLOURS,
    HAIRLINE,
    INK,
    LETTER_MIDDLE,
    PAPER,
    PIXELS,
    SCHEMA,
    SOFT,
    Specification,
    isolated,
    moment,
    sheets,
    time_scale,
    value_scale,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from reports.charts import Chart
    from reports.histories import Series
    from reports.vega.sheets import Layer, Sheet

PANEL, TITLE, FOOT = 84, 26, 34
GAP, BREAK = 24, 8
COLUMNS = {"wide": 4, "narrow": 2}
TICKS = 2
PLACE: dict[str, Any] = {"x": PIXELS | {"field": "x"}, "y": PIXELS | {"field": "y"}}


def multiples(chart: Chart) -> list[Specification]:
    """A panel per country in the order chosen; one without a value says so in its panel."""
    count = len(chart.series)
    heights = [-(-count // columns) * (TITLE + PANEL + FOOT) for columns in COLUMNS.values()]
    return [Specification(sheet, panels_of(sheet, chart).specification()) for sheet in sheets(*heights)]


def panels_of(sheet: Sheet, chart: Chart) -> Panels:
    columns = min(COLUMNS[sheet.name], len(chart.series))
    ticks = chart_ticks(chart, TICKS)
    if chart.indicator.is_ordinal:
        ticks = [ticks[0], ticks[-1]]
    beside = max(sheet.text_width(wording.tick(chart.indicator, value)) for value in ticks) + 8
    start, end = chart.span or (chart.series[0].points[0].day, chart.series[0].points[-1].day)
    width = (sheet.width - beside * columns - GAP * (columns - 1) - 2) / columns
    frame = Frame(0, 0, width, PANEL, start, last_day(chart, end), min(ticks), max(ticks))
    return Panels(sheet, chart, frame, ticks, columns, beside)


@dataclass(frozen=True)
class Panels:
    """All panels: the frame of each, the values named in it, the columns, and the room for names of values."""

    sheet: Sheet
    chart: Chart
    frame: Frame
    ticks: list[Decimal]
    columns: int
    beside: float

    def specification(self) -> Layer:
        """The panels as facets of one set of rows; a layer takes the rows of its kind."""
        rows = [row for series in self.chart.series for row in self.rows(series)]
        used = {row["kind"] for row in rows}
        layers = [
            {"transform": [{"filter": {"field": "kind", "equal": kind}}], "mark": mark, "encoding": encoding}
            for kind, (mark, encoding) in (self.marks() | self.letters()).items()
            if kind in used
        ]
        codes = [series.country.code for series in self.chart.series]
        unnamed = {"title": None, "labelExpr": "''"}  # names are rows, placed like all texts
        return {
            "$schema": SCHEMA,
            "padding": {"left": self.beside, "top": TITLE, "right": 2, "bottom": FOOT},
            "autosize": {"type": "none"},
            "background": None,
            "config": {"aria": False, "view": {"stroke": None}},
            "data": {"values": rows},
            "facet": {"field": "country", "type": "nominal", "sort": codes, "header": unnamed},
            "columns": self.columns,
            "bounds": "flush",
            "spacing": {"column": GAP + self.beside, "row": TITLE + FOOT},
            "spec": {"width": self.frame.width, "height": self.frame.height, "layer": layers},
        }

    def marks(self) -> dict[str, tuple[Layer, Layer]]:
        across = PLACE | {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
        over_time = {"x": time_scale(self.frame), "y": value_scale(self.frame)}
        step = {"interpolate": "step-after"} if self.chart.is_stepped else {}
        line = {"type": "line", "stroke": COLOURS[0], "strokeWidth": 2 if self.chart.step == 1 else THIN_LINE, **step}
        ring = {"type": "point", "filled": False, "fill": PAPER, "stroke": COLOURS[0], "size": 16, "opacity": 1}
        return {
            "grid": ({"type": "rule", "stroke": HAIRLINE}, across),
            "ground": ({"type": "rule", "stroke": AXIS}, across),
            "value": (line, over_time | {"detail": {"field": "run", "type": "nominal"}}),
            "break": ({"type": "rule", "stroke": INK, **BROKEN}, across),
            "dot": ({"type": "point", "filled": True, "fill": COLOURS[0], "size": 26, "opacity": 1}, over_time),
            "hollow": (ring, over_time),
        }

    def letters(self) -> dict[str, tuple[Layer, Layer]]:
        size = self.sheet.letter
        text = {"type": "text", "fontSize": size, "baseline": "alphabetic", "dy": round(size * LETTER_MIDDLE, 1)}
        encoding = PLACE | {"text": {"field": "text"}}
        return {
            "name": (text | {"align": "left", "fill": INK, "fontWeight": 600}, encoding),
            "tick": (text | {"align": "right", "fill": SOFT}, encoding),
            "first": (text | {"align": "left", "fill": SOFT}, encoding),
            "last": (text | {"align": "right", "fill": SOFT}, encoding),
            "absent": (text | {"align": "center", "fill": SOFT, "fontStyle": "italic"}, encoding),
        }

    def rows(self, series: Series) -> Iterator[dict[str, Any]]:
        """What stands in the panel of a country, each with the kind of mark that shows it."""
        code, indicator, frame = {"country": series.country.code}, self.chart.indicator, self.frame
        yield code | {"kind": "name", "x": 0, "y": -14, "text": isolated(self.fitted(series.country.label))}
        for value in self.ticks:
            y = frame.y(value)
            yield code | {"kind": "grid" if value else "ground", "x": 0, "y": y, "x2": frame.width, "y2": y}
            yield code | {"kind": "tick", "x": -6, "y": y, "text": isolated(wording.tick(indicator, value))}
        if not series.known:
            text = isolated(wording.absence(series))
            yield code | {"kind": "absent", "x": frame.width / 2, "y": PANEL / 4, "text": text}
            return
        for row in [*self.value_rows(series), *self.status_rows(series), *self.period_names()]:
            yield code | row

    def value_rows(self, series: Series) -> Iterator[dict[str, Any]]:
        for number, run in enumerate(runs(series.points)):
            rows: list[dict[str, Any]] = [
                {"kind": "value", "run": number, "day": moment(point.day), "value": float(point.value or ZERO)}
                for point in run
            ]
            if self.chart.is_stepped:
                rows.append(rows[-1] | {"day": moment(last_day(self.chart, run[-1].day))})
            yield from rows if len(rows) > 1 else [rows[0] | {"kind": "dot"}]
        day, value = series.known[-1]
        yield {"kind": "dot", "day": moment(last_day(self.chart, day)), "value": float(value)}

    def status_rows(self, series: Series) -> Iterator[dict[str, Any]]:
        """Marks of the values that are estimated or provisional, and of breaks."""
        for point in series.points:
            if point.value is not None and point.status in UNCERTAIN:
                yield {"kind": "hollow", "day": moment(point.day), "value": float(point.value)}
            elif point.value is not None and point.status == ObservationStatus.BREAK:
                x, y = self.frame.x(point.day), self.frame.y(point.value)
                yield {"kind": "break", "x": x, "x2": x, "y": y - BREAK, "y2": y + BREAK}

    def period_names(self) -> Iterator[dict[str, Any]]:
        """The first and the last period below a panel, or their years where those have more room.

        Days, which are named without their year, are months where they lie far apart.
        """
        days = self.chart.span or (self.frame.start, self.frame.end)
        unit = self.chart.indicator.frequency
        if unit in DAYS and (days[1] - days[0]).days >= SHORT_SPAN:
            unit = Frequency.MONTHLY
        for frequency in (unit, Frequency.ANNUAL):
            first, last = (wording.short_period(day, frequency) for day in days)
            if self.sheet.text_width(f"{first}  {last}") < self.frame.width:
                break
        if first != last:
            yield {"kind": "first", "x": 0, "y": PANEL + 14, "text": isolated(first)}
        yield {"kind": "last", "x": self.frame.width, "y": PANEL + 14, "text": isolated(last)}

    def fitted(self, text: str) -> str:
        """A text that is not wider than a panel."""
        while len(text) > 1 and self.sheet.text_width(text) > self.frame.width:
            text = f"{text.rstrip('…')[:-1].rstrip()}…"
        return text
