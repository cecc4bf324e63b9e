"""Key figures: the newest value, the change and its judgement, what is absent, and how little is read for them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.charts import MAX_SPARK_POINTS
from reports.choices import Direction, Frequency, Origin
from reports.histories import Point
from reports.key_figures import key_figures
from reports.models import KeyIndicator
from tests.factories.pages import make_country_page
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from wagtail.models import Site

    Read = Callable[..., BeautifulSoup]


def days(number: int) -> list[str]:
    start = datetime.date(2020, 1, 1)
    return [(start + datetime.timedelta(days=day)).isoformat() for day in range(number)]


@pytest.mark.parametrize(
    ("direction", "values", "expected"),
    [
        (Direction.UP, (1, 2), True),
        (Direction.UP, (2, 1), False),
        (Direction.DOWN, (1, 2), False),
        (Direction.DOWN, (2, 1), True),
        (Direction.UP, (2, 2), None),
        (Direction.NEUTRAL, (1, 2), None),
    ],
)
def test_a_change_is_judged_by_the_direction_of_its_indicator(
    db: None, direction: Direction, values: tuple[int, int], expected: bool | None
) -> None:
    indicator = make_indicator(direction=direction)
    observe(indicator, make_country("KZ"), dict(zip(["2021-01-01", "2021-02-01"], values, strict=True)))
    (figure,) = key_figures([indicator], make_country("KZ"))
    assert figure.is_better is expected


@pytest.mark.parametrize(("direction", "word"), [(Direction.UP, "better"), (Direction.DOWN, "worse")])
def test_the_judgement_is_a_word_and_not_a_colour_alone(
    read: Read, site: Site, direction: Direction, word: str
) -> None:
    indicator = make_indicator(direction=direction)
    observe(indicator, make_country("KZ"), {"2021-01-01": 1, "2021-02-01": 2})
    page = read(make_country_page(key_indicators=[KeyIndicator(indicator=indicator)]).url)
    verdict = page.select_one(".key-figure .verdict")
    assert verdict is not None
    assert word in verdict.get_text()


def test_zero_no_value_and_not_covered_look_different(read: Read, site: Site) -> None:
    indicators = [make_indicator(code) for code in ("A.ZERO", "B.NOTHING", "C.ABSENT")]
    observe(indicators[0], make_country("KZ"), {"2021-01-01": 0})
    observe(indicators[1], make_country("KZ"), {"2021-01-01": None})
    page = read(make_country_page(key_indicators=[KeyIndicator(indicator=one) for one in indicators]).url)
    found = [figure.get_text(" ", strip=True) for figure in page.select(".key-figure-value")]
    assert found == ["0.0 points", "no value", "not covered"]
    assert [("is-absent" in (figure.get("class") or [])) for figure in page.select(".key-figure-value")] == [
        False,
        True,
        True,
    ]


def test_the_newest_value_stands_although_newer_periods_have_none(db: None) -> None:
    indicator = make_indicator()
    observe(indicator, make_country("KZ"), {"2021-01-01": 5, "2021-02-01": None})
    (figure,) = key_figures([indicator], make_country("KZ"))
    assert figure.newest
    assert (figure.newest.day, figure.newest.value) == (datetime.date(2021, 1, 1), Decimal(5))
    assert figure.figure.series.points[-1].value is None


def test_only_the_last_stretch_of_a_long_history_is_read(db: None) -> None:
    indicator = make_indicator(frequency=Frequency.DAILY)
    values = dict.fromkeys(days(200), 1.0) | {days(200)[-2]: None}
    observe(indicator, make_country("KZ"), values)
    (figure,) = key_figures([indicator], make_country("KZ"))
    assert len(figure.figure.series.points) == MAX_SPARK_POINTS + 1
    assert figure.figure.series.points[-2].value is None


def test_periods_that_the_source_leaves_out_are_gaps(db: None) -> None:
    indicator = make_indicator()
    observe(indicator, make_country("KZ"), {"2021-01-01": 1, "2021-04-01": 2})
    (figure,) = key_figures([indicator], make_country("KZ"))
    assert [point.value for point in figure.figure.series.points] == [1, None, None, 2]


def test_a_figure_of_the_country_itself_stands_beside(read: Read, site: Site) -> None:
    indicator, country = make_indicator(), make_country("KZ")
    observe(indicator, country, {"2021-01-01": 1})
    observe(indicator, country, {"2021-01-01": 1.5, "2021-02-01": 2.5}, origin=Origin.NATIONAL)
    (figure,) = key_figures([indicator], country)
    assert figure.figure.series.points == [Point(datetime.date(2021, 1, 1), Decimal(1))]
    page = read(make_country_page(key_indicators=[KeyIndicator(indicator=indicator)]).url)
    assert "National figure: 2.5 (February 2021)" in page.select(".key-figure")[0].get_text(" ")


def test_an_own_figure_alone_does_not_make_the_international_series_covered(db: None) -> None:
    indicator, country = make_indicator(), make_country("KZ")
    observe(indicator, country, {"2021-01-01": 2}, origin=Origin.NATIONAL)
    (figure,) = key_figures([indicator], country)
    assert (figure.figure.series.is_covered, figure.own) == (False, Point(datetime.date(2021, 1, 1), Decimal(2)))


def test_more_figures_and_longer_histories_take_two_queries(db: None) -> None:
    indicators = [make_indicator(f"TEST.{number}") for number in range(6)]
    for indicator in indicators:
        observe(indicator, make_country("KZ"), {f"{year}-01-01": year for year in range(1950, 2021)})
    with CaptureQueriesContext(connection) as captured:
        figures = key_figures(indicators, make_country("KZ"))
    observed = [query["sql"] for query in captured if "reports_observation" in query["sql"]]
    assert (len(figures), len(observed)) == (6, 2)


def test_a_profile_without_key_indicators_has_none(db: None) -> None:
    assert key_figures([], make_country("KZ")) == []
