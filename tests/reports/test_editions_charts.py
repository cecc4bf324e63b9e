"""Charts of a report fixed at a moment: no form and no language of them is drawn of newer values, or leads to such."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cms.core.blocks import ChartType
from reports import charts
from reports.choices import ObservationStatus
from reports.editions import BEFORE_ALL, PanelFigure, count_newer, histories, known_at, panel_figures
from reports.histories import Point, append
from reports.models import CountryReportPage, FixedIndicator, Indicator, Observation, ReportIndicator
from reports.models.parts import PANEL_TYPES
from tests.factories.pages import make_report
from tests.factories.site import translate
from tests.factories.statistics import IMPORTED, make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup, Tag
    from django.test import Client

    Read = Callable[..., BeautifulSoup]

pytestmark = pytest.mark.django_db

KINDS = [str(kind) for kind, _label in PANEL_TYPES]


@pytest.fixture(scope="module")
def report(made_once: Callable[[Callable[[], Any]], Any]) -> CountryReportPage:
    """A figure in every form that a panel may have, in English and Russian, fixed before its values were revised."""

    def make() -> CountryReportPage:
        indicator = make_indicator("WB.FIXED", decimals=0, update_days=30)
        observe(indicator, make_country("KZ"), {"2021-01-01": 10, "2021-02-01": 20, "2021-03-01": None})
        panel = [ReportIndicator(indicator=indicator, chart_type=kind) for kind in KINDS]
        body = [{"type": "indicator_chart", "value": block(indicator)}]
        page = make_report(indicator_panel=panel, body=body)
        translate(page.get_parent().specific, "ru")
        translate(page, "ru")
        for value in Observation.objects.filter(period_start__lte="2021-02-01"):
            revise(value, 770 + value.period_start.month)
        return page

    found: CountryReportPage = made_once(make)
    return found


def block(indicator: Indicator) -> dict[str, Any]:
    value = {"indicators": [indicator.pk], "countries": [make_country("KZ").pk], "chart_type": "line", "note": ""}
    return value | {"start": None, "end": None}


def figures(read: Read, page: Any) -> list[Tag]:
    return read(page.url).select(".panel-figure figure.chart")


def in_language(report: CountryReportPage, language: str) -> CountryReportPage:
    return CountryReportPage.objects.get(translation_key=report.translation_key, locale__language_code=language)


# On the page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_figure_of_a_panel_leads_to_a_picture_or_is_changed_in_its_place(
    read: Read, report: CountryReportPage, language: str
) -> None:
    found = figures(read, in_language(report, language))
    assert len(found) == len(KINDS)
    for kind, figure in zip(KINDS, found, strict=True):
        assert figure.select("[data-choose], form") == [], kind
        assert not [link for link in figure.select("a") if "chart.svg" in str(link["href"])], kind


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_form_draws_the_figures_of_the_moment(read: Read, report: CountryReportPage, language: str) -> None:
    for kind, figure in zip(KINDS, figures(read, in_language(report, language)), strict=True):
        rows = [cell.get_text(strip=True) for cell in figure.select("tbody td")][:2]
        assert rows == ["10", "20"], kind
        assert "77" not in " ".join(text.get_text() for text in figure.select("svg")), kind
        assert bool(figure.select("svg.plot")) == (kind != ChartType.TABLE), kind


def test_a_map_of_one_country_is_its_history(report: CountryReportPage) -> None:
    kinds = [figure.chart.chart_type for figure in panel_figures(report, is_preview=False)]
    assert ChartType.MAP not in kinds
    assert len(kinds) == len(KINDS)


def test_the_values_to_download_are_those_of_the_moment_in_every_form(
    read: Read, client: Client, report: CountryReportPage
) -> None:
    addresses = {str(link["href"]) for figure in figures(read, report) for link in figure.select("a[download]")}
    (address,) = addresses
    query = parse_qs(urlsplit(address).query)
    assert query["as_of"] == [IMPORTED.isoformat()]
    lines = client.get(address).getvalue().decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[6] for line in lines] == ["10", "20"]


def test_the_chart_of_a_body_is_of_the_present_and_may_be_changed(read: Read, report: CountryReportPage) -> None:
    """What is fixed is the panel."""
    (figure,) = [one for one in read(report.url).select("figure.chart") if not one.find_parent(class_="panel-figure")]
    assert [cell.get_text(strip=True) for cell in figure.select("tbody td")] == ["771", "772", "no value"]
    assert figure.select("[data-choose]")
    assert [link for link in figure.select("a[download]") if "chart.svg" in str(link["href"])]
    assert not [link for link in figure.select("a") if "as_of" in str(link["href"])]


def test_a_figure_tells_of_newer_values_and_leads_to_them(read: Read, report: CountryReportPage) -> None:
    notes = read(report.url).select(".panel-figure .note-attention")
    assert len(notes) == len(KINDS)
    assert {" ".join(note.get_text().split()).partition(" of")[0] for note in notes} == {"2 values"}
    assert {str(link["href"]) for note in notes for link in note.select("a")} == {"/en/indicators/WB.FIXED/?country=KZ"}


def test_figures_of_a_moment_are_not_overdue_where_the_period_has_no_end(read: Read, report: CountryReportPage) -> None:
    """That the source should have newer ones says nothing of a report that keeps what it had."""
    CountryReportPage.objects.filter(pk=report.pk).update(period_end=None)
    page = read(report.url)
    assert page.select(".panel-figure .is-overdue") == []
    assert len(page.select("figure.chart .is-overdue")) == 1  # of the body, which shows the present


def test_a_draft_whose_figures_are_not_fixed_leads_to_pictures(read: Read, report: CountryReportPage) -> None:
    FixedIndicator.objects.all().delete()
    found = figures(read, report)
    assert all(figure.select("[data-choose]") for figure in found)
    pictures = [link for figure in found for link in figure.select("a[download]") if "chart.svg" in str(link["href"])]
    assert len(pictures) == len(KINDS) - 1


def test_where_nothing_was_known_nothing_is_linked(read: Read, report: CountryReportPage) -> None:
    FixedIndicator.objects.update(as_of=None)
    for figure in figures(read, report):
        assert figure.select("svg.plot, table, a[download], [data-choose]") == []
        assert "not covered" in figure.get_text()


def test_a_moment_between_two_revisions_shows_what_was_known_then(read: Read, report: CountryReportPage) -> None:
    first = Observation.objects.get(period_start="2021-01-01", valid_to=None)
    assert first.valid_to is None
    second = revise(first, 888)
    moment = second.valid_from
    revise(second, 999, moment + datetime.timedelta(seconds=1))
    FixedIndicator.objects.update(as_of=moment)
    assert {figure.select("tbody td")[0].get_text(strip=True) for figure in figures(read, report)} == {"888"}


def test_the_moment_is_the_last_one_at_which_a_value_was_known(report: CountryReportPage) -> None:
    """A row is closed at the moment at which the next one begins: only one of them is known then."""
    second = Observation.objects.get(period_start="2021-01-01", valid_to=None)
    for moment, value in [
        (second.valid_from, 771),
        (second.valid_from - datetime.timedelta(microseconds=1), 10),
        (IMPORTED, 10),
    ]:
        FixedIndicator.objects.update(as_of=moment)
        (indicator,) = Indicator.objects.filter(code="WB.FIXED")
        fixed = {indicator.pk: FixedIndicator.objects.get()}
        shown = histories(report, [indicator.pk], fixed).shown[indicator.pk]
        assert shown[0].value == value
        assert [point.day.month for point in shown] == [1, 2, 3]


# What counts as newer


def state(report: CountryReportPage, as_of: datetime.datetime | None = IMPORTED) -> tuple[Indicator, Any]:
    indicator = Indicator.objects.get(code="WB.FIXED")
    fixed = FixedIndicator(report=report.translation_key, indicator=indicator, as_of=as_of, fixed_at=timezone.now())
    return indicator, histories(report, [indicator.pk], {indicator.pk: fixed})


def test_another_status_of_the_same_value_is_news(report: CountryReportPage) -> None:
    current = Observation.objects.get(period_start="2021-02-01", valid_to=None)
    Observation.objects.filter(pk=current.pk).update(value=20, status=ObservationStatus.PROVISIONAL)
    indicator, found = state(report)
    assert count_newer(report, indicator, found) == 2
    Observation.objects.filter(pk=current.pk).update(status=ObservationStatus.NORMAL)
    indicator, found = state(report)
    assert count_newer(report, indicator, found) == 1


@pytest.mark.parametrize(
    ("start", "end", "newer"),
    [
        (None, None, 3),
        ("2021-01-01", "2021-12-31", 2),
        ("2021-01-31", "2021-01-31", 1),
        ("2021-02-15", None, 2),
        (None, "2021-01-31", 1),
        ("2021-03-01", "2021-12-31", 0),
        ("2030-01-01", None, 0),
    ],
)
def test_news_is_what_changed_within_the_reporting_period(
    report: CountryReportPage, start: str | None, end: str | None, newer: int
) -> None:
    observe(Indicator.objects.get(code="WB.FIXED"), make_country("KZ"), {"2022-01-01": 1}, timezone.now())
    first, last = (datetime.date.fromisoformat(text) if text else None for text in (start, end))
    CountryReportPage.objects.filter(pk=report.pk).update(period_start=first, period_end=last)
    page = CountryReportPage.objects.get(pk=report.pk)
    indicator, found = state(page)
    assert count_newer(page, indicator, found) == newer


def test_a_period_that_was_left_out_and_now_has_no_value_is_no_news(report: CountryReportPage) -> None:
    observe(Indicator.objects.get(code="WB.FIXED"), make_country("KZ"), {"2021-04-01": None}, timezone.now())
    indicator, found = state(report)
    assert count_newer(report, indicator, found) == 2


def test_national_figures_and_other_countries_are_no_news(report: CountryReportPage) -> None:
    indicator = Indicator.objects.get(code="WB.FIXED")
    observe(indicator, make_country("KZ"), {"2021-05-01": 5}, timezone.now(), origin="national")
    observe(indicator, make_country("GE"), {"2021-05-01": 5}, timezone.now())
    indicator, found = state(report)
    assert count_newer(report, indicator, found) == 2
    assert max(point.day.month for point in found.newest[indicator.pk]) == 3


def test_all_that_is_known_is_news_where_nothing_was(report: CountryReportPage) -> None:
    indicator, found = state(report, as_of=None)
    assert found.shown == {}
    assert count_newer(report, indicator, found) == 2  # the third period has no value now either


def test_a_panel_asks_for_its_figures_in_two_queries(report: CountryReportPage) -> None:
    page = CountryReportPage.objects.get(pk=report.pk)
    with CaptureQueriesContext(connection) as queries:
        found = panel_figures(page, is_preview=False)
    tables = ("reports_fixedindicator", "reports_observation")
    assert [sum(f'FROM "{table}"' in query["sql"] for query in queries) for table in tables] == [1, 1]
    assert [figure.newer for figure in found] == [2] * len(KINDS)
    assert {figure.as_of for figure in found} == {IMPORTED}


# Without a page


@pytest.mark.parametrize(
    ("as_of", "moment"), [(IMPORTED, IMPORTED), (None, BEFORE_ALL)], ids=["something known", "nothing known"]
)
def test_the_moment_of_a_fixed_figure_is_never_empty(
    as_of: datetime.datetime | None, moment: datetime.datetime
) -> None:
    fixed = FixedIndicator(as_of=as_of, fixed_at=timezone.now())
    assert known_at(fixed) == moment
    chart = charts.Chart(Indicator(), [], charts.Form())
    assert PanelFigure(chart, fixed).as_of == moment
    assert (known_at(None), PanelFigure(chart).as_of) == (None, None)


@pytest.mark.parametrize(
    ("frequency", "first", "second", "between"),
    [
        ("A", "2019-01-01", "2022-01-01", ["2020-01-01", "2021-01-01"]),
        ("Q", "2021-01-01", "2021-07-01", ["2021-04-01"]),
        ("M", "2021-01-01", "2021-02-01", []),
        ("W", "2020-12-28", "2021-01-11", ["2021-01-04"]),
        ("D", "2021-02-27", "2021-03-02", ["2021-02-28", "2021-03-01"]),
    ],
)
def test_periods_that_a_source_leaves_out_are_there_without_a_value(
    frequency: str, first: str, second: str, between: list[str]
) -> None:
    points: list[Point] = []
    for day in (first, second):
        append(points, Point(datetime.date.fromisoformat(day), Decimal(1)), frequency)
    left_out = [point for point in points if point.value is None]
    assert [point.day.isoformat() for point in left_out] == between
    assert {point.status for point in left_out} <= {ObservationStatus.MISSING}
    assert len(points) == 2 + len(between)


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_addresses_of_fixed_figures_are_of_the_language_of_the_report(report: CountryReportPage, language: str) -> None:
    """A reader of another language may ask the API for it."""
    with translation.override(language):
        (first, *_others) = report.indicator_panel.all()
        url = first.figures["url"]
    assert url.startswith("http://testserver/en/data/WB.FIXED.json?country=KZ&as_of=2022-03-01")
