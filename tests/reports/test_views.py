"""Downloads: what is in the file, in which form, and what becomes of bad parameters."""

from __future__ import annotations

import csv
import datetime
import io
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from reports.choices import ObservationStatus
from reports.downloads.csv_files import COLUMNS
from reports.downloads.notation import sdmx_period
from reports.models import Observation
from tests.factories.statistics import make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from reports.models import Indicator

ADDRESS = "/en/data/OXCGRT.STRINGENCY.csv"


@pytest.fixture
def indicator(db: None) -> Indicator:
    found = make_indicator(decimals=1)
    observe(found, make_country("KZ"), {"2021-01-01": 10, "2021-02-01": 0, "2021-03-01": None})
    observe(found, make_country("GE"), {"2021-02-01": 12.345678})
    return found


def rows(client: Client, address: str = ADDRESS) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_a_row_says_all_that_belongs_to_a_figure(client: Client, indicator: Indicator) -> None:
    first = rows(client)[0]
    assert list(first) == COLUMNS
    assert first == {
        "indicator_code": "OXCGRT.STRINGENCY",
        "indicator": "Stringency",
        "country_code": "GE",
        "country": "Georgia",
        "period": "2021-02",
        "frequency": "M",
        "value": "12.345678",
        "unit": "points",
        "status": "A",
        "attribution": "Hale et al. (2021), Oxford COVID-19 Government Response Tracker",
        "licence": "CC-BY-4.0",
        "origin": "international",
        "scope": "",
        "note": "",
        "known_since": "2022-03-01T12:00:00+00:00",
    }


def test_no_value_is_empty_and_zero_is_zero(client: Client, indicator: Indicator) -> None:
    found = {row["period"]: (row["value"], row["status"]) for row in rows(client, f"{ADDRESS}?country=KZ")}
    assert found == {"2021-01": ("10", "A"), "2021-02": ("0", "A"), "2021-03": ("", "M")}


def test_names_are_in_the_language_of_the_address(client: Client, indicator: Indicator) -> None:
    assert {row["country"] for row in rows(client, ADDRESS.replace("/en/", "/ru/"))} == {"Грузия", "Казахстан"}


def test_the_file_is_a_download_that_spreadsheets_read_as_unicode(client: Client, indicator: Indicator) -> None:
    response = client.get(ADDRESS)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="OXCGRT.STRINGENCY.csv"'
    assert response.getvalue().startswith("\ufeff".encode())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("country=KZ", ["KZ 2021-01", "KZ 2021-02", "KZ 2021-03"]),
        ("country=kz&country=GE&from=2021-02-01", ["GE 2021-02", "KZ 2021-02", "KZ 2021-03"]),
        ("to=2021-01-31", ["KZ 2021-01"]),
        ("from=2021-02-01&to=2021-02-28", ["GE 2021-02", "KZ 2021-02"]),
        ("from=2030-01-01", []),
        ("from=2021-03-01&to=2021-01-01", []),
        ("from=&to=", ["GE 2021-02", "KZ 2021-01", "KZ 2021-02", "KZ 2021-03"]),
        ("country=UZ", []),
    ],
)
def test_parameters_narrow_the_file(client: Client, indicator: Indicator, query: str, expected: list[str]) -> None:
    make_country("UZ")
    found = rows(client, f"{ADDRESS}?{query}")
    assert [f"{row['country_code']} {row['period']}" for row in found] == expected


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("country=XX", "“country” must be a code of ISO 3166-1 such as KZ; this is none: XX"),
        ("country=", "“country”"),
        ("country=KZ&country=%00", "“country”"),
        ("country=%D0%9A%D0%97", "КЗ"),
        ("country=" + "K" * 5000, "“country”"),
        ("from=yesterday", "“from” must be a date such as 2020-01-31; this is none: yesterday"),
        ("to=2021-13-01", "“to” must be a date"),
        ("to=0000-00-00", "“to”"),
        ("from=2021-02-30%00", "“from”"),
        ("from=99999999999-01-01", "“from”"),
        ("as_of=lately", "“as_of” must be a day or a moment such as 2020-01-31T12:00Z; this is none: lately"),
        ("as_of=2021-01-01T25:00", "“as_of” must be a day or a moment"),
        ("as_of=9999-12-31", "“as_of” must not lie in the future"),
        ("as_of=0001-01-01T00:00%2B14:00", "“as_of” must be a day or a moment"),
        ("origin=mine", "“origin” must be one of international, national, all; this is none: mine"),
    ],
)
def test_a_bad_parameter_is_answered_with_a_sentence(
    client: Client, indicator: Indicator, query: str, words: str
) -> None:
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert words in response.content.decode()


@pytest.mark.parametrize("code", ["NO.SUCH", "oxcgrt.stringency", "%00", "../../etc/passwd", "x" * 500])
def test_an_unknown_indicator_is_not_found(client: Client, indicator: Indicator, code: str) -> None:
    assert client.get(f"/en/data/{code}.csv").status_code == 404


def test_a_code_with_unusual_letters_has_a_download(client: Client, db: None) -> None:
    observe(make_indicator("NATIONAL/Ä 1", labels={"en": "Odd"}), make_country("KZ"), {"2021-01-01": 1})
    assert [row["value"] for row in rows(client, "/en/data/NATIONAL/Ä 1.csv")] == ["1"]


def test_only_reading_is_possible(client: Client, indicator: Indicator) -> None:
    assert client.post(ADDRESS).status_code == 405


def test_only_current_values_are_in_the_file(client: Client, indicator: Indicator) -> None:
    revise(Observation.objects.get(country__code="GE"), 99)
    assert [row["value"] for row in rows(client, f"{ADDRESS}?country=GE")] == ["99"]


def test_the_status_of_a_value_stays_with_it(client: Client, indicator: Indicator) -> None:
    Observation.objects.filter(country__code="GE").update(status=ObservationStatus.ESTIMATED)
    assert [row["status"] for row in rows(client, f"{ADDRESS}?country=GE")] == ["E"]


def test_more_rows_take_no_more_queries(
    client: Client, indicator: Indicator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("UZ", "AM", "AZ", "MD"):
        observe(indicator, make_country(code), {f"20{year}-01-01": year for year in range(10, 21)})
    with django_assert_max_num_queries(5):
        assert len(rows(client)) > 40


@pytest.mark.parametrize(
    ("day", "frequency", "expected"),
    [
        ("2021-01-01", "A", "2021"),
        ("2021-07-01", "Q", "2021-Q3"),
        ("2021-12-01", "Q", "2021-Q4"),
        ("2021-02-01", "M", "2021-02"),
        ("2021-01-01", "W", "2020-W53"),
        ("2021-02-03", "D", "2021-02-03"),
    ],
)
def test_periods_are_written_as_sdmx_does(day: str, frequency: str, expected: str) -> None:
    with translation.override("ru"):
        assert sdmx_period(datetime.date.fromisoformat(day), frequency) == expected
