"""Letters that no drawing can hold, days at the ends of the calendar, and what was deleted since: pages stay up."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from cms.core.blocks import ChartType, IndicatorChartBlock
from reports import wording
from reports.charts import Form, charts_for
from reports.models import CountryReportPage, ReportIndicator, ReportMeasure
from reports.vega.files import standalone
from reports.vega.rendering import Picture, writable
from taxonomy.models import Country
from tests.factories.pages import make_report, make_standard_page
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import add_labels, make_country
from tests.reports.drawn import drawn, make_chart, months, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from django.test import Client

    from reports.models import Indicator

    Read = Callable[..., BeautifulSoup]

SVG = "{http://www.w3.org/2000/svg}"
# As texts hold that were pasted from slides, or cut out of other systems.
UNWRITABLE = {
    "vertical tab": "\x0b",
    "backspace": "\x08",
    "null": "\0",
    "unit separator": "\x1f",
    "no letter": "\ufffe",
}


@pytest.fixture
def indicator(db: None) -> Indicator:
    found = make_indicator(frequency="A", decimals=0)
    for code, value in {"KZ": 1, "GE": 5}.items():
        observe(found, make_country(code), {"2020-01-01": value, "2021-01-01": value + 1})
    return found


def block(indicator: Indicator, *codes: str, **facts: Any) -> dict[str, Any]:
    value = {"start": None, "end": None, "chart_type": "line", "note": ""} | facts
    return value | {"indicators": [indicator.pk], "countries": [make_country(code).pk for code in codes]}


def page_with(kind: str, value: dict[str, Any]) -> str:
    return str(make_standard_page(body=[{"type": kind, "value": value}]).url)


# Letters


@pytest.mark.parametrize("letter", UNWRITABLE.values(), ids=UNWRITABLE)
def test_a_letter_that_xml_cannot_hold_is_a_space(letter: str) -> None:
    spec = {"layer": [{"data": {"values": [{"text": f"Kaz{letter}stan", "x": 1.5, "run": None}]}}], "size": (1, True)}
    assert writable(spec) == {
        "layer": [{"data": {"values": [{"text": "Kaz stan", "x": 1.5, "run": None}]}}],
        "size": [1, True],
    }


@pytest.mark.parametrize(
    "text",
    ["", "a\tb\nc\r", "Қазақстан", "البوسنة", "中国", "\N{GRINNING FACE}", "\x85\u2028\ufffd", "\\u000b", "</text>"],
)
def test_all_other_letters_stay_as_they_are(text: str) -> None:
    assert writable(text) == text


@pytest.mark.parametrize("chart_type", ["line", "bar", "multiples", "map"])
def test_a_name_with_such_a_letter_is_drawn_and_ends_no_process(
    client: Client, indicator: Indicator, chart_type: str
) -> None:
    """The renderer does not raise for one: it aborts."""
    add_labels(make_country("KZ"), {"en": "Kaz\x0bstan\x08"})
    answer = client.get(f"/en/data/{indicator.code}/chart.svg?country=KZ&country=GE&chart={chart_type}")
    assert answer.status_code == 200
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - drawn here
    words = [text for element in root.iter() for text in element.itertext()]
    assert any("Kaz stan" in text for text in words)
    assert "Kaz stan" in root.findtext(f"{SVG}desc", "") or chart_type == "map"


def test_a_page_stays_readable_with_such_a_letter(indicator: Indicator, read: Read) -> None:
    add_labels(indicator, {"en": "Strin\x1fgency"}, definition="What\x0bit counts.")
    add_labels(make_country("KZ"), {"en": "Kaz\ufffestan"})
    figure = read(page_with("indicator_chart", block(indicator, "KZ", "GE"))).select_one("figure.chart")
    assert figure is not None
    assert len(figure.select("svg.plot")) == 2
    assert "Kaz stan" in {text.get_text() for text in figure.select("svg.plot-wide text")}


def test_a_file_holds_a_title_with_such_a_letter() -> None:
    svg = standalone(Picture("wide", 10, 5, ""), "en", "A\x0bB", "C\0D")
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn here
    assert (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")) == ("A B", "C D")


# Days


@pytest.mark.parametrize(
    ("time", "chart_type", "values"),
    [
        (("0001-01-01", None), "map", ["2", "6"]),
        (("0001-01-01", "9999-12-31"), "map", ["2", "6"]),
        (("9999-12-31", None), "map", []),
        ((None, "0001-01-01"), "map", []),
        (("0001-01-01", "9999-12-31"), "line", ["1", "5", "2", "6"]),
        (("9999-12-31", None), "bar", []),
    ],
)
def test_a_chart_may_begin_and_end_with_the_calendar(
    indicator: Indicator, read: Read, time: tuple[str | None, str | None], chart_type: str, values: list[str]
) -> None:
    facts = dict(zip(("start", "end"), time, strict=True))
    url = page_with("indicator_chart", block(indicator, "KZ", "GE", chart_type=chart_type, **facts))
    cells = [cell.get_text(strip=True) for cell in read(url).select("figure.chart tbody td")]
    found = [text for text in cells if text and not text.startswith("20")]
    assert sorted(found) == sorted(values)


@pytest.mark.parametrize("frequency", ["A", "Q", "M", "W", "D"])
def test_a_value_of_the_last_days_of_the_calendar_is_drawn(db: None, frequency: str) -> None:
    found = make_indicator(f"X.{frequency}", frequency=frequency)
    days: dict[str, float | str | None] = {"9998-12-01": 1, "9999-12-01": 2}
    chart = make_chart(found, {"KZ": days}, ChartType.STEP)
    assert wording.time_shown(chart).count("999") == 2
    assert all(drawing.texts for drawing in drawn(chart))
    assert not chart.is_overdue


def test_a_report_on_a_time_without_an_end_is_shown(indicator: Indicator, read: Read) -> None:
    panel = [ReportIndicator(indicator=indicator)]
    page = read(make_report(period_end=datetime.date(9999, 12, 31), indicator_panel=panel).url)
    assert "2021–9999" in words_of(page, ".edition-period")
    assert len(page.select("figure.chart tbody tr")) == 1


def test_a_measure_that_ends_with_the_calendar_is_shown(db: None, read: Read) -> None:
    """Other systems write the last day of all for an end that is not foreseen."""
    measure = make_measure(end=datetime.date(9999, 12, 31))
    page = read(make_report(measures=[ReportMeasure(measure=measure)]).url)
    assert len(page.select(".timeline-figure svg.plot")) == 2
    assert "31 Dec 9999" in words_of(page, ".timeline-figure table.measures-table")


def test_a_timeline_may_begin_and_end_with_the_calendar(db: None, read: Read) -> None:
    make_measure()
    value = {"country": make_country("KZ").pk, "start": "0001-01-01", "end": "9999-12-31"}
    page = read(page_with("measure_timeline", value))
    assert len(page.select(".timeline-figure svg.plot")) == 2


# What is gone


@pytest.mark.parametrize(
    ("chart_type", "figures", "addresses"), [("line", 0, []), ("table", 0, []), ("map", 1, ["/chart.svg?chart=map"])]
)
def test_a_chart_whose_countries_are_gone_shows_no_others(
    indicator: Indicator, read: Read, chart_type: str, figures: int, addresses: list[str]
) -> None:
    """A map shows all that are covered, as without countries."""
    gone = make_country("UZ")
    value = block(indicator, "UZ", chart_type=chart_type)
    gone.delete()
    assert not Country.objects.filter(code="UZ").exists()
    assert len(read(page_with("indicator_chart", value)).select("figure.chart")) == figures
    definition = IndicatorChartBlock()
    json = definition.get_api_representation(definition.to_python(value))
    assert [address.partition(indicator.code)[2] for address in json["pictures"]] == addresses
    assert len(json["data"]) == len(addresses)


def test_a_country_that_is_left_is_shown_alone(indicator: Indicator, client: Client) -> None:
    value = block(indicator, "UZ", "GE", start="2021-01-01")
    make_country("UZ").delete()
    definition = IndicatorChartBlock()
    json = definition.get_api_representation(definition.to_python(value))
    assert json["data"] == [f"http://testserver/en/data/{indicator.code}.csv?country=GE&from=2021-01-01"]
    answer = client.get(json["data"][0].removeprefix("http://testserver"))
    assert answer.getvalue().count(b"\r\n") == 2


@pytest.mark.parametrize("chart_type", [kind for kind in ChartType.values if kind != ChartType.MAP])
def test_without_countries_only_a_map_is_a_chart(indicator: Indicator, chart_type: str) -> None:
    assert charts_for([indicator], [], Form(chart_type=chart_type)) == []
    assert len(charts_for([indicator], [], Form(chart_type=ChartType.MAP))) == 1


def test_a_report_whose_indicator_has_no_value_at_all_is_shown(db: None, read: Read) -> None:
    panel = [ReportIndicator(indicator=make_indicator("X.EMPTY"), chart_type=kind) for kind in ("line", "map", "table")]
    page = read(make_report(indicator_panel=panel).url)
    figures = page.select("figure.chart")
    assert [len(figure.select("svg.plot, table, a[download]")) for figure in figures] == [0, 0, 0]
    assert all("not covered" in figure.get_text() for figure in figures)
    assert CountryReportPage.objects.live().count() == 1


def test_a_history_of_nothing_but_gaps_is_no_drawing(indicator: Indicator) -> None:
    chart = make_chart(make_indicator("X.GAPS"), {"KZ": months(None, None, None)})
    assert (chart.span, chart.pictures, chart.has_failed) == (None, [], False)
