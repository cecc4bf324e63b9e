"""Maps: the newest values of the world in classes, without a word on borders."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cms.core.blocks import ChartType
from reports.charts import Form, charts_for
from reports.choices import ScaleType
from reports.models import IndicatorIndexPage, Observation
from reports.vega.maps import nice, quantiles, shade_of, shades_of, without_outline
from reports.vega.outlines import outlines
from taxonomy.models import Country
from tests.factories.pages import make_standard_page
from tests.factories.site import index_page
from tests.factories.statistics import make_indicator, observe, summarise_again
from tests.factories.vocabularies import make_country
from tests.reports.drawn import drawn, ordinal, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from pytest_django import DjangoAssertNumQueries

    from reports.charts import Chart
    from reports.models import Indicator

HATCH, NEUTRAL, BORDER = "url(#hatch)", "var(--map-neutral)", "var(--map-border)"
VALUES = {"KZ": 0, "GE": 10, "UZ": 20, "MN": 30, "TJ": 40, "KG": 50, "SG": 60}


def world(
    indicator: Indicator, *codes: str, start: datetime.date | None = None, end: datetime.date | None = None
) -> Chart:
    countries = [make_country(code) for code in codes]
    (found,) = charts_for([indicator], countries, Form(start, end, ChartType.MAP))
    return found


@pytest.fixture
def indicator(db: None) -> Indicator:
    """Values of two years; Armenia is covered and without a value, Turkmenistan is not covered."""
    found = make_indicator(frequency="A", decimals=0)
    for code, value in VALUES.items():
        observe(found, make_country(code), {"2019-01-01": value + 1, "2020-01-01": value})
    observe(found, make_country("AM"), {"2019-01-01": None})
    make_country("TM")
    return found


def test_most_countries_of_the_world_have_an_outline() -> None:
    codes = [code for code, _feature in outlines()]
    assert len(codes) == 176
    assert "ATA" not in codes
    assert {"KAZ", "KGZ", "UZB", "FRA", "NOR", "TWN", "ESH", "PSE"} <= set(codes)


def test_outlines_are_closed_and_within_the_world() -> None:
    for code, feature in outlines():
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                assert ring[0] == ring[-1], code
                assert len(ring) >= 4, code
                assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring), code


def test_zero_no_value_and_not_covered_look_different(indicator: Indicator) -> None:
    (drawing,) = drawn(world(indicator))
    fills = {mark["title"].partition(":")[0]: mark["fill"] for mark in drawing.marks if mark["title"]}
    assert fills["Armenia"] == HATCH
    assert fills["Kazakhstan"] == "var(--level-1)"
    assert fills["Kyrgyzstan"] == "var(--level-5)"
    assert "Turkmenistan" not in fills
    assert len([mark for mark in drawing.marks if mark.get("fill") == NEUTRAL]) == 176 - len(fills)


def test_areas_say_their_country_and_value(indicator: Indicator) -> None:
    (drawing,) = drawn(world(indicator))
    titles = {mark["title"] for mark in drawing.marks}
    assert {"Kazakhstan: 0", "Georgia: 10", "Armenia: no value"} <= titles
    with translation.override("kk"):
        (kazakh,) = drawn(world(indicator))
    assert "Қазақстан: 0" in {mark["title"] for mark in kazakh.marks}


def test_all_borders_are_alike(indicator: Indicator) -> None:
    (drawing,) = drawn(world(indicator))
    looks = {(mark["stroke"], mark["stroke-width"], mark.get("stroke-dasharray")) for mark in drawing.marks}
    assert looks == {(BORDER, "0.5", None)}


def test_the_period_chooses_the_newest_value_within_it(indicator: Indicator) -> None:
    before = world(indicator, end=datetime.date(2019, 12, 31))
    assert {series.country.code: series.last[1] for series in before.shown if series.last}["KZ"] == 1
    after = world(indicator, start=datetime.date(2020, 6, 1))
    assert after.span == (datetime.date(2020, 1, 1), datetime.date(2020, 1, 1))
    later = world(indicator, start=datetime.date(2021, 1, 1))
    assert later.shown == []
    assert len(later.without_values) == 8
    assert later.pictures == []


def test_chosen_countries_are_shown_alone(indicator: Indicator) -> None:
    chart = world(indicator, "KZ", "GE", "TM")
    assert [series.country.code for series in chart.not_covered] == ["TM"]
    (drawing,) = drawn(chart)
    assert {mark["title"] for mark in drawing.marks} == {"", "Kazakhstan: 0", "Georgia: 10"}


def test_small_countries_are_named_and_stand_in_the_table(indicator: Indicator) -> None:
    assert without_outline(world(indicator)) == ["Singapore"]


def test_a_map_of_what_cannot_be_compared_is_refused(indicator: Indicator) -> None:
    type(indicator).objects.update(is_comparable=False)
    chart = world(type(indicator).objects.get())
    assert chart.is_refused
    assert chart.pictures == []


def test_a_map_asks_two_queries_whatever_the_number_of_countries(
    indicator: Indicator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    list(Country.vocabulary().rows)
    with django_assert_max_num_queries(4):  # of which two ask whether the vocabularies are still true
        world(indicator)


def test_levels_of_a_scale_are_the_classes_of_their_map(db: None) -> None:
    found = ordinal()
    observe(found, make_country("KZ"), {"2021-01-01": 0})
    observe(found, make_country("GE"), {"2021-01-01": 3})
    shades = shades_of(world(found))
    assert [(shade.number, shade.name, shade.meaning) for shade in shades] == [
        (0, "0", "Level 0"),
        (2, "1", "Level 1"),
        (3, "2", "Level 2"),
        (5, "3", "Level 3"),
    ]


@given(st.lists(st.decimals(-(10**9), 10**9, places=3), min_size=1, max_size=60))
def test_every_value_belongs_to_a_class_and_higher_ones_to_no_lower(values: list[Decimal]) -> None:
    ordered = sorted(values)
    bounds = quantiles(ordered)
    assert bounds[0] == ordered[0]
    assert bounds[-1] == ordered[-1]
    assert len(bounds) <= 6
    inner = bounds[1:-1]
    assert inner == sorted(set(inner))


def test_equal_values_are_one_class(db: None) -> None:
    found = make_indicator(scale_type=ScaleType.COUNT, decimals=0)
    for code in ("KZ", "GE"):
        observe(found, make_country(code), {"2021-01-01": 7})
    chart = world(found)
    (shade,) = shades_of(chart)
    assert shade_of([shade], Decimal(7)) == 5


@pytest.mark.parametrize(
    ("value", "expected"), [("1234567", "1200000"), ("0.01234", "0.012"), ("0", "0"), ("-98.7", "-99"), ("5", "5")]
)
def test_bounds_of_classes_are_round(value: str, expected: str) -> None:
    assert nice(Decimal(value)) == Decimal(expected)


# On a page


@pytest.fixture
def page(indicator: Indicator) -> str:
    value = {"indicators": [indicator.pk], "countries": [], "start": None, "end": None, "chart_type": "map", "note": ""}
    return str(make_standard_page(body=[{"type": "indicator_chart", "value": value}]).url)


def test_a_map_stands_on_a_page_with_classes_table_and_disclaimer(
    page: str, read: Callable[..., BeautifulSoup]
) -> None:
    figure = read(page).select_one("figure.chart")
    assert figure is not None
    assert words_of(figure, "svg.plot-map[role=img] > title") == "Stringency"
    assert "Kyrgyzstan (50)" in words_of(figure, "svg.plot-map > desc")
    key = [" ".join(entry.get_text().split()) for entry in figure.select(".map-key li")]
    assert key[0] == "0 – 10"
    assert key[-2:] == ["no value", "not covered"]
    rows = {
        words_of(row, "th"): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in figure.select("tbody tr")
    }
    assert rows["Kazakhstan"] == ["0", "2020"]
    assert rows["Armenia"] == ["no value", ""]
    assert rows["Singapore"] == ["60", "2020"]
    text = figure.get_text()
    assert "Too small for the map; their values are in the table: Singapore." in " ".join(text.split())
    assert "say nothing about the legal status" in text


def test_editors_change_the_disclaimer_in_each_language(page: str, read: Callable[..., BeautifulSoup]) -> None:
    IndicatorIndexPage.objects.filter(pk=index_page(IndicatorIndexPage, "ru").pk).update(
        map_disclaimer="Не о границах."
    )
    IndicatorIndexPage.objects.filter(pk=index_page(IndicatorIndexPage, "en").pk).update(
        map_disclaimer="Not on borders."
    )
    figure = read(page).select_one("figure.chart")
    assert figure is not None
    assert "Not on borders." in figure.get_text()
    assert "Не о границах." not in figure.get_text()
    assert "legal status" not in figure.get_text()


def test_closed_values_and_national_ones_are_not_on_a_map(indicator: Indicator) -> None:
    Observation.objects.filter(country__code="KZ").update(origin="national")
    summarise_again(indicator)
    assert "KZ" not in [series.country.code for series in world(indicator).series]
