"""Which countries have values of an indicator, from when to when: international figures, and those of countries."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from reports.choices import Frequency, Origin
from reports.coverage import Span, coverage_of
from reports.models import IndicatorIndexPage, Observation
from tests.factories.site import index_page
from tests.factories.statistics import make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from wagtail.models import Site

    from reports.models import Indicator


def day(month: int) -> datetime.date:
    return datetime.date(2021, month, 1)


@pytest.fixture
def indicator(site: Site) -> Indicator:
    found = make_indicator()
    observe(found, make_country("KZ"), {"2021-01-01": None, "2021-02-01": 0, "2021-04-01": 3, "2021-05-01": None})
    observe(found, make_country("GE"), {"2021-01-01": None})
    own = {"2021-02-01": 1, "2021-03-01": 2.5}
    observe(found, make_country("KZ"), own, origin=Origin.NATIONAL)
    observe(found, make_country("UZ"), {"2021-06-01": 9}, origin=Origin.NATIONAL)
    return found


def test_a_span_reaches_from_the_first_to_the_last_value(indicator: Indicator) -> None:
    found = {one.country.code: one for one in coverage_of(indicator).countries}
    assert list(found) == ["GE", "KZ", "UZ"]
    assert found["KZ"].international == Span(day(2), day(4), 2)
    assert found["KZ"].national == Span(day(2), day(3), 2)
    assert found["GE"].international == Span(None, None, 0)
    assert found["GE"].national is None
    assert found["UZ"].international is None


def test_values_that_were_revised_count_once(indicator: Indicator) -> None:
    revise(Observation.objects.get(value=3), 4)
    found = {one.country.code: one for one in coverage_of(indicator).countries}
    assert found["KZ"].international == Span(day(2), day(4), 2)


def test_the_newest_national_figure_stands_beside(indicator: Indicator) -> None:
    newest = {one.country.code: one.newest_own for one in coverage_of(indicator).countries}
    assert {code: own and float(own.value or 0) for code, own in newest.items()} == {"GE": None, "KZ": 2.5, "UZ": 9.0}


def test_countries_take_no_more_queries(
    indicator: Indicator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("AM", "AZ", "MD", "UA"):
        observe(indicator, make_country(code), {"2021-01-01": 1}, origin=Origin.NATIONAL)
    coverage_of(indicator)
    with django_assert_max_num_queries(5):
        assert len(coverage_of(indicator).countries) == 7


def test_the_page_tells_not_covered_from_no_value_and_zero(client: Client, indicator: Indicator) -> None:
    html = client.get(f"{index_page(IndicatorIndexPage).url}{indicator.code}/").content.decode()
    table = html.partition('id="coverage"')[2]
    georgia, kazakhstan, uzbekistan = (part.partition("</tr>")[0] for part in table.split('<th scope="row">')[1:4])
    assert "no value" in georgia
    assert "not covered" not in georgia
    assert "February 2021 – April 2021" in kazakhstan
    assert "February 2021 – March 2021 (2)" in kazakhstan
    assert "not covered" in uzbekistan
    assert "9.0" in uzbekistan


def test_a_page_without_national_figures_does_not_speak_of_them(client: Client, site: Site) -> None:
    indicator = make_indicator("OTHER.ONE", frequency=Frequency.DAILY)
    observe(indicator, make_country("KZ"), {"2021-01-05": 1})
    html = client.get(f"{index_page(IndicatorIndexPage).url}OTHER.ONE/").content.decode()
    assert "5 January 2021 – 5 January 2021" in html
    assert "National figures" not in html


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "csv-metadata.json"])
def test_the_page_leads_to_all_downloads(client: Client, indicator: Indicator, form: str) -> None:
    html = client.get(f"{index_page(IndicatorIndexPage).url}{indicator.code}/").content.decode()
    assert f'href="/en/data/{indicator.code}.{form}"' in html
    assert f'href="/en/data/{indicator.code}.csv?origin=all"' in html
