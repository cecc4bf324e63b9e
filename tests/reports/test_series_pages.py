"""What pages, the API and the site map say of series: read from their summaries, as the observations would have it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.charts import Form, charts_for, newest_figures, newest_rows
from reports.choices import ObservationStatus, Origin
from reports.coverage import coverage_of
from reports.key_figures import key_figures
from reports.models import Indicator, IndicatorIndexPage, Observation, SeriesSummary
from reports.sitemaps import IndicatorSection
from reports.viewsets import coverage_text
from tests.factories.site import index_page
from tests.factories.statistics import make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from django.test import Client
    from wagtail.models import Site

    Read = Callable[..., BeautifulSoup]

LONG_AGO, FAR_AHEAD = datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)
CODES = ("KZ", "GE", "UZ")
MONTHS = [f"2021-{month:02}-01" for month in range(1, 7)]
HISTORIES = st.dictionaries(
    st.sampled_from(CODES),
    st.dictionaries(st.sampled_from(MONTHS), st.sampled_from([0, 1, 2.5, None]), min_size=1),
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def indicator(site: Site) -> Indicator:
    return make_indicator()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=HISTORIES)
def test_the_newest_rows_of_all_time_are_those_of_a_time_that_holds_everything(
    indicator: Indicator, histories: dict[str, dict[str, float | str | None]]
) -> None:
    with transaction.atomic():
        for code, values in histories.items():
            observe(indicator, make_country(code), values)
        kept = {row.country.code: (row.pk, row.value) for row in newest_rows(indicator, None, None)}
        searched = {row.country.code: (row.pk, row.value) for row in newest_rows(indicator, LONG_AGO, FAR_AHEAD)}
        assert kept == searched
        assert kept.keys() == histories.keys()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, (0, None, None)),
        ({"KZ": {"2021-01-01": None}}, (1, None, None)),
        ({"KZ": {"2021-01-01": None, "2021-02-01": 0, "2021-03-01": None}}, (1, "2021-02-01", "2021-02-01")),
        ({"KZ": {"2021-02-01": 1}, "GE": {"2020-01-01": 1, "2020-05-01": 1}}, (2, "2020-01-01", "2021-02-01")),
        ({"KZ": {"2021-02-01": 1}, "GE": {"2025-01-01": None}}, (2, "2021-02-01", "2021-02-01")),
    ],
)
def test_the_list_of_indicators_tells_periods_that_have_a_value(
    indicator: Indicator, values: dict[str, dict[str, float | str | None]], shown: tuple[int, str | None, str | None]
) -> None:
    for code, history in values.items():
        observe(indicator, make_country(code), history)
    observe(indicator, make_country("UZ"), {"1999-01-01": 1}, origin=Origin.NATIONAL)
    found: Any = Indicator.objects.with_coverage().get()
    first, last = (one and one.isoformat() for one in (found.first_period, found.last_period))
    assert (found.country_count, first, last) == shown


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, ""),
        ({"2021-01-01": None}, "1 (no value)"),
        ({"2021-01-01": 0, "2021-02-01": None}, "1 (January 2021)"),
        ({"2021-01-01": 5, "2021-02-01": 0}, "1 (January 2021 – February 2021)"),
    ],
)
def test_the_admin_list_of_indicators_tells_countries_and_periods_with_a_value(
    indicator: Indicator, values: dict[str, float | str | None], shown: str
) -> None:
    observe(indicator, make_country("KZ"), values)
    assert coverage_text(Indicator.objects.with_coverage().get()) == shown


def test_the_page_of_an_indicator_reads_only_what_it_draws(client: Client, indicator: Indicator) -> None:
    for code in CODES:
        observe(indicator, make_country(code), dict.fromkeys(MONTHS, 1))
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{index_page(IndicatorIndexPage).url}{indicator.code}/")
    observed = [query["sql"] for query in captured if '"reports_observation"' in query["sql"]]
    unbounded = [sql for sql in observed if "reports_seriessummary" not in sql and '"country_id"' not in sql]
    assert observed
    assert unbounded == []
    assert not any("COUNT(" in sql or "ROW_NUMBER" in sql for sql in observed)


def test_a_map_of_a_time_is_drawn_from_the_observations_of_that_time(indicator: Indicator) -> None:
    observe(indicator, make_country("KZ"), {"2021-01-01": 1, "2021-06-01": 6})
    observe(indicator, make_country("GE"), {"2021-06-01": 7})
    (always,) = charts_for([indicator], [], Form(chart_type="map"))
    (spring,) = charts_for([indicator], [], Form(end=day("2021-03-01"), chart_type="map"))
    assert {one.country.code: one.last and one.last[1] for one in always.series} == {"GE": 7, "KZ": 6}
    assert {one.country.code: one.last and one.last[1] for one in spring.series} == {"GE": None, "KZ": 1}
    assert all(one.is_covered for one in spring.series)


@pytest.mark.parametrize(("status", "shown"), [("A", ""), ("E", "(Estimated value)"), ("P", "(Provisional value)")])
def test_a_revised_status_is_told_with_the_newest_value(
    read: Read, indicator: Indicator, status: str, shown: str
) -> None:
    (row,) = observe(indicator, make_country("KZ"), {"2021-01-01": 41})
    Observation.objects.filter(pk=row.pk).update(status=status)
    page = read(f"{index_page(IndicatorIndexPage).url}{indicator.code}/")
    cell = page.select_one("figure.chart table.values tbody td")
    assert cell is not None
    assert " ".join(cell.get_text().split()) == f"41.0 {shown}".strip()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_table_behind_a_chart_is_in_the_language_of_the_page(
    read: Read, indicator: Indicator, language: str
) -> None:
    observe(indicator, make_country("KZ"), {"2021-01-01": "1234.5", "2021-02-01": None, "2021-03-01": 0})
    page = read(f"{index_page(IndicatorIndexPage, language).url}{indicator.code}/")
    cells = ["".join(cell.get_text().split()) for cell in page.select("figure.chart table.values tbody td")]
    absent = {"en": "novalue", "ru": "нетзначения"}
    assert cells[0] == {"en": "1,234.5"}.get(language, "1234,5")
    assert cells[1] == absent.get(language, cells[1]) != ""
    assert cells[2] == {"en": "0.0"}.get(language, "0,0")


def test_a_countries_own_figure_without_a_value_is_none(indicator: Indicator) -> None:
    observe(indicator, make_country("KZ"), {"2021-01-01": None}, origin=Origin.NATIONAL)
    (one,) = coverage_of(indicator).countries
    assert one.national is not None
    assert (one.national.values, one.newest_own, one.international) == (0, None, None)
    assert coverage_of(indicator).has_national
    assert coverage_of(indicator).first is None


def test_the_newest_own_figure_is_the_newest_with_a_value(indicator: Indicator) -> None:
    observe(indicator, make_country("KZ"), {"2021-01-01": 3, "2021-02-01": None}, origin=Origin.NATIONAL)
    (one,) = coverage_of(indicator).countries
    assert one.newest_own is not None
    assert (one.newest_own.period_start, one.newest_own.value) == (day("2021-01-01"), Decimal(3))


@pytest.mark.parametrize(
    ("values", "newest"),
    [
        ({"2021-01-01": 1, "2021-02-01": None}, Decimal(1)),
        ({"2021-01-01": None}, None),
        ({}, None),
    ],
)
def test_the_profile_begins_where_the_newest_value_stands(
    indicator: Indicator, values: dict[str, float | str | None], newest: Decimal | None
) -> None:
    country = make_country("KZ")
    observe(indicator, country, values)
    observe(indicator, make_country("GE"), {"2021-05-01": 9}, origin=Origin.NATIONAL)
    (figure,) = key_figures([indicator], country)
    assert (figure.newest.value if figure.newest else None) == newest
    assert figure.own is None
    assert figure.figure.series.is_covered == bool(values)


def test_a_figure_at_a_glance_forgets_a_newest_period_that_was_withdrawn(indicator: Indicator) -> None:
    country = make_country("KZ")
    observe(indicator, country, {"2021-01-01": 5})
    (row,) = observe(indicator, country, {"2021-02-01": 8})
    assert newest_figures([indicator])[0].value == 8
    row.valid_to = row.valid_from + datetime.timedelta(days=1)
    row.save()
    observe(indicator, country, {"2021-02-01": None}, row.valid_to)
    (figure,) = newest_figures([indicator])
    assert (figure.last, figure.value, figure.country_count) == (day("2021-01-01"), Decimal(5), 1)


def test_national_figures_are_no_figures_at_a_glance(indicator: Indicator) -> None:
    observe(indicator, make_country("KZ"), {"2021-01-01": 5})
    observe(indicator, make_country("KZ"), {"2021-09-01": 50}, origin=Origin.NATIONAL)
    (figure,) = newest_figures([indicator])
    assert (figure.last, figure.value) == (day("2021-01-01"), Decimal(5))


def test_the_site_map_knows_the_newest_change_of_either_origin(indicator: Indicator) -> None:
    section, country = IndicatorSection(), make_country("KZ")
    assert section.changed() is None
    (row,) = observe(indicator, country, {"2021-01-01": 5})
    assert section.changed() == row.valid_from
    later = row.valid_from + datetime.timedelta(days=1)
    observe(indicator, country, {"2021-01-01": 6}, later, origin=Origin.NATIONAL)
    assert section.changed() == later
    latest = later + datetime.timedelta(days=1)
    revise(row, 7, latest)
    assert section.changed() == latest
    assert {entry.changed for entry in section.entries([indicator])} == {latest}


def test_a_summary_says_which_series_it_is_of(indicator: Indicator) -> None:
    observe(indicator, make_country("KZ"), {"2021-01-01": None})
    (kept,) = SeriesSummary.objects.all()
    assert str(kept) == "Stringency, Kazakhstan, international"
    assert kept.newest.status == ObservationStatus.MISSING
