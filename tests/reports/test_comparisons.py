"""What readers of an indicator's page choose, and what becomes of choices that mean nothing."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict

from reports.comparisons import COUNTRIES_AT_FIRST, MAX_COUNTRIES, Comparison
from taxonomy.models import Membership
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from reports.models import Indicator

CODES = ["AM", "AZ", "GE", "KG", "KZ", "MD", "TJ", "TM", "UZ", "BY"]


@pytest.fixture
def indicator(db: None) -> Indicator:
    return make_indicator(decimals=0)


def fill(indicator: Indicator, codes: list[str]) -> None:
    for number, code in enumerate(codes):
        observe(indicator, make_country(code), {f"2021-{number + 1:02}-01": (number * 7) % 5})


def join(code: str, since: str, until: str | None = None) -> None:
    dates = {
        "since": datetime.date.fromisoformat(since),
        "until": datetime.date.fromisoformat(until) if until else None,
    }
    Membership.objects.create(country=make_country(code), role="participant", **dates)


def codes(comparison: Comparison) -> list[str]:
    return [country.code for country in comparison.chosen]


def compare(indicator: Indicator, query: str = "") -> Comparison:
    return Comparison(indicator, QueryDict(query))


def test_the_oldest_members_are_shown_at_first(indicator: Indicator) -> None:
    fill(indicator, CODES)
    for number, code in enumerate(CODES[1:]):
        join(code, f"20{20 - number}-01-01")
    join("AM", "2001-01-01", until="2010-01-01")
    assert codes(compare(indicator)) == ["BY", "UZ", "TM", "TJ", "MD"]
    assert len(codes(compare(indicator))) == COUNTRIES_AT_FIRST


def test_without_members_the_first_countries_are_shown(indicator: Indicator) -> None:
    fill(indicator, ["KZ", "GE"])
    assert codes(compare(indicator)) == ["GE", "KZ"]


def test_one_country_is_shown_at_first_where_comparison_is_not_possible(db: None) -> None:
    indicator = make_indicator("NATIONAL.X", is_comparable=False)
    fill(indicator, ["KZ", "GE"])
    assert codes(compare(indicator)) == ["GE"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("country=KZ&country=GE", ["KZ", "GE"]),
        ("country=ge&country=GE", ["GE"]),
        ("country=UZ", ["UZ"]),
        ("country=XX", ["GE", "KZ"]),
        ("country=", ["GE", "KZ"]),
        ("country=%00", ["GE", "KZ"]),
        ("country=%D0%9A%D0%97&country=KZ", ["KZ"]),
        ("country='%20OR%201=1", ["GE", "KZ"]),
    ],
)
def test_the_reader_chooses_countries_and_nonsense_is_ignored(
    indicator: Indicator, query: str, expected: list[str]
) -> None:
    fill(indicator, ["KZ", "GE"])
    make_country("UZ")
    assert codes(compare(indicator, query)) == expected


def test_a_chosen_country_that_is_not_covered_is_named_as_such(indicator: Indicator) -> None:
    fill(indicator, ["KZ"])
    make_country("UZ")
    chart = compare(indicator, "country=KZ&country=UZ").chart
    assert chart is not None
    assert [series.country.code for series in chart.not_covered] == ["UZ"]


def test_a_chart_holds_only_so_many_countries(indicator: Indicator) -> None:
    fill(indicator, CODES)
    comparison = compare(indicator, "&".join(f"country={code}" for code in CODES))
    assert codes(comparison) == CODES[:MAX_COUNTRIES]
    assert comparison.has_too_many
    assert not compare(indicator, "country=KZ").has_too_many


def test_choices_tell_members_from_others_and_what_is_chosen(indicator: Indicator) -> None:
    fill(indicator, ["KZ", "GE", "FR"])
    join("KZ", "2013-03-15")
    join("UZ", "2013-03-15")
    comparison = compare(indicator, "country=FR")
    assert [(choice.country.code, choice.is_chosen) for choice in comparison.members] == [("KZ", False)]
    assert [(choice.country.code, choice.is_chosen) for choice in comparison.others] == [("FR", True), ("GE", False)]
    assert [country.code for country in comparison.members_not_covered] == ["UZ"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["GE", "KZ", "UZ", "AM"]),
        ("country", ["GE", "KZ", "UZ", "AM"]),
        ("-country", ["AM", "UZ", "KZ", "GE"]),
        ("value", ["UZ", "KZ", "GE", "AM"]),
        ("-value", ["GE", "KZ", "UZ", "AM"]),
        ("-period", ["KZ", "UZ", "GE", "AM"]),
        ("note", ["GE", "KZ", "UZ", "AM"]),
        ("--value", ["GE", "KZ", "UZ", "AM"]),
    ],
)
def test_the_table_is_sorted_with_missing_values_last(indicator: Indicator, sort: str, expected: list[str]) -> None:
    observe(indicator, make_country("GE"), {"2021-01-01": 9})
    observe(indicator, make_country("KZ"), {"2021-03-01": 0})
    observe(indicator, make_country("UZ"), {"2021-02-01": -1})
    observe(indicator, make_country("AM", labels={"en": "Zarmenia"}), {"2021-04-01": None})
    assert [row.country.code for row in compare(indicator, f"sort={sort}").rows] == expected


def test_sort_links_keep_the_countries_and_turn_the_order_round(indicator: Indicator) -> None:
    fill(indicator, ["KZ"])
    columns = {column.name: column for column in compare(indicator, "country=KZ&sort=-value").columns}
    assert {name: column.order for name, column in columns.items()} == {
        "country": "",
        "value": "descending",
        "period": "",
    }
    assert columns["value"].url == "?country=KZ&sort=value#values"
    assert columns["country"].url == "?country=KZ&sort=country#values"
    assert columns["period"].url == "?country=KZ&sort=-period#values"


def test_what_cannot_be_compared_cannot_be_ranked(db: None) -> None:
    indicator = make_indicator("NATIONAL.X", is_comparable=False)
    fill(indicator, ["KZ", "GE"])
    comparison = compare(indicator, "sort=-value")
    assert comparison.sort == "country"
    assert [column.url for column in comparison.columns if column.name == "value"] == [""]


def test_without_any_value_there_is_nothing_to_choose(indicator: Indicator) -> None:
    comparison = compare(indicator, "country=KZ")
    assert comparison.chart is None
    assert comparison.rows == []


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("", (None, None, "line")),
        ("from=2021-02-01", ("2021-02-01", None, "line")),
        ("from=2021-02-01&to=2021-03-01&chart=bar", ("2021-02-01", "2021-03-01", "bar")),
        ("from=2021-03-01&to=2021-02-01", (None, None, "line")),
        ("from=1799-12-31&to=2201-01-01", (None, None, "line")),
        ("from=&to=tomorrow&chart=pie", (None, None, "line")),
    ],
)
def test_time_and_form_are_those_asked_for_where_they_make_sense(
    db: None, query: str, form: tuple[str | None, str | None, str]
) -> None:
    found = Comparison(make_indicator(), QueryDict(query)).form
    start, end = (day.isoformat() if day else None for day in (found.start, found.end))
    assert (start, end, found.chart_type) == form


def test_small_multiples_are_offered_for_what_can_be_compared(db: None) -> None:
    one, other = make_indicator("X.ONE"), make_indicator("X.OTHER", is_comparable=False)
    offered = [{str(kind) for kind in Comparison(row, QueryDict()).chart_types} for row in (one, other)]
    assert offered == [{"line", "bar", "multiples", "table"}, {"line", "bar", "table"}]


def test_a_map_of_all_countries_needs_no_choice(db: None) -> None:
    found = make_indicator()
    for code in ("KZ", "GE", "UZ", "MN", "TJ", "KG", "AM", "AZ", "MD"):
        observe(found, make_country(code), {"2021-01-01": 1})
    everywhere, chosen = (Comparison(found, QueryDict(query)).chart for query in ("chart=map", "chart=map&country=KZ"))
    assert everywhere
    assert chosen
    assert (len(everywhere.series), len(chosen.series)) == (9, 1)
