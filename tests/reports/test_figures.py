"""Figures on pages, the pieces that scripts ask for, and what editors may choose."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError

from cms.core.blocks import ChartType, IndicatorChartBlock
from reports.choices import ObservationStatus
from reports.models import Indicator, IndicatorLabel
from tests.factories.pages import make_standard_page
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country
from tests.reports.drawn import mark, months, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from django.test import Client

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def indicator(db: None) -> Indicator:
    found = make_indicator(decimals=0)
    for code, values in {"KZ": months(1, 0, None, 4), "GE": months(2, 2, 2, 2), "UZ": months(3, 3, 3, 3)}.items():
        observe(found, make_country(code), values)
    return found


def block(indicator: Indicator, *codes: str, **facts: Any) -> dict[str, Any]:
    value = {"start": None, "end": None, "chart_type": "line", "note": ""} | facts
    return value | {"indicators": [indicator.pk], "countries": [make_country(code).pk for code in codes]}


def page_with(*values: dict[str, Any]) -> str:
    return str(make_standard_page(body=[{"type": "indicator_chart", "value": value} for value in values]).url)


# On a page


@pytest.mark.parametrize(
    ("days", "end", "is_overdue"),
    [(30, None, True), (None, None, False), (400, None, False), (30, "2021-04-30", False)],
)
def test_a_figure_says_that_newer_values_should_have_come(
    indicator: Indicator, read: Callable[..., BeautifulSoup], days: int | None, end: str | None, *, is_overdue: bool
) -> None:
    """The last period with a value ended some 100 days ago; an end that was chosen is not overdue."""
    recent = (timezone.localdate() - datetime.timedelta(days=130)).replace(day=1)
    observe(indicator, make_country("KZ"), {recent.isoformat(): 5})
    Indicator.objects.update(update_days=days)
    figure = read(page_with(block(indicator, "KZ", end=end))).select_one("figure.chart")
    assert figure is not None
    assert (figure.select_one(".is-overdue") is not None) == is_overdue


def test_the_key_says_what_the_marks_mean(indicator: Indicator, read: Callable[..., BeautifulSoup]) -> None:
    url = page_with(block(indicator, "KZ"))
    assert read(url).select("figure .chart-key li") == []
    mark(indicator, "2021-04-01", ObservationStatus.PROVISIONAL)
    mark(indicator, "2021-02-01", ObservationStatus.BREAK)
    key = [entry.get_text(strip=True) for entry in read(url).select("figure .chart-key li")]
    assert key[0] == "estimated or provisional value"
    assert key[1].startswith("break in the series")


def test_a_figure_is_complete_without_scripts(indicator: Indicator, read: Callable[..., BeautifulSoup]) -> None:
    figure = read(page_with(block(indicator, "KZ", "GE", start="2021-02-01"))).select_one("figure.chart")
    assert figure is not None
    links = {link.get_text(strip=True): str(link["href"]) for link in figure.select(".chart-actions a")}
    assert links["Download (CSV)"].endswith("?country=KZ&country=GE&from=2021-02-01&to=2021-04-01")
    assert links["Choose countries and time"].endswith("?country=KZ&country=GE&from=2021-02-01&chart=line")
    assert links["Download (SVG)"].endswith("/chart.svg?country=KZ&country=GE&from=2021-02-01&chart=line")
    assert figure.select("details table.values tbody tr")
    assert not figure.select("[style], [onclick]")


def test_figures_on_a_page_share_no_id(indicator: Indicator, read: Callable[..., BeautifulSoup]) -> None:
    value = block(indicator, "KZ")
    soup = read(page_with(value, value, block(indicator, chart_type="map")))
    ids = [element["id"] for element in soup.select("figure [id], figure[id]")]
    assert len(ids) == len(set(ids))
    assert len([one for one in ids if str(one).startswith("hatch-")]) >= 4


# For scripts and programs


def test_a_script_gets_the_figure_with_other_countries_and_time(
    indicator: Indicator, read: Callable[..., BeautifulSoup]
) -> None:
    query = "?country=GE&country=UZ&from=2021-02-01&to=2021-03-31&chart=multiples&figure=7"
    soup = read(f"/en/data/{indicator.code}/figure/{query}")
    figure = soup.select_one("figure#figure-7")
    assert figure is not None
    assert soup.select("header, main, footer") == []
    assert words_of(figure, ".chart-scope").startswith("Georgia, Uzbekistan")
    assert len(figure.select("tbody tr")) == 2
    chosen = [field["value"] for field in figure.select("input[checked], input[type=date], option[selected]")]
    assert chosen == ["GE", "UZ", "2021-02-01", "2021-03-31", "multiples"]


@pytest.mark.parametrize(
    "query",
    [
        "country=XX&country=%00&country=KZ",
        "from=yesterday&to=2021-13-01",
        "from=2022-01-01&to=2021-01-01",
        "from=0001-01-01&to=9999-12-31",
        "chart=pie&figure=-1",
        "figure=99999999999999999999&chart=",
        "figure=٣",
        "chart=map",
        "chart=area&country=KZ&country=GE",
    ],
)
@pytest.mark.parametrize("ending", ["figure/", "chart.svg"])
def test_what_cannot_be_understood_still_shows_a_chart(
    client: Client, indicator: Indicator, query: str, ending: str
) -> None:
    answer = client.get(f"/en/data/{indicator.code}/{ending}?{query}")
    assert answer.status_code == 200
    assert b"var(--" in answer.content or ending == "chart.svg"


@pytest.mark.parametrize("ending", ["figure/", "chart.svg"])
def test_what_does_not_exist_is_not_found(client: Client, db: None, ending: str) -> None:
    make_indicator("WB.EMPTY")
    for code in ("WB.EMPTY", "NO.SUCH", "%00", "a/b"):
        assert client.get(f"/en/data/{code}/{ending}").status_code == 404


def test_a_picture_is_a_document_with_colours_title_and_description(client: Client, indicator: Indicator) -> None:
    answer = client.get(f"/ru/data/{indicator.code}/chart.svg?country=KZ&country=GE")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - drawn here
    assert root.get("lang") == "ru"
    assert root.findtext(f"{SVG}title", "").startswith("Stringency · Казахстан, Грузия")
    assert "Казахстан" in root.findtext(f"{SVG}desc", "")
    assert b"var(" not in answer.content
    narrow = client.get(f"/ru/data/{indicator.code}/chart.svg?size=narrow").content
    assert (root.get("width"), b'width="344"' in narrow) == ("736", True)


def test_a_picture_of_what_cannot_be_compared_is_not_drawn(client: Client, indicator: Indicator) -> None:
    Indicator.objects.update(is_comparable=False)
    assert client.get(f"/en/data/{indicator.code}/chart.svg?country=KZ&country=GE").status_code == 404
    assert client.get(f"/en/data/{indicator.code}/chart.svg?country=KZ").status_code == 200
    assert client.get(f"/en/data/{indicator.code}/chart.svg?chart=map").status_code == 404


def test_the_page_of_an_indicator_shows_the_time_asked_for(
    indicator: Indicator, read: Callable[..., BeautifulSoup]
) -> None:
    from reports.models import IndicatorIndexPage
    from tests.factories.site import index_page

    url = f"{index_page(IndicatorIndexPage).url}{indicator.code}/"
    soup = read(f"{url}?country=KZ&from=2021-02-01&chart=bar")
    assert len(soup.select("figure.chart tbody tr")) == 3
    sort = soup.select_one("a.sort")
    assert sort is not None
    assert "from=2021-02-01" in str(sort["href"])


# What editors choose


@pytest.mark.parametrize(
    ("facts", "codes", "field", "message"),
    [
        ({}, [], "countries", "Choose at least one country"),
        ({}, ["KZ", "KZ"], "countries", "chosen twice"),
        ({}, ["KZ", "GE", "UZ", "AM", "AZ", "MD", "TJ", "KG", "MN"], "countries", "at most 8 countries"),
        ({"chart_type": "area"}, ["KZ", "GE"], "countries", "A filled line shows one country"),
        ({"chart_type": "multiples"}, ["KZ"], "countries", "Choose two or more"),
        ({"start": "2021-02-01", "end": "2021-01-31"}, ["KZ"], "end", "before the start"),
    ],
)
def test_editors_are_told_what_is_wrong_at_its_field(
    indicator: Indicator, facts: dict[str, Any], codes: list[str], field: str, message: str
) -> None:
    definition = IndicatorChartBlock()
    with pytest.raises(StructBlockValidationError) as caught:
        definition.clean(definition.to_python(block(indicator, *codes, **facts)))
    assert list(caught.value.block_errors) == [field]
    assert message in str(caught.value.block_errors[field])


@pytest.mark.parametrize(
    ("chart_type", "codes"), [("line", ["KZ", "GE"]), ("bar", ["KZ", "GE"]), ("multiples", ["KZ", "GE"]), ("map", [])]
)
def test_editors_are_told_why_countries_cannot_be_compared(
    indicator: Indicator, chart_type: str, codes: list[str]
) -> None:
    Indicator.objects.update(is_comparable=False)
    IndicatorLabel.objects.update(caveats="Counted differently everywhere.")
    definition = IndicatorChartBlock()
    value = block(Indicator.objects.get(), *codes, chart_type=chart_type)
    with pytest.raises(StructBlockValidationError) as caught:
        definition.clean(definition.to_python(value))
    assert "must not be compared between countries" in str(caught.value.block_errors["indicators"])
    alone = definition.to_python(value | {"countries": [make_country("KZ").pk], "chart_type": "line"})
    assert definition.clean(alone)["chart_type"] == "line"


@pytest.mark.parametrize("chart_type", ChartType.values)
def test_every_type_of_chart_can_be_chosen_and_is_shown(
    indicator: Indicator, read: Callable[..., BeautifulSoup], chart_type: str
) -> None:
    codes = ["KZ"] if chart_type == ChartType.AREA else ["KZ", "GE"]
    value, definition = block(indicator, *codes, chart_type=chart_type), IndicatorChartBlock()
    assert definition.clean(definition.to_python(value))["chart_type"] == chart_type
    figure = read(page_with(value)).select_one("figure.chart")
    assert figure is not None
    assert bool(figure.select("svg.plot")) == (chart_type != ChartType.TABLE)
    assert figure.select("table.values tbody tr")
