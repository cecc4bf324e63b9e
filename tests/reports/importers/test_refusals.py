"""What goes with a file, where it is damaged, empty or missing: refused with a sentence, never with a traceback."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from openpyxl import Workbook
from openpyxl.chartsheet import Chartsheet

from reports.choices import RejectReason
from reports.downloads.csv_files import guarded
from reports.importers.errors import RefusedFileError
from reports.importers.files import TextFile
from reports.importers.profiles.base import code_of
from reports.importers.reporting import FileReport, Reject, left_out_in_words, write_rejects
from reports.importers.tables import Table
from reports.models import ImportRun, Indicator, Measure, Observation
from tests.factories.statistics import make_indicator
from tests.reports.importers.test_columns import MEASURE, MEASURES, package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

REFERENCE = "UID,iso2,iso3,Province_State,Country_Region"
JHU = ("Date,Country,Confirmed,Recovered,Deaths", "2020-01-30,Kazakhstan,1,0,0")
CODEBOOK = "column,source,category,description"
OWID = ("iso_code,location,date,total_cases", "KAZ,Kazakhstan,2020-03-13,2")
FLAGS = ",country_code,country_name,31Jan2020"
CLOSING = (FLAGS, "1,KAZ,Kazakhstan,1")
PACKAGE = ("Entity,Year,Deaths", "Albania,2019,1")


class Case(NamedTuple):
    """Files by their names, and the beginning and a part of the sentence with which all of them are refused."""

    profile: str
    files: dict[str, tuple[str, ...]]
    place: str
    sentence: str


CASES = {
    "a look-up table alone": Case("jhu", {"reference.csv": (REFERENCE, "1,KZ,KAZ,,Kazakhstan")}, "", "None of the"),
    "a codebook alone": Case("owid", {"book.csv": (CODEBOOK, "a,b,c,d")}, "", "None of the files holds values"),
    "no files of the tracker": Case("oxcgrt", {}, "", "None of the files holds values"),
    "an empty look-up table": Case("jhu", {"reference.csv": (REFERENCE,), "a.csv": JHU}, "reference.csv", "no rows"),
    "a cut look-up table": Case(
        "jhu",
        {"reference.csv": (REFERENCE, "1,KZ,KAZ,,Kazakhstan", "2,GE"), "a.csv": JHU},
        "reference.csv, line 3",
        "another number of values",
    ),
    "two look-up tables": Case(
        "jhu", {"a.csv": (REFERENCE, "1,KZ,KAZ,,Kazakhstan"), "b.csv": (REFERENCE,)}, "b.csv", "a second file"
    ),
    "an empty codebook": Case("owid", {"book.csv": (CODEBOOK,), "a.csv": OWID}, "book.csv", "no rows"),
    "a codebook with a value more": Case(
        "owid", {"book.csv": (CODEBOOK, "total_cases,a,b,c,d"), "a.csv": OWID}, "book.csv, line 2", "another number"
    ),
    "a codebook with a value less": Case(
        "owid", {"book.csv": (CODEBOOK, "total_cases,a,b"), "a.csv": OWID}, "book.csv, line 2", "another number"
    ),
    "a codebook with an open quotation mark": Case(
        "owid", {"book.csv": (CODEBOOK, 'total_cases,a,b,"c'), "a.csv": OWID}, "book.csv, line 2", "never closed"
    ),
    "a codebook with a quotation mark in a word": Case(
        "owid", {"book.csv": (CODEBOOK, 'total_cases,a"b",c,d'), "a.csv": OWID}, "book.csv, line 2", "may not"
    ),
    "a codebook without a column": Case(
        "owid", {"book.csv": ("column,source,category", "a,b,c"), "a.csv": OWID}, "book.csv, line 1", "is missing"
    ),
    "a codebook of other columns": Case(
        "owid", {"book.csv": (CODEBOOK, "a,b,c,d"), "a.csv": OWID}, "a.csv, line 1", "None of the columns"
    ),
    "a package without fields": Case(
        "owid-package", {"datapackage.json": (package(),), "a.csv": PACKAGE}, "a.csv, line 1", "None of the columns"
    ),
    "a package with two files": Case(
        "owid-package",
        {"datapackage.json": (package("Deaths"),), "a.csv": PACKAGE, "b.csv": PACKAGE},
        "b.csv",
        "a second file",
    ),
    "decimals that are no number": Case(
        "owid-package",
        {
            "datapackage.json": (package({"name": "Deaths", "owidDisplaySettings": {"numDecimalPlaces": "two"}}),),
            "a.csv": PACKAGE,
        },
        "datapackage.json",
        "does not describe a table",
    ),
    "a day zero that is none": Case(
        "owid-package",
        {
            "datapackage.json": (package({"name": "Deaths", "owidDisplaySettings": {"yearIsDay": True}}),),
            "a.csv": PACKAGE,
        },
        "datapackage.json",
        "one day zero",
    ),
    "empty flags": Case("oxcgrt", {"c1_a.csv": CLOSING, "c1_flag.csv": (FLAGS,)}, "c1_flag.csv", "no rows"),
    "flags without days": Case(
        "oxcgrt",
        {"c1_a.csv": CLOSING, "c1_flag.csv": (",country_code,country_name,1/31/2020", "1,KAZ,Kazakhstan,1")},
        "c1_flag.csv, line 1",
        "No column is named after a day",
    ),
    "flags that are cut off": Case(
        "oxcgrt",
        {"c1_a.csv": CLOSING, "c1_flag.csv": (FLAGS, "1,KAZ,Kazakhstan")},
        "c1_flag.csv, line 2",
        "another number of values",
    ),
    "one long line": Case("worldbank", {"gdp.csv": ("x" * 140_000, "y")}, "gdp.csv, line 1", "longer than 128 KB"),
    "one long line among several files": Case(
        "jhu", {"a.csv": ("[" * 140_000, "y")}, "a.csv, line 1", "longer than 128 KB"
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_used_is_refused_with_a_sentence(take: Take, write: Write, name: str) -> None:
    case = CASES[name]
    with pytest.raises(RefusedFileError) as refusal:
        take(case.profile, *[write(file, *lines) for file, lines in case.files.items()])
    assert str(refusal.value).startswith(case.place)
    assert case.sentence in str(refusal.value)
    assert [model.objects.count() for model in (Observation, ImportRun, Indicator)] == [0, 0, 0]


def sheets(*changes: tuple[str, bytes, bytes]) -> bytes:
    """A workbook with one row of figures, of whose parts something was replaced."""
    book, written = Workbook(), io.BytesIO()
    for row in (("indicator", "country", "period", "value", "status", "note"), ("NAT.STAFF", "KZ", 2020, 7)):
        book.active.append(row)
    book.save(written)
    target = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w") as archive:
        for part in source.namelist():
            content = source.read(part)
            for name, old, new in changes:
                assert part != name or old in content
                content = content.replace(old, new) if part == name else content
            archive.writestr(part, content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def only_a_chart() -> bytes:
    book, target = Workbook(), io.BytesIO()
    book.remove(book.active)
    book._add_sheet(Chartsheet(parent=book))
    book.save(target)
    return target.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (sheets((SHEET, b"</sheetData>", b"")), "damaged"),
        (sheets((SHEET, b'r="A2"', b'r="?"')), "damaged"),
        (sheets(("[Content_Types].xml", b"<Types", b"<Typos")), "damaged"),
        (
            sheets((SHEET, b'<row r="2"', b'<raw r="2"'), (SHEET, b"</row></sheet", b"</raw></sheet")),
            "no rows",
        ),
        (only_a_chart(), "damaged"),
    ],
    ids=["cut off", "an address that is none", "no types", "no rows", "no sheet"],
)
def test_a_sheet_that_turns_out_to_be_damaged_is_refused(
    take: Take, tmp_path: Path, content: bytes, sentence: str
) -> None:
    make_indicator("NAT.STAFF", frequency="A")
    path = tmp_path / "figures.xlsx"
    path.write_bytes(content)
    with pytest.raises(RefusedFileError, match=rf"figures\.xlsx.*{sentence}"):
        take("template", path)
    assert not Observation.objects.exists()


@pytest.mark.django_db
class TestPackages:
    @pytest.mark.parametrize(
        ("settings", "decimals"),
        [
            *(({}, 2), ({"numDecimalPlaces": None}, 2), ({"numDecimalPlaces": 0}, 0), ({"numDecimalPlaces": "3"}, 3)),
            *(({"numDecimalPlaces": -1}, 0), ({"numDecimalPlaces": 99_999_999}, 6)),
        ],
    )
    def test_as_many_decimals_are_shown_as_can_be(
        self, take: Take, write: Write, settings: dict[str, Any], decimals: int
    ) -> None:
        description = write("datapackage.json", package({"name": "Deaths", "owidDisplaySettings": settings}))
        take("owid-package", description, write("a.csv", *PACKAGE))
        assert Indicator.objects.get().decimals == decimals

    @pytest.mark.parametrize(
        "names",
        [
            ("Share of the population with one dose, of men", "Share of the population with one dose, of women"),
            ("Доля", "Число"),
        ],
        ids=["alike for forty letters", "without a letter of the code"],
    )
    def test_columns_whose_names_are_alike_are_several_indicators(
        self, take: Take, write: Write, names: tuple[str, str]
    ) -> None:
        header = ",".join(("Entity", "Year", *(f'"{name}"' for name in names)))
        (report,) = take(
            "owid-package", write("datapackage.json", package(*names)), write("a.csv", header, "Albania,2019,3,4")
        )
        assert (report.added, report.rejected) == (2, 0)
        named = dict(Observation.objects.values_list("indicator__labels__label", "value"))
        assert named == dict(zip(names, (3, 4), strict=True))
        for indicator in Indicator.objects.all():
            indicator.full_clean()

    def test_both_files_may_be_packed(self, take: Take, write: Write) -> None:
        files = write("datapackage.json.gz", package("Deaths")), write("data.csv.gz", *PACKAGE)
        assert take("owid-package", *files)[0].added == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "length", "code"),
    [
        ("total_cases", 40, "TOTAL_CASES"),
        ("Share (%) of men", 40, "SHARE_OF_MEN"),
        ("a" * 40, 40, "A" * 40),
        ("a" * 41, 40, f"{'A' * 31}_C0F8BD4D"),
        ("Доля", 40, "2EA560E2"),
    ],
)
def test_a_code_is_made_of_any_name(name: str, length: int, code: str) -> None:
    assert code_of(name, length) == code
    assert len(code) <= length


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "column", "value"),
    [("", "id", ""), ("   ", "id", "   "), ("7" * 101, "id", "7" * 100), ("7" * 100, None, None)],
    ids=["none", "spaces", "too long", "as long as it may be"],
)
def test_the_number_of_a_measure_has_to_be_one_that_can_be_kept(
    take: Take, write: Write, key: str, column: str | None, value: str | None
) -> None:
    path = write("measures.csv", MEASURES, f"{key}{MEASURE.removeprefix('7')}", encoding="cp1252")
    (report,) = take("cccsl", path)
    found = [(one.column, one.value, one.reason) for one in report.rejects]
    assert found == ([(column, value, RejectReason.TEXT)] if column else [])
    assert Measure.objects.count() == report.added == (0 if column else 1)


@pytest.mark.django_db
def test_spaces_around_the_number_of_a_measure_make_no_second_one(take: Take, write: Write) -> None:
    path = write("measures.csv", MEASURES, MEASURE, f" {MEASURE}", encoding="cp1252")
    (report,) = take("cccsl", path)
    assert [(one.line, one.reason) for one in report.rejects] == [(3, RejectReason.DUPLICATE)]


@pytest.mark.one_database
class TestReports:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_nothing_that_a_spreadsheet_would_compute_is_left(self, text: str) -> None:
        assert guarded(text) == f"'{text}"
        target = io.StringIO()
        reject = {"line": 2, "column": text, "value": text, "reason": "number"}
        write_rejects(target, [(text, [reject])])
        assert target.getvalue().count(f"'{text}") == 3, "the name of the file is somebody else's, too"

    @pytest.mark.parametrize("text", ["", "1", "a=1", "'=1", " ", "KZ"])
    def test_all_else_is_as_it_was(self, text: str) -> None:
        assert guarded(text) == text

    def test_rejects_are_listed_in_the_order_of_the_file(self) -> None:
        report = FileReport("a.csv")
        report.refuse(Reject(line, "", "", RejectReason.LONG_ROW) for line in (5, 2, 9))
        assert [one["line"] for one in report.as_json()] == [2, 5, 9]
        assert report.rejected == 3

    def test_what_was_left_out_is_told_in_words(self) -> None:
        told = left_out_in_words({"subnational": 210, "aggregate": 3})
        assert told == ["Aggregates of several countries: 3", "Parts of countries: 210"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("first", "separators", "separator", "columns"),
    [
        ("a,b", (",",), ",", ("a", "b")),
        (" a , b ", (",",), ",", ("a", "b")),
        ("a;b", (",", ";"), ";", ("a", "b")),
        ('"a;c",b', (",", ";"), ",", ("a;c", "b")),
        ('a,b,"c', (",",), ",", ("a", "b", "c")),
    ],
)
def test_the_separator_is_the_one_with_the_most_columns(
    tmp_path: Path, first: str, separators: tuple[str, ...], separator: str, columns: tuple[str, ...]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{first}\n1\n")
    table = Table.opened(TextFile.at(path), ("b",), separators)
    assert (table.separator, table.columns) == (separator, columns)
