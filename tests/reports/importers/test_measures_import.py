"""Measures from the CCCSL list: what becomes of a row, and of a record that people have edited since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reports.choices import CCCSL_CROSSWALK, MeasureCategory, RejectReason
from reports.importers.errors import RefusedFileError
from reports.importers.profiles.cccsl import categories, category_of
from reports.models import Measure, MeasureText
from tests.factories.statistics import make_measure
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

pytestmark = pytest.mark.django_db
HEADER = "id,Country,iso3,Region,Date,Measure_L1,Measure_L2,Measure_L3,Measure_L4,Comment,Source"
SCHOOLS = "Social distancing,Closure of educational institutions,Complete closure,Kindergartens"
ROW = f"7,Austria,AUT,Austria,2020-03-16,{SCHOOLS},“Until Easter”,https://example.org/a https://example.org/b"


@pytest.fixture
def bring(take: Take, write: Write) -> Callable[..., FileReport]:
    def bring_rows(*rows: str) -> FileReport:
        (report,) = take("cccsl", write("measures.csv", HEADER, *rows, encoding="cp1252"))
        return report

    return bring_rows


def test_a_row_becomes_a_measure(bring: Callable[..., FileReport]) -> None:
    report = bring(ROW)
    assert (report.added, report.rejected) == (1, 0)
    measure = Measure.objects.get()
    assert (measure.country.code, measure.category, measure.start.isoformat()) == ("AT", "C1", "2020-03-16")
    assert (measure.level, measure.geographic_scope, measure.end, measure.end_certainty) == (
        "national",
        "",
        None,
        "unknown",
    )
    text = measure.texts.get()
    assert (text.language, text.title) == ("en", "Closure of educational institutions: Complete closure")
    assert text.description == "Kindergartens\n“Until Easter”"
    assert [source.url for source in measure.sources.order_by("pk")] == [
        "https://example.org/a",
        "https://example.org/b",
    ]


def test_a_part_of_a_country_is_named(bring: Callable[..., FileReport]) -> None:
    bring(ROW.replace("AUT,Austria", "AUT,Tyrol"))
    measure = Measure.objects.get()
    assert (measure.level, measure.geographic_scope) == ("regional", "Tyrol")


def test_a_source_without_an_address_is_kept_in_words(bring: Callable[..., FileReport]) -> None:
    bring(ROW.rpartition(",")[0] + ",television")
    measure = Measure.objects.get()
    assert measure.texts.get().description.endswith("\ntelevision")
    assert not measure.sources.exists()


def test_a_revised_row_is_written(bring: Callable[..., FileReport]) -> None:
    bring(ROW)
    report = bring(ROW.replace("2020-03-16", "2020-03-18").replace(" https://example.org/b", ""))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    measure = Measure.objects.get()
    assert measure.start.isoformat() == "2020-03-18"
    assert [source.url for source in measure.sources.all()] == ["https://example.org/a"]
    assert bring(ROW.replace("2020-03-16", "2020-03-18").replace(" https://example.org/b", "")).unchanged == 1


def test_what_somebody_has_edited_is_not_written_over(bring: Callable[..., FileReport]) -> None:
    bring(ROW)
    MeasureText.objects.update(title="Schools and kindergartens closed")
    assert bring(ROW).unchanged == 1
    report = bring(ROW.replace("2020-03-16", "2020-03-18"))
    assert [(one.line, one.column, one.value, one.reason) for one in report.rejects] == [
        (2, "id", "7", RejectReason.EDITED)
    ]
    assert Measure.objects.get().start.isoformat() == "2020-03-16"


def test_measures_of_other_sources_stay(bring: Callable[..., FileReport]) -> None:
    mine = make_measure(make_country("AT"))
    bring(ROW)
    mine.refresh_from_db()
    assert mine.title == "Schools closed"
    assert Measure.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (ROW.replace("AUT", "XYZ"), "iso3", "XYZ", RejectReason.COUNTRY),
        (ROW.replace("2020-03-16", "16.3.2020"), "Date", "16.3.2020", RejectReason.DATE),
        (
            ROW.replace("Closure of educational institutions", "New kind"),
            "Measure_L2",
            "New kind",
            RejectReason.CATEGORY,
        ),
        (ROW.replace("Complete closure", "x" * 230), "Measure_L3", "x" * 100, RejectReason.TEXT),
        (ROW.removeprefix("7"), "id", "", RejectReason.TEXT),
    ],
)
def test_a_bad_row_is_rejected(
    bring: Callable[..., FileReport], row: str, column: str, value: str, reason: RejectReason
) -> None:
    report = bring(row)
    assert [(one.line, one.column, one.value, one.reason) for one in report.rejects] == [(2, column, value, reason)]
    assert not Measure.objects.exists()


def test_kinds_without_a_category_and_ships_are_left_out(bring: Callable[..., FileReport]) -> None:
    rows = [
        ROW.replace(SCHOOLS, "Resource allocation,Emergency laws,,"),
        ROW.replace("7,Austria,AUT,Austria", "8,Diamond Princess,,Diamond Princess"),
    ]
    report = bring(*rows)
    assert report.left_out == {"no-category": 1, "no-place": 1}
    assert (report.rows, report.added, report.rejected) == (2, 0, 0)


def test_a_repeated_number_is_rejected(bring: Callable[..., FileReport]) -> None:
    report = bring(ROW, ROW)
    assert [(one.line, one.reason) for one in report.rejects] == [(3, RejectReason.DUPLICATE)]
    assert report.added == 1


def test_a_file_in_utf8_that_is_declared_as_windows_text_is_noticed(take: Take, write: Write) -> None:
    """Of the bytes of UTF-8 letters, some are no letters of cp1252: those files are refused, whatever the words say."""
    with pytest.raises(RefusedFileError, match="encoding CP1252"):
        take("cccsl", write("measures.csv", HEADER, ROW.replace("Austria", "Área Á", 1)))


def test_the_table_of_kinds_agrees_with_the_crosswalk() -> None:
    """Each category has a counterpart in the taxonomy that leads back to it, if not for all kinds of level 3."""
    table = categories()
    assert len(table) == 82
    assert all(category in table[place].values() for category, place in CCCSL_CROSSWALK.items() if place)


def test_every_kind_is_a_category_or_none_at_all() -> None:
    found = {category for kinds in categories().values() for category in kinds.values()}
    assert found - set(MeasureCategory.values) == {""}


@pytest.mark.parametrize(
    ("second", "third", "expected"),
    [
        ("Quarantine", "All incomings", "C8"),
        ("Quarantine", "Contact persons", ""),
        ("Quarantine", "", ""),
        ("Isolation of cases", "", ""),
        ("Airport health check", "Measure temperature", "C8"),
        ("Unheard of", "", None),
    ],
)
def test_level_3_decides_where_level_2_takes_in_several_kinds(second: str, third: str, expected: str | None) -> None:
    first = "Case identification, contact tracing and related measures"
    assert category_of(first, second, third) == expected
