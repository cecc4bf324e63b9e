"""Figures, lists and documents of statistics as readers and their programs get them."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import pytest

from reports.choices import ObservationStatus, ScaleType
from reports.models import (
    CountryIndexPage,
    CountryPage,
    IndicatorIndexPage,
    IndicatorValueLabel,
    KeyIndicator,
    MeasureSource,
    MeasureText,
    Observation,
    ReportIndicator,
    ReportMeasure,
    ReportPractice,
    ReportSource,
    SeriesSummary,
)
from taxonomy.models import Membership
from tests.factories.pages import make_adaptation, make_country_page, make_event, make_news, make_practice, make_report
from tests.factories.site import index_page
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import add_labels, make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup, Tag
    from django.test import Client

    from reports.models import Indicator

    Read = Callable[..., BeautifulSoup]

NARRATIVE = [
    {"type": "heading", "value": "How it began", "id": "how-it-began"},
    {"type": "text", "value": "<p>In March.</p>"},
]


def words(element: Tag | None) -> str:
    assert element is not None
    return " ".join(element.get_text(" ").split())


def panel(*indicators: Indicator, **facts: Any) -> list[ReportIndicator]:
    return [ReportIndicator(indicator=indicator, **facts) for indicator in indicators]


def chart_block(indicators: list[Indicator], countries: list[Any], **facts: Any) -> dict[str, Any]:
    value = {"start": None, "end": None, "chart_type": "line", "note": ""} | facts
    value |= {"indicators": [row.pk for row in indicators], "countries": [row.pk for row in countries]}
    return {"type": "indicator_chart", "value": value}


@pytest.fixture
def indicator(db: None) -> Indicator:
    found = make_indicator(decimals=1)
    observe(found, make_country("KZ"), {"2021-01-01": 5, "2021-02-01": 0, "2021-03-01": None, "2021-04-01": 7.5})
    return found


def ordinal(labels: dict[int, str]) -> Indicator:
    found = make_indicator("OXCGRT.C1", scale_type=ScaleType.ORDINAL, decimals=0)
    for value, label in labels.items():
        IndicatorValueLabel.objects.create(indicator=found, value=value, language="en", label=label)
    observe(found, make_country("KZ"), {"2021-01-01": 0, "2021-02-01": 2})
    return found


# Figures


def test_figures_are_numbered_through_narrative_panel_and_measures(read: Read, indicator: Indicator) -> None:
    body = [*NARRATIVE, chart_block([indicator, ordinal({})], [make_country("KZ")])]
    measures = [ReportMeasure(measure=make_measure())]
    page = read(make_report(body=body, indicator_panel=panel(indicator), measures=measures).url)
    figures = page.select("figure.chart")
    assert [figure["id"] for figure in figures] == ["figure-1", "figure-2", "figure-3", "figure-4"]
    assert [words(figure.select_one(".chart-number")) for figure in figures] == [f"Figure {n}" for n in (1, 2, 3, 4)]
    names = [element["id"] for element in page.select("svg [id]")]
    assert len(names) == len(set(names))


def test_a_figure_names_what_where_when_source_licence_and_last_value(read: Read, indicator: Indicator) -> None:
    figure = read(make_report(indicator_panel=panel(indicator, note="Monthly.")).url).select_one("figure.chart")
    text = words(figure)
    for part in (
        "Stringency",
        "Kazakhstan · points · January – April 2021",
        "Monthly.",
        "Source: Hale et al. (2021)",
        "statistics.example.org",
        "Licence: Creative Commons Attribution 4.0",
        "Last value: April 2021",
    ):
        assert part in text.replace("\u2009", " ")
    assert figure is not None
    assert figure.find("a", rel="license", href="https://creativecommons.org/licenses/by/4.0/")


def test_a_drawing_is_described_and_carries_no_style(read: Read, indicator: Indicator) -> None:
    page = read(make_report(indicator_panel=panel(indicator)).url)
    wide, narrow = page.select("figure.chart svg.plot")
    for drawing in (wide, narrow):
        title, description = (page.find(id=name) for name in str(drawing["aria-labelledby"]).split())
        assert words(title) == "Stringency"
        assert "Kazakhstan: from 5.0 (January 2021) to 7.5 (April 2021)" in words(description)
    assert page.select("main [style], main script:not([src])") == []


def test_the_table_tells_zero_no_value_and_status(read: Read, indicator: Indicator) -> None:
    Observation.objects.filter(value=5).update(status=ObservationStatus.PROVISIONAL)
    table = read(make_report(indicator_panel=panel(indicator)).url).select_one("details table.values")
    assert table is not None
    rows = [[words(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")]
    assert rows == [
        ["January 2021", "5.0 (Provisional value)"],
        ["February 2021", "0.0"],
        ["March 2021", "no value"],
        ["April 2021", "7.5"],
    ]
    assert [words(cell) for cell in table.select("td.is-absent")] == ["no value"]


def test_not_covered_is_told_apart_from_no_value(read: Read, indicator: Indicator) -> None:
    observe(indicator, make_country("GE"), {"2020-01-01": 1})
    block = chart_block([indicator], [make_country(code) for code in ("KZ", "GE", "AM")], start="2021-01-01")
    figure = read(make_report(body=[block]).url).select_one("figure.chart")
    assert figure is not None
    notes = [words(note) for note in figure.select(".chart-absence")]
    assert notes[0].startswith("Armenia: not covered – the source has no series")
    assert notes[1].startswith("Georgia: no value – the source has values for this country, but none in the time shown")
    assert notes[2].startswith("Where a line is interrupted")
    assert [words(cell) for cell in figure.select("thead th")] == ["Period", "Kazakhstan", "Georgia", "Armenia"]
    assert words(figure.select_one("td[rowspan]")) == "not covered"


def test_levels_of_an_ordinal_scale_are_explained(read: Read, db: None) -> None:
    found = ordinal({0: "No measures", 1: "Recommended", 2: "Required"})
    figure = read(make_report(indicator_panel=panel(found)).url).select_one("figure.chart")
    assert figure is not None
    assert [words(row) for row in figure.select("dl.levels > div")] == ["0 No measures", "1 Recommended", "2 Required"]
    assert [words(cell) for cell in figure.select("tbody td")] == ["0 – No measures", "2 – Required"]


def test_countries_that_cannot_be_compared_are_not_and_the_reason_is_given(read: Read, db: None) -> None:
    found = make_indicator("NATIONAL.X", is_comparable=False)
    add_labels(found, {"en": "Cases"}, definition="Cases.", attribution="JHU", caveats="Tests differ.")
    observe(found, make_country("KZ"), {"2021-01-01": 1})
    block = chart_block([found], [make_country("KZ"), make_country("AM")])
    figure = read(make_report(body=[block]).url).select_one("figure.chart")
    assert figure is not None
    assert figure.select("svg, table") == []
    assert "must not be compared between countries. Tests differ." in words(figure)
    assert [link["href"] for link in figure.select(".chart-refused a")] == ["/en/indicators/NATIONAL.X/?country=KZ"]
    assert "Armenia: not covered" in words(figure)


def test_a_table_can_stand_in_place_of_the_chart(read: Read, indicator: Indicator) -> None:
    figure = read(make_report(indicator_panel=panel(indicator, chart_type="table")).url).select_one("figure.chart")
    assert figure is not None
    assert figure.select("svg, details") == []
    assert len(figure.select("tbody tr")) == 4


def test_the_download_holds_what_the_figure_shows(read: Read, client: Client, indicator: Indicator) -> None:
    observe(indicator, make_country("GE"), {"2021-01-01": 1})
    block = chart_block([indicator], [make_country("KZ")], start="2021-02-01", end="2021-04-30")
    link = read(make_report(body=[block]).url).select_one("figure.chart a[download]")
    assert link is not None
    assert link["href"] == "/en/data/OXCGRT.STRINGENCY.csv?country=KZ&from=2021-02-01&to=2021-04-01"
    assert client.get(str(link["href"])).getvalue().count(b"\r\n") == 4


def test_a_block_whose_indicator_and_country_are_gone_shows_nothing(read: Read, indicator: Indicator) -> None:
    page = make_report(body=[chart_block([indicator], [make_country("KZ")])])
    SeriesSummary.objects.all().delete()
    Observation.objects.all().delete()
    indicator.delete()
    assert read(page.url).select("figure.chart") == []


def test_names_in_another_language_are_marked(read: Read, indicator: Indicator) -> None:
    make_report(indicator_panel=panel(indicator))
    page = read(CountryPage.objects.get().url.replace("/en/", "/ar/") + "report-2021/")
    title = page.select_one("figure.chart .figure-title")
    assert title is not None
    assert (title["lang"], title["dir"]) == ("en", "ltr")


# Measures


def test_measures_are_listed_with_dates_and_sources_under_their_numbers(read: Read, db: None) -> None:
    first = make_measure(end=datetime.date(2020, 5, 31), bindingness="recommended", legal_act="Decree 17")
    source = {"url": "https://www.gov.example.org/decree", "language": "kk", "date": datetime.date(2020, 3, 14)}
    MeasureSource.objects.create(measure=first, **source)
    MeasureText.objects.filter(measure=first).update(description="All schools of the country.")
    second = make_measure(category="H6", titles={"en": "Masks required"}, end_certainty="unknown")
    rows = [ReportMeasure(measure=second), ReportMeasure(measure=first)]
    figure = read(make_report(measures=rows).url).select_one(".timeline-figure")
    assert figure is not None
    rows_shown = figure.select("table.measures-table tr:has(td)")
    assert [words(row.td) for row in rows_shown] == ["1", "2"]
    assert [words(row.select("td")[-1]) for row in rows_shown] == ["31 May 2020", "not known"]
    text = words(rows_shown[0])
    for part in ("Schools closed", "All schools", "Recommended", "Legal act: Decree 17", "gov.example.org", "Kazakh"):
        assert part in text
    assert rows_shown[0].select_one('a[href="https://www.gov.example.org/decree"]')
    assert [words(key) for key in figure.select(".chart-key li")] == ["end not known", "recommended, not binding"]
    assert "2 measures by category" in words(figure.select_one("svg desc"))


def test_a_timeline_block_without_measures_says_so(read: Read, db: None) -> None:
    block = {"type": "measure_timeline", "value": {"country": make_country("KZ").pk, "start": None, "end": None}}
    page = read(make_report(body=[block]).url)
    assert "No measure is recorded for this country and time: Kazakhstan." in words(page.main)


# Reports


def test_a_report_begins_with_its_period_edition_and_contents(read: Read, indicator: Indicator) -> None:
    page = read(
        make_report(
            body=NARRATIVE,
            edition=2,
            indicator_panel=panel(indicator),
            measures=[ReportMeasure(measure=make_measure())],
            practices=[ReportPractice(practice=make_practice())],
            sources=[ReportSource(title="Yearbook", year=2021)],
        ).url
    )
    assert words(page.select_one(".edition")) == "2021 Edition 2 Ministry of order"
    for contents in page.select(".contents, .contents-short"):
        anchors = [str(link["href"]) for link in contents.select("a")]
        assert anchors == ["#how-it-began", "#figures", "#measures", "#practices", "#sources"]
        assert all(page.find(id=anchor.removeprefix("#")) for anchor in anchors)


def test_a_report_shows_no_heading_without_something_below_it(read: Read, db: None) -> None:
    assert [words(heading) for heading in read(make_report().url).select(".section-head h2")] == ["Share and cite"]


def test_a_report_is_listed_with_its_period_and_edition(read: Read, db: None) -> None:
    make_report(edition=3)
    row = read("/en/reports/").select_one(".rows .row")
    assert words(row).startswith("2021 · Edition 3 Report 2021")


# Countries


def test_sections_of_a_profile_stand_in_their_order(read: Read, db: None) -> None:
    page = make_country_page()
    make_report(page)
    practice, foreign = make_practice(), make_practice(title="Elsewhere", country=make_country("GE"))
    make_adaptation(practice, make_country("GE"))
    make_adaptation(foreign, make_country("KZ"))
    make_measure()
    make_news(country=make_country("KZ"))
    make_event(country=make_country("KZ"))
    headings = [words(heading) for heading in read(page.url).select("main .section-head h2")]
    assert headings == [
        "Country reports",
        "Practices",
        "Measures",
        "Practices adopted from other countries",
        "Practices adopted by other countries",
        "News",
        "Events",
        "Share and cite",
    ]


def test_a_section_leads_to_the_whole_list_of_the_country(read: Read, db: None) -> None:
    page = make_country_page()
    make_practice()
    assert read(page.url).select_one('.section-head a[href="/en/practices/?country=KZ"]')


def test_key_figures_have_value_period_change_history_and_source(read: Read, indicator: Indicator) -> None:
    page = read(make_country_page(key_indicators=[KeyIndicator(indicator=indicator)]).url)
    figure = page.select_one(".key-figure")
    assert figure is not None
    assert words(figure) == "7.5 points Stringency April 2021 · +7.5 since February 2021"
    assert figure.select_one("svg.sparkline")
    assert figure.select_one('a[href="/en/indicators/OXCGRT.STRINGENCY/"]')
    assert "Sources: Hale et al. (2021)" in words(page.main)


def test_a_country_in_the_list_says_what_it_has_and_since_when_it_belongs(read: Read, db: None) -> None:
    country = make_country("KZ")
    Membership.objects.create(country=country, role="founder", since=datetime.date(2013, 3, 15))
    make_report(make_country_page())
    for title in ("One", "Two"):
        make_practice(title=title, slug=title.lower())
    entry = read(index_page(CountryIndexPage).url).select_one(".country")
    assert words(entry) == "Kazakhstan Founder since 2013 Practices: 2 Country reports: 1"
    assert not re.search(r"\bKZ\b", words(entry))


def test_an_empty_list_of_countries_says_so(read: Read, db: None) -> None:
    assert "No country has a profile yet." in words(read(index_page(CountryIndexPage).url).main)


# Indicators


def test_indicators_stand_by_theme_or_by_source(read: Read, indicator: Indicator) -> None:
    make_indicator("WB.POP", labels={"en": "Population"}, theme=make_theme("digital"))
    address = index_page(IndicatorIndexPage).url
    groups = {words(group.h2): words(group.ul) for group in read(address).select(".indicators-group") if group.h2}
    assert list(groups) == ["Digital", "Without a theme"]
    assert groups["Digital"] == "Population points no value University of Oxford"
    assert "1 country January 2021 – April 2021" in groups["Without a theme"]
    by_source = read(address, by="source").select(".indicators-group")
    assert [words(group.h2) for group in by_source] == ["University of Oxford"]


def test_an_indicator_shows_the_chosen_countries_without_a_script(read: Read, indicator: Indicator) -> None:
    observe(indicator, make_country("GE"), {"2021-01-01": 1})
    page = read("/en/indicators/OXCGRT.STRINGENCY/", country=["GE"])
    assert words(page.select_one(".chart-scope")).startswith("Georgia ·")
    form = page.select_one(".country-choice form")
    assert form is not None
    assert (form["method"], form["action"]) == ("get", "/en/indicators/OXCGRT.STRINGENCY/")
    assert [box["value"] for box in form.select("input[type=checkbox][checked]")] == ["GE"]


def test_too_many_countries_are_cut_off_and_told(read: Read, indicator: Indicator) -> None:
    codes = ["AM", "AZ", "BY", "CN", "EE", "GE", "JP", "KG", "LT"]
    for code in codes:
        observe(indicator, make_country(code), {"2021-01-01": 1})
    page = read("/en/indicators/OXCGRT.STRINGENCY/", country=codes)
    assert "A chart holds at most 8 countries" in words(page.main)


def test_the_latest_values_are_sorted_by_links_and_lead_to_profiles(read: Read, indicator: Indicator) -> None:
    observe(indicator, make_country("GE"), {"2021-01-01": 9})
    make_country_page()
    page = read("/en/indicators/OXCGRT.STRINGENCY/", sort="-value")
    table = page.select("[aria-labelledby=values] table.values")[0]
    assert [words(cell) for cell in table.select("tbody th")] == ["Georgia", "Kazakhstan"]
    assert [words(cell) for cell in table.select('th[aria-sort="descending"]')] == ["points"]
    assert [link["href"] for link in table.select("tbody a")] == ["/en/countries/kazakhstan/"]


def test_members_without_a_series_are_named_below_the_latest_values(read: Read, indicator: Indicator) -> None:
    Membership.objects.create(country=make_country("UZ"), role="founder", since=datetime.date(2013, 3, 15))
    assert "Uzbekistan: not covered" in words(read("/en/indicators/OXCGRT.STRINGENCY/").main)


def test_an_indicator_is_cited_with_its_own_address(read: Read, indicator: Indicator) -> None:
    page = read("/en/indicators/OXCGRT.STRINGENCY/")
    assert words(page.find(id="citation")).endswith("http://testserver/en/indicators/OXCGRT.STRINGENCY/")
    assert page.title is not None
    assert words(page.title).startswith("Stringency – ")


def test_an_indicator_with_a_dot_in_its_code_is_found_in_every_language(client: Client, indicator: Indicator) -> None:
    for language in ("en", "ru", "kk", "ar"):
        assert client.get(f"/{language}/indicators/OXCGRT.STRINGENCY/").status_code == 200
