"""What leads from a figure to its file, its form and its values shows the same chart, in every form and language."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.template import Context
from django.utils import translation

from cms.core.blocks import COUNTRIES_IN, MAX_LINES, ChartType, IndicatorChartBlock
from reports.charts import Form, charts_for
from reports.choices import ObservationStatus
from reports.comparisons import Comparison
from reports.models import Indicator
from reports.templatetags.report_tags import choice, csv_url, figure_url, picture_url
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country
from tests.reports.drawn import make_chart, mark, months

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from reports.charts import Chart

pytestmark = pytest.mark.django_db

CODES = ["KZ", "GE", "UZ", "MN", "TJ", "KG", "AM", "AZ", "MD", "TM", "BY", "EE", "LT"]
DRAWN = [kind for kind in ChartType.values if kind != ChartType.TABLE]


@pytest.fixture(scope="module")
def shared(made_once: Callable[[Callable[[], Any]], Any]) -> Indicator:
    """Thirteen countries with values of four months; of the last one, the newest is missing."""

    def make() -> Indicator:
        found = make_indicator("WB.LINKED", labels={"en": "Linked", "ru": "Связь", "ar": "رابط"}, decimals=0)
        for number, code in enumerate(CODES):
            last = None if code == CODES[-1] else number * 3
            observe(found, make_country(code), months(number, number + 2, None, last))
        return found

    found: Indicator = made_once(make)
    return found


def chart_of(indicator: Indicator, kind: str, count: int, **dates: Any) -> Chart:
    countries = [make_country(code) for code in CODES[:count]]
    (found,) = charts_for([indicator], countries, Form(chart_type=kind, **dates))
    return found


def words(markup: str) -> list[str]:
    """The texts and titles of the marks; those of the whole picture are not among them."""
    soup = BeautifulSoup(markup, "html.parser")
    return [element.get_text() for element in soup.select("text, path > title")]


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
@pytest.mark.parametrize("kind", DRAWN)
def test_the_file_of_a_chart_is_the_chart(client: Client, shared: Indicator, kind: str, language: str) -> None:
    """With as many countries as an editor may choose for it."""
    with translation.override(language):
        chart = chart_of(shared, kind, COUNTRIES_IN.get(ChartType(kind), (1, MAX_LINES))[1])
        pictures, address = chart.pictures, picture_url(chart)
    assert address.startswith(f"/{language}/data/WB.LINKED/chart.svg?country=")
    wide = client.get(address).content.decode()
    assert words(wide) == words(pictures[0].markup)
    narrow = client.get(f"{address}&size=narrow").content.decode()
    assert words(narrow) == words(pictures[-1].markup)


@pytest.mark.parametrize("kind", DRAWN)
def test_programs_are_told_of_the_picture_of_the_block(client: Client, shared: Indicator, kind: str) -> None:
    count = COUNTRIES_IN.get(ChartType(kind), (1, MAX_LINES))[1]
    definition = IndicatorChartBlock()
    value: dict[str, Any] = {"indicators": [shared.pk], "countries": [make_country(code).pk for code in CODES[:count]]}
    value |= {"start": "2021-01-01", "end": "2021-02-28", "chart_type": kind, "note": ""}
    cleaned = definition.clean(definition.to_python(value))
    (address,) = definition.get_api_representation(cleaned)["pictures"]
    (chart,) = charts_for([shared], list(cleaned["countries"]), Form(cleaned["start"], cleaned["end"], kind))
    assert words(client.get(address).content.decode()) == words(chart.pictures[0].markup)


@pytest.mark.parametrize(
    ("kind", "most"),
    [("line", 8), ("step", 8), ("area", 8), ("table", 8), ("bar", 12), ("multiples", 12), ("map", 12), ("pie", 8)],
)
def test_readers_may_choose_as_many_countries_as_editors(shared: Indicator, kind: str, most: int) -> None:
    def compare(count: int) -> Comparison:
        return Comparison(shared, QueryDict("&".join([f"chart={kind}", *(f"country={one}" for one in CODES[:count])])))

    full, too_full = compare(most), compare(most + 1)
    assert (full.most, full.has_too_many, len(full.chosen)) == (most, False, most)
    assert (too_full.has_too_many, [one.code for one in too_full.chosen]) == (True, CODES[:most])


def test_a_figure_says_how_many_countries_its_form_holds(client: Client, shared: Indicator) -> None:
    countries = "&".join(f"country={code}" for code in CODES)
    for kind, most in {"bar": 12, "line": 8}.items():
        html = client.get(f"/en/data/WB.LINKED/figure/?{countries}&chart={kind}").content.decode()
        assert f"A chart holds at most {most} countries" in html


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ("line", ["line", "bar", "multiples", "table"]),
        ("multiples", ["line", "bar", "multiples", "table"]),
        ("area", ["area", "line", "bar", "multiples", "table"]),
        ("step", ["step", "line", "bar", "multiples", "table"]),
        ("map", ["map", "line", "bar", "multiples", "table"]),
        ("", ["line", "bar", "multiples", "table"]),
    ],
)
def test_the_form_that_a_figure_has_is_among_those_to_choose(shared: Indicator, kind: str, offered: list[str]) -> None:
    assert Comparison(shared, QueryDict(f"chart={kind}")).chart_types == offered


def test_a_form_sent_back_as_it_is_changes_nothing(client: Client, shared: Indicator) -> None:
    address = "/en/data/WB.LINKED/figure/?country=GE&from=2021-02-01&to=2021-04-30&chart=area&figure=3"
    first = BeautifulSoup(client.get(address).content, "html.parser")
    fields = [(str(box["name"]), str(box["value"])) for box in first.select("input[checked], input[type=date]")]
    fields += [("chart", str(option["value"])) for option in first.select("option[selected]")]
    assert sorted(f"{name}={value}" for name, value in fields) == [
        "chart=area",
        "country=GE",
        "from=2021-02-01",
        "to=2021-04-30",
    ]
    second = client.get("/en/data/WB.LINKED/figure/", fields)
    pictures = [
        [words(str(svg)) for svg in soup.select("svg.plot")]
        for soup in (first, BeautifulSoup(second.content, "html.parser"))
    ]
    assert pictures[0] == pictures[1] != []


# Addresses


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def test_addresses_carry_the_time_that_was_chosen_and_values_the_time_that_has_some(shared: Indicator) -> None:
    chart = chart_of(shared, "bar", 2, start=datetime.date(2020, 7, 1), end=datetime.date(2021, 2, 10))
    assert choice(chart) == [
        ("country", "KZ"),
        ("country", "GE"),
        ("from", "2020-07-01"),
        ("to", "2021-02-10"),
        ("chart", "bar"),
    ]
    assert query_of(figure_url(chart, 12))["figure"] == ["12"]
    values = query_of(csv_url(Context(), chart))
    assert values == {"country": ["KZ", "GE"], "from": ["2021-01-01"], "to": ["2021-02-01"]}


def test_a_map_of_all_names_no_country_and_one_of_some_does(shared: Indicator) -> None:
    everywhere, some = chart_of(shared, "map", 0), chart_of(shared, "map", 2)
    assert "country" not in query_of(picture_url(everywhere)) | query_of(csv_url(Context(), everywhere))
    assert query_of(picture_url(some))["country"] == query_of(csv_url(Context(), some))["country"] == ["GE", "KZ"]


def test_a_country_that_is_not_covered_stays_in_the_form_and_has_no_values(shared: Indicator) -> None:
    chart = make_chart(shared, {"KZ": {}, "JP": {}})
    assert query_of(picture_url(chart))["country"] == ["KZ", "JP"]
    assert query_of(csv_url(Context(), chart))["country"] == ["KZ"]


def test_a_download_of_nothing_has_no_time(db: None) -> None:
    chart = make_chart(make_indicator("X.NONE"), {"KZ": {}})
    assert csv_url(Context(), chart).endswith("/data/X.NONE.csv?")


def test_a_code_of_unusual_letters_is_written_as_an_address(client: Client, db: None) -> None:
    chart = make_chart(make_indicator("NATIONAL/Ä 1"), {"KZ": months(1, 2)})
    for address in (picture_url(chart), figure_url(chart, 1), csv_url(Context(), chart)):
        assert "NATIONAL/%C3%84%201" in address
        assert client.get(address).status_code == 200


# Answers


@pytest.mark.parametrize("ending", ["figure/", "chart.svg"])
def test_figures_are_only_read_and_may_be_kept_for_some_minutes(client: Client, shared: Indicator, ending: str) -> None:
    address = f"/en/data/WB.LINKED/{ending}"
    answer = client.get(address)
    assert {"public", "max-age=600"} <= set(answer["Cache-Control"].split(", "))
    assert [client.post(address).status_code, client.put(address).status_code] == [405, 405]
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    ("size", "width"), [("", 736), ("wide", 736), ("narrow", 344), ("huge", 736), ("../narrow", 736), ("NARROW", 736)]
)
def test_a_picture_has_one_of_two_widths(client: Client, shared: Indicator, size: str, width: int) -> None:
    answer = client.get("/en/data/WB.LINKED/chart.svg", {"country": "KZ", "size": size})
    assert ElementTree.fromstring(answer.content).get("width") == str(width)  # noqa: S314 - drawn here


def test_a_picture_marks_what_may_change_and_names_its_language(client: Client, shared: Indicator) -> None:
    mark(shared, "2021-02-01", ObservationStatus.PROVISIONAL)
    svg = client.get("/ar/data/WB.LINKED/chart.svg?country=KZ&chart=bar").content.decode()
    assert 'lang="ar"' in svg
    assert "رابط" in svg
    assert 'stroke="#0b5563"' in svg  # the outline of a hollow column


def test_no_picture_is_drawn_of_a_table(client: Client, shared: Indicator) -> None:
    assert client.get("/en/data/WB.LINKED/chart.svg?chart=table").status_code == 404
    assert client.get("/en/data/WB.LINKED/figure/?chart=table").status_code == 200


def test_national_figures_are_in_no_picture(client: Client, shared: Indicator) -> None:
    observe(shared, make_country("JP"), months(77, 88), origin="national")
    answer = client.get("/en/data/WB.LINKED/chart.svg?country=JP&country=KZ")
    assert b"88" not in answer.content
    assert client.get("/en/data/WB.LINKED/chart.svg?country=JP").status_code == 404
    assert Indicator.objects.filter(code="WB.LINKED").exists()
