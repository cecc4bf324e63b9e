"""The other forms of a download, what is said about the figures, what was known when, and whose figures they are."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from reports.choices import Origin, ScaleType
from reports.downloads.csv_files import csv_parts
from reports.downloads.csvw import csvw
from reports.downloads.json_files import json_parts
from reports.downloads.metadata import facts
from reports.downloads.rows import BATCH, Row
from reports.downloads.selection import Selection
from reports.downloads.workbooks import SHEET_COLUMNS
from reports.models import ImportRun, IndicatorValueLabel, Observation
from tests.factories.statistics import IMPORTED, make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from reports.models import Indicator

DATA = "/en/data/OXCGRT.STRINGENCY"
REVISED = datetime.datetime(2022, 6, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture
def indicator(db: None) -> Indicator:
    """Two values for Kazakhstan, of which one was revised, none for one month, and a figure of its own."""
    found = make_indicator(decimals=1, source_url="https://statistics.example.org/series")
    kazakhstan = make_country("KZ")
    first, *_others = observe(found, kazakhstan, {"2021-01-01": 10, "2021-02-01": 0, "2021-03-01": None})
    revise(first, 12, REVISED)
    observe(found, kazakhstan, {"2021-02-01": 7.5}, origin=Origin.NATIONAL, note="=HYPERLINK(1)")
    return found


def lines(client: Client, query: str) -> list[tuple[str, str, str]]:
    text = client.get(f"{DATA}.csv?{query}").getvalue().decode("utf-8-sig")
    return [(row["period"], row["value"], row["origin"]) for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize(
    ("as_of", "january"),
    [
        ("2022-02-28", []),
        ("2022-03-01", ["10"]),
        ("2022-03-01T11:59", []),
        ("2022-03-01T13:00%2B01:00", ["10"]),
        ("2022-05-31", ["10"]),
        ("2022-06-01T08:59:59Z", ["10"]),
        ("2022-06-01T09:00:00Z", ["12"]),
        ("2022-06-01", ["12"]),
        ("", ["12"]),
    ],
)
def test_what_was_known_on_a_day_can_be_asked_for(
    client: Client, indicator: Indicator, as_of: str, january: list[str]
) -> None:
    found = lines(client, f"as_of={as_of}")
    assert [value for period, value, _origin in found if period == "2021-01"] == january


def test_national_figures_come_where_they_are_asked_for(client: Client, indicator: Indicator) -> None:
    own = ("2021-02", "7.5", "national")
    assert own not in lines(client, "origin=international")
    assert lines(client, "origin=national") == [own]
    both = lines(client, "origin=all")
    assert both[1:3] == [("2021-02", "0", "international"), own]
    assert len(both) == 4


def test_a_note_that_looks_like_a_formula_is_none(client: Client, indicator: Indicator) -> None:
    text = client.get(f"{DATA}.csv?origin=national").getvalue().decode("utf-8-sig")
    assert [row["note"] for row in csv.DictReader(io.StringIO(text))] == ["'=HYPERLINK(1)"]
    book = load_workbook(io.BytesIO(client.get(f"{DATA}.xlsx?origin=national").getvalue()))
    cell = book.worksheets[0]["H2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_json_has_the_figures_and_what_has_to_be_known_of_them(client: Client, indicator: Indicator) -> None:
    response = client.get(f"{DATA}.json?as_of=2022-04-01&country=KZ")
    assert response["Content-Type"] == "application/json; charset=utf-8"
    found = json.loads(response.getvalue())
    assert [(row["period"], row["value"], row["status"]) for row in found["values"]] == [
        ("2021-01", "10", "A"),
        ("2021-02", "0", "A"),
        ("2021-03", None, "M"),
    ]
    known = found["indicator"]
    assert (known["code"], known["licence"]["code"]) == ("OXCGRT.STRINGENCY", "CC-BY-4.0")
    assert known["as_of"] == "2022-04-01T23:59:59.999Z"
    assert known["coverage"] == {
        "countries": 1,
        "first_period": "2021-01-01",
        "last_period": "2021-03-01",
        "rows": 3,
        "values": 2,
        "changed": "2022-03-01T12:00:00Z",
    }
    assert known["csv"].endswith("/en/data/OXCGRT.STRINGENCY.csv?as_of=2022-04-01&country=KZ")


def test_json_without_figures_is_json(client: Client, indicator: Indicator) -> None:
    found = json.loads(client.get(f"{DATA}.json?from=2030-01-01").getvalue())
    assert (found["values"], found["indicator"]["coverage"]["rows"]) == ([], 0)


def test_the_csv_file_names_its_description(client: Client, indicator: Indicator) -> None:
    link = client.get(f"{DATA}.csv?country=KZ&origin=all")["Link"]
    address, relation, kind = link.split("; ")
    assert (relation, kind) == ('rel="describedby"', 'type="application/csvm+json"')
    response = client.get(address.strip("<>"))
    found = response.json()
    assert response["Content-Type"] == "application/csvm+json"
    assert found["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    assert found["url"] == address.strip("<>").replace(".csv-metadata.json", ".csv")
    header = client.get(f"{DATA}.csv").getvalue().decode("utf-8-sig").splitlines()[0].split(",")
    assert [column["name"] for column in found["tableSchema"]["columns"]] == header
    assert set(found["tableSchema"]["primaryKey"]) <= set(header)
    assert found["dc:rights"] == "Hale et al. (2021), Oxford COVID-19 Government Response Tracker"
    assert found["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}


def test_the_description_explains_codes_and_names_the_files(indicator: Indicator) -> None:
    run = ImportRun.objects.create(file_name="stringency.csv", sha256="a" * 64, profile="oxcgrt")
    Observation.objects.filter(valid_to=None, origin=Origin.INTERNATIONAL, value=12).update(import_run=run)
    indicator.scale_type = ScaleType.ORDINAL
    IndicatorValueLabel.objects.create(indicator=indicator, value=0, language="en", label="No measures")
    (notes,) = csvw(Selection(indicator), "https://example.org/x.csv")["notes"]
    assert notes["scale"]["values"] == {"0": "No measures"}
    assert notes["statuses"]["M"] == "No value"
    assert notes["scopes"]["1"] == "General"
    (used,) = notes["imports"]
    assert (used["file"], used["sha256"], used["rows"]) == ("stringency.csv", "a" * 64, 1)


def test_a_spreadsheet_has_figures_and_facts(client: Client, indicator: Indicator) -> None:
    response = client.get(f"{DATA}.xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="OXCGRT.STRINGENCY.xlsx"'
    figures, about = load_workbook(io.BytesIO(response.getvalue())).worksheets
    rows = list(figures.values)
    assert list(rows[0]) == SHEET_COLUMNS
    assert [row[2:4] for row in rows[1:]] == [("2021-01", 12), ("2021-02", 0), ("2021-03", None)]
    assert dict(about.values)["licence.code"] == "CC-BY-4.0"


def test_a_spreadsheet_that_would_be_too_long_is_refused_before_it_is_written(
    client: Client, indicator: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.views.MOST_IN_A_SHEET", 2)
    response = client.get(f"{DATA}.xlsx")
    assert response.status_code == 400
    assert "at most 2 rows here, and these are 3" in response.text
    assert client.get(f"{DATA}.xlsx?to=2021-01-31").status_code == 200


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "csv-metadata.json"])
def test_every_form_is_in_the_reader_s_language_and_for_reading_only(
    client: Client, indicator: Indicator, form: str
) -> None:
    assert client.get(f"/kk/data/OXCGRT.STRINGENCY.{form}").status_code == 200
    assert client.post(f"{DATA}.{form}").status_code == 405
    assert client.get(f"/en/data/NO.SUCH.{form}").status_code == 404


def test_facts_take_a_known_number_of_queries(
    indicator: Indicator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    run = ImportRun.objects.create(file_name="x.csv", sha256="a" * 64, profile="oxcgrt")
    Observation.objects.update(import_run=run)
    selection = Selection(indicator)
    facts(selection)
    with django_assert_max_num_queries(12):
        facts(selection)


class Counted:
    """Rows that are made when they are read; `alive` is how many of them were made."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.alive = 0

    def rows(self) -> Iterator[Row]:
        for place in range(self.number):
            self.alive = place + 1
            yield Row("KZ", "Kazakhstan", "2021", "A", None, "M", "international", "", "", IMPORTED)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rows_are_written_while_they_are_read(indicator: Indicator, form: str) -> None:
    """A client that has a first part waits for no more than the next."""
    source = Counted(10 * BATCH)
    parts: Any = {
        "csv": lambda: csv_parts(indicator, source.rows()),
        "json": lambda: json_parts({"code": "x"}, source.rows()),
    }[form]()
    next(parts)
    next(parts)
    assert source.alive <= BATCH
    whole = "".join(parts)
    assert source.alive == 10 * BATCH
    assert whole.count("Kazakhstan") == 9 * BATCH
