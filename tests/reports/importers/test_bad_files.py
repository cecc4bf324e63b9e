"""Files as they should not be: refused as a whole, or rejected row by row, with a place and a reason."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest
from openpyxl import Workbook

from reports.choices import RejectReason
from reports.importers.errors import RefusedFileError
from reports.importers.files import MAX_RECORD_BYTES
from reports.models import ImportRun, Observation
from tests.factories.statistics import make_indicator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]

pytestmark = pytest.mark.django_db
HEADER = "Country Name,Country Code,Year,Value\n"
GOOD = "Kazakhstan,KAZ,2018,10\n"


def table(*lines: str) -> bytes:
    return (HEADER + GOOD + "".join(f"{line}\n" for line in lines)).encode()


class Refused(NamedTuple):
    """A file of which nothing is taken, the place that the message names, and what it says."""

    content: bytes
    place: str
    sentence: str


WHOLE = {
    "an empty file": Refused(b"", "line 1", "empty"),
    "a first line without names": Refused(b"\n" + GOOD.encode(), "line 1", "name the columns"),
    "names of columns and no rows": Refused(HEADER.encode(), "", "no rows below"),
    "a missing column": Refused(b"Country Name,Year,Value\nKazakhstan,2018,10\n", "“Country Code”", "is missing"),
    "a damaged name of a column": Refused(
        b"Country Name,Coun\xd1\x82ry Code,Year,Value\n", "“Country Code”", "is missing"
    ),
    "a column twice": Refused(HEADER.replace("Year", "Year,Year").encode(), "“Year”", "Two columns"),
    "semicolons": Refused(table().replace(b",", b";"), "line 1", "separated by “;”"),
    "tabulators": Refused(table().replace(b",", b"\t"), "line 1", "separated by"),
    "another encoding": Refused(
        table("Côte d'Ivoire,CIV,2018,3").decode().encode("cp1252"), "line 3", "encoding UTF-8"
    ),
    "Cyrillic of Windows": Refused(table("Казахстан,KAZ,2019,3").decode().encode("cp1251"), "line 3", "encoding UTF-8"),
    "UTF-16": Refused(table().decode().encode("utf-16"), "line 1", "encoding UTF-8"),
    "half of a letter at the end": Refused(
        table("Kazakhstan \xd2".strip()).rstrip(b"\n")[:-1], "line 3", "encoding UTF-8"
    ),
    "zero bytes": Refused(table("Geor\0gia,GEO,2018,3"), "line 3", "belong to no text"),
    "a picture": Refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "line 3", "belong to no text"),
    "a field without end": Refused(table("x" * (MAX_RECORD_BYTES + 1)), "line 3", "longer than 256 KB"),
    "an open quotation mark": Refused(table('"Georgia,GEO,2018,3', "Kazakhstan,KAZ,2019,4"), "line 3", "never closed"),
    "an open quotation mark far from the end": Refused(
        table('"Georgia,GEO,2018,3', *["Kazakhstan,KAZ,2019,4"] * 15_000), "line 3", "never closed"
    ),
    "packed and cut off": Refused(gzip.compress(table(*map(str, range(9999))))[:-900], "", "damaged or cut off"),
    "packed and damaged": Refused(gzip.compress(table())[:-8] + b"\0" * 8, "", "damaged or cut off"),
    "a zip archive": Refused(b"PK\x03\x04" + b"\0" * 30, "line 1", "belong to no text"),
    "a web page": Refused(b"<!doctype html>\n<title>404</title>\n", "“Country Name”", "is missing"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_no_table_is_refused_as_a_whole(take: Take, tmp_path: Path, name: str) -> None:
    case, path = WHOLE[name], tmp_path / "population.csv"
    path.write_bytes(case.content)
    with pytest.raises(RefusedFileError) as refusal:
        take("worldbank", path)
    sentence = str(refusal.value)
    assert sentence.startswith("population.csv")
    assert case.place in sentence
    assert case.sentence in sentence
    assert [model.objects.count() for model in (Observation, ImportRun)] == [0, 0]


# A row below a good one, and the column, value and reason with which it is rejected.
ROWS = {
    "a country that is unknown": ("Nowhere,ZZZ,2018,3", "Country Code", "ZZZ", RejectReason.COUNTRY),
    "a code in small letters": ("Georgia,geo,2018,3", "Country Code", "geo", RejectReason.COUNTRY),
    "no country": ("Georgia,,2018,3", "Country Code", "", RejectReason.COUNTRY),
    "a day for a year": ("Georgia,GEO,5/24/2020,3", "Year", "5/24/2020", RejectReason.DATE),
    "a year of two digits": ("Georgia,GEO,18,3", "Year", "18", RejectReason.DATE),
    "a year in other digits": ("Georgia,GEO,٢٠١٨,3", "Year", "٢٠١٨", RejectReason.DATE),
    "a year as a number with decimals": ("Georgia,GEO,2018.0,3", "Year", "2018.0", RejectReason.DATE),
    "no year": ("Georgia,GEO,,3", "Year", "", RejectReason.DATE),
    "a year to come": ("Georgia,GEO,2999,3", "Year", "2999", RejectReason.DATE_RANGE),
    "a year before there were statistics": ("Georgia,GEO,0207,3", "Year", "0207", RejectReason.DATE_RANGE),
    "a comma for the point": ('Georgia,GEO,2018,"3,5"', "Value", "3,5", RejectReason.NUMBER),
    "a comma between thousands": ('Georgia,GEO,2018,"3,500,000"', "Value", "3,500,000", RejectReason.NUMBER),
    "spaces between thousands": ("Georgia,GEO,2018,3 500", "Value", "3 500", RejectReason.NUMBER),
    "no number": ("Georgia,GEO,2018,NaN", "Value", "NaN", RejectReason.NUMBER),
    "infinity": ("Georgia,GEO,2018,-inf", "Value", "-inf", RejectReason.NUMBER),
    "words": ("Georgia,GEO,2018,n/a", "Value", "n/a", RejectReason.NUMBER),
    "digits of another script": ("Georgia,GEO,2018,١٢٣", "Value", "١٢٣", RejectReason.NUMBER),
    "a long dash for a minus": ("Georgia,GEO,2018,−5", "Value", "−5", RejectReason.NUMBER),
    "hexadecimal": ("Georgia,GEO,2018,0x1F", "Value", "0x1F", RejectReason.NUMBER),
    "a number that no column holds": ("Georgia,GEO,2018,1e400", "Value", "1e400", RejectReason.TOO_LARGE),
    "a number of 19 digits": ("Georgia,GEO,2018,1000000000000000000", "Value", "1" + "0" * 18, RejectReason.TOO_LARGE),
    "a formula": ("Georgia,GEO,2018,=1+1", "Value", "=1+1", RejectReason.FORMULA),
    "a value too few": ("Georgia,GEO,2018", "", "", RejectReason.SHORT_ROW),
    "a value too many": ("Korea, South,KOR,2018,3", "", "", RejectReason.LONG_ROW),
    "a comma too many": ("Georgia,GEO,2018,3,", "", "", RejectReason.LONG_ROW),
    "a cut row": ("Geo", "", "", RejectReason.SHORT_ROW),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_rejected_with_its_place_and_the_good_one_taken(take: Take, tmp_path: Path, name: str) -> None:
    line, column, value, reason = ROWS[name]
    path = tmp_path / "population.csv"
    path.write_bytes(table(line))
    (report,) = take("worldbank", path)
    assert [(one.line, one.column, one.value, one.reason) for one in report.rejects] == [(3, column, value, reason)]
    assert (report.rows, report.added, report.rejected) == (2, 1, 1)
    assert Observation.objects.get().value == 10
    assert ImportRun.objects.get().rejects == [{"line": 3, "column": column, "value": value, "reason": reason.value}]


HARMLESS = {
    "a byte order mark": b"\xef\xbb\xbf" + table(),
    "line ends of Windows": table().replace(b"\n", b"\r\n"),
    "line ends of both kinds": table().replace(b"\n", b"\r\n", 1),
    "empty lines": table().replace(b"\n", b"\n\n"),
    "no line end at the end": table().rstrip(b"\n"),
    "quotation marks around everything": b'"Country Name","Country Code","Year","Value"\n'
    b'"Kazakhstan","KAZ","2018","10"\n',
    "a name over two lines": table().replace(b"Kazakhstan", b'"Kazakh\nstan"'),
    "packed": gzip.compress(table()),
    "packed in two parts": gzip.compress(table()[:50]) + gzip.compress(table()[50:]),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_unusual_and_clear_is_read(take: Take, tmp_path: Path, name: str) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(HARMLESS[name])
    (report,) = take("worldbank", path)
    assert (report.rows, report.added, report.rejected) == (1, 1, 0)
    assert Observation.objects.get().value == 10


def test_lines_are_those_of_the_file_whatever_stands_above(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(HEADER.encode() + b'\r\n"Kazakh\nstan",KAZ,2018,10\n\n\nNowhere,ZZZ,2018,1\n')
    (report,) = take("worldbank", path)
    assert [one.line for one in report.rejects] == [7]


def test_of_a_repeated_key_no_value_is_taken(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(table("Georgia,GEO,2018,3.50", "Georgia,GEO,2018,4", "Georgia,GEO,2019,5"))
    (report,) = take("worldbank", path)
    assert [(one.line, one.value, one.reason) for one in report.rejects] == [
        (3, "3.5", RejectReason.DUPLICATE),
        (4, "4", RejectReason.DUPLICATE),
    ]
    assert set(Observation.objects.values_list("value", flat=True)) == {10, 5}


def test_a_column_that_is_unknown_is_rejected_and_the_rest_taken(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(b"Country Name,Country Code,Year,Value,Unit\nKazakhstan,KAZ,2018,10,persons\n")
    (report,) = take("worldbank", path)
    assert [(one.line, one.column, one.reason) for one in report.rejects] == [(1, "Unit", RejectReason.COLUMN)]
    assert report.added == 1


def test_of_many_rejects_all_are_counted_and_the_first_listed(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(table(*["Nowhere,ZZZ,2018,3"] * 12_000))
    (report,) = take("worldbank", path)
    assert (report.rejected, len(report.rejects), report.added) == (12_000, 10_000, 1)


OXFORD_HEADER = ",country_code,country_name,31Jan2020,01Feb2020"


@pytest.mark.parametrize(
    ("names", "lines", "sentence"),
    [
        (["c1_flag.csv"], [OXFORD_HEADER, "1,KAZ,Kazakhstan,1,1"], "flags only"),
        (["new_indicator.csv"], [OXFORD_HEADER, "1,KAZ,Kazakhstan,1,1"], "none of the published names"),
        (["c9_new.csv"], [OXFORD_HEADER, "1,KAZ,Kazakhstan,1,1"], "no indicator OXCGRT.C9"),
        (
            ["c1_closing.csv"],
            [",country_code,country_name,1/31/2020", "1,KAZ,Kazakhstan,1"],
            "No column is named after a day",
        ),
        (
            ["c1_closing.csv", "c1_flag.csv"],
            [OXFORD_HEADER, "1,KAZ,Kazakhstan,1,2"],
            "c1_flag.csv, line 2, column “01Feb2020”",
        ),
    ],
)
def test_oxford_files_that_do_not_fit_are_refused(
    take: Take, write: Callable[..., Path], names: list[str], lines: list[str], sentence: str
) -> None:
    with pytest.raises(RefusedFileError) as refusal:
        take("oxcgrt", *[write(name, *lines) for name in names])
    assert sentence in str(refusal.value)
    assert not Observation.objects.exists()


def test_days_that_are_none_or_to_come_are_rejected_by_column(take: Take, write: Callable[..., Path]) -> None:
    header = ",country_code,country_name,31Jan2020,1/31/2020,30Feb2020,01Feb2999"
    (report,) = take("oxcgrt", write("c1_closing.csv", header, "1,KAZ,Kazakhstan,1,1,1,1"))
    assert [(one.column, one.reason) for one in report.rejects] == [
        ("1/31/2020", RejectReason.COLUMN),
        ("30Feb2020", RejectReason.COLUMN),
        ("01Feb2999", RejectReason.DATE_RANGE),
    ]
    assert report.added == 1


@pytest.mark.parametrize(
    ("profile", "content", "sentence"),
    [
        ("jhu", "Date,Country,Confirmed,Recovered,Deaths\n2020-01-30,Kazakhstan,1,0,0\n", "look-up table"),
        ("owid", "iso_code,location,date,total_cases\nKAZ,Kazakhstan,2020-03-13,2\n", "codebook"),
        ("owid-package", "Entity,Year,Deaths\nKazakhstan,30,2\n", "datapackage.json"),
    ],
)
def test_what_goes_with_a_file_is_asked_for(
    take: Take, tmp_path: Path, profile: str, content: str, sentence: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(content)
    with pytest.raises(RefusedFileError, match=sentence):
        take(profile, path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "no JSON"),
        ("[]", "does not describe a table"),
        ('{"id": 1, "title": "x", "resources": []}', "does not describe a table"),
    ],
)
def test_a_description_that_is_none_is_refused(take: Take, tmp_path: Path, content: str, sentence: str) -> None:
    data, description = tmp_path / "data.csv", tmp_path / "datapackage.json"
    data.write_text("Entity,Year,Deaths\nKazakhstan,30,2\n")
    description.write_text(content)
    with pytest.raises(RefusedFileError, match=sentence):
        take("owid-package", data, description)


def test_a_spreadsheet_has_spoilt_the_dates(take: Take, write: Callable[..., Path]) -> None:
    """Where days are declared as 2020-05-24, a file that a spreadsheet has saved has none that is."""
    book = write("book.csv", "column,source,category,description", "total_cases,CSSE,Confirmed cases,All cases.")
    data = write(
        "owid.csv", "iso_code,location,date,total_cases", "KAZ,Kazakhstan,5/24/2020,2", "KAZ,Kazakhstan,24.05.2020,3"
    )
    (report,) = take("owid", data, book)
    assert [(one.line, one.column, one.value, one.reason) for one in report.rejects] == [
        (2, "date", "5/24/2020", RejectReason.DATE),
        (3, "date", "24.05.2020", RejectReason.DATE),
    ]
    assert report.added == 0


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, target = Workbook(), io.BytesIO()
    for row in [("indicator", "country", "period", "value", "status", "note"), *rows]:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 201 MB."""
    target = io.BytesIO(workbook())
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/big.xml", "w") as entry,
    ):
        for _megabyte in range(201):
            entry.write(bytes(1024 * 1024))
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: b"PK\x03\x04" + b"\0" * 30, "damaged"),
        (lambda: workbook()[:-100], "damaged"),
        (bomb, "unpacks to more"),
    ],
    ids=["no archive", "cut off", "bomb"],
)
def test_a_spreadsheet_that_cannot_be_opened_is_refused(
    take: Take, tmp_path: Path, make: Callable[[], bytes], sentence: str
) -> None:
    path = tmp_path / "figures.xlsx"
    path.write_bytes(make())
    with pytest.raises(RefusedFileError, match=sentence):
        take("template", path)


def test_formulas_and_errors_of_spreadsheets_are_rejected(take: Take, tmp_path: Path) -> None:
    make_indicator("NAT.STAFF", frequency="A")
    path = tmp_path / "figures.xlsx"
    path.write_bytes(
        workbook(
            ("NAT.STAFF", "KZ", 2020, "=SUM(A1:A9)"), ("NAT.STAFF", "KZ", 2021, "#REF!"), ("NAT.STAFF", "KZ", 2022, 7)
        )
    )
    (report,) = take("template", path)
    assert [(one.line, one.value, one.reason) for one in report.rejects] == [
        (2, "=SUM(A1:A9)", RejectReason.FORMULA),
        (3, "#REF!", RejectReason.NUMBER),
    ]
    assert Observation.objects.get().value == 7
