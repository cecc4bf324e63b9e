"""Files as blocks of numbered records, and tables of them: what a reader that parses in blocks may get wrong."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.importers import files as module
from reports.importers.errors import RefusedFileError
from reports.importers.files import BLOCK_BYTES, END_OF_RECORD, TextFile
from reports.importers.tables import LINE, Table, is_short, is_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.one_database
HEADER = ("name", "code", "value")
TEXTS = st.text(alphabet=string.ascii_letters + string.digits + " ,;\"'\n§ñқ中", max_size=12).map(str.strip)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS).filter(any), min_size=1, max_size=30)


def written(rows: Sequence[tuple[str, ...]], line_end: str = "\n") -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator=line_end)
    writer.writerow(HEADER)
    writer.writerows(rows)
    return target.getvalue().encode()


def read(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    """(Line, values) of each record; all of them must be whole."""
    table = Table.opened(TextFile.at(path), HEADER)
    found = []
    for frame, _read in table.frames():
        assert frame.select(is_whole().all()).item()
        found += [(row[LINE], tuple(row[name] for name in HEADER)) for row in frame.iter_rows(named=True)]
    return found


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, line_end=st.sampled_from(["\n", "\r\n"]), packed=st.booleans())
def test_what_another_writer_writes_is_read_value_by_value(
    tmp_path: Path, rows: list[tuple[str, str, str]], line_end: str, *, packed: bool
) -> None:
    path = tmp_path / "table.csv"
    content = written(rows, line_end)
    path.write_bytes(gzip.compress(content) if packed else content)
    assert [values for _line, values in read(path)] == rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_each_record_has_the_number_of_the_line_on_which_it_begins(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(written(rows))
    expected, line = [], 2
    for row in rows:
        expected.append(line)
        line += 1 + sum(value.count("\n") for value in row)
    assert [number for number, _values in read(path)] == expected


@pytest.mark.parametrize("length", [BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES])
def test_records_are_whole_wherever_a_block_ends(tmp_path: Path, length: int) -> None:
    """Values of letters of three bytes, and of two lines, at every place relative to the ends of blocks."""
    row = ("中文字", "two\nlines", "1")
    count = length // len(written([row])) + 50
    path = tmp_path / "table.csv"
    path.write_bytes(written([row] * count))
    found = read(path)
    assert {values for _line, values in found} == {row}
    assert [line for line, _values in found] == list(range(2, 2 + 2 * count, 2))


def test_memory_holds_a_block_and_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(written([("Kazakhstan", "KAZ", "10")] * 60_000))
    sizes = [len(block) for block, _read in TextFile.at(path).records(",")]
    assert len(sizes) > 5
    assert max(sizes) < 4 * BLOCK_BYTES


def test_what_has_been_read_grows_to_the_size_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(written([("Kazakhstan", "KAZ", "10")] * 30_000))
    file = TextFile.at(path)
    steps = [read for _block, read in file.records(",")]
    assert steps == sorted(steps)
    assert steps[-1] == file.size


@pytest.mark.parametrize(
    ("line", "ends_early", "ends_late"),
    [
        ("a,b", True, False),
        ("a", True, False),
        ("a,b,c", False, False),
        (",,", False, False),
        ("a,b,c,", False, True),
        ("a,b,c,d,e,f", False, True),
        ('"a,b",c,d', False, False),
    ],
)
def test_rows_that_are_too_short_or_too_long_are_told_from_those_that_end_empty(
    tmp_path: Path, line: str, *, ends_early: bool, ends_late: bool
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"name,code,value\n{line}\n")
    ((frame, _read),) = Table.opened(TextFile.at(path), HEADER).frames()
    short, whole = frame.select(is_short(HEADER).alias("short"), is_whole().alias("whole")).row(0)
    assert (short, not whole and not short) == (ends_early, ends_late)


def test_the_mark_of_the_reader_is_no_way_around_its_check(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"name,code,value\na,b,c,{END_OF_RECORD}\n")
    with pytest.raises(RefusedFileError, match="line 2: The line has characters"):
        read(path)


def test_a_file_that_unpacks_to_more_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 2 * BLOCK_BYTES)
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(written([("Kazakhstan", "KAZ", "10")] * 60_000)))
    assert path.stat().st_size < BLOCK_BYTES
    with pytest.raises(RefusedFileError, match="unpacks to more"):
        read(path)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("c1_flag.csv.gz", "c1_flag"), ("GDP.CSV", "gdp"), ("a.b.csv", "a.b"), ("population", "population")],
)
def test_the_stem_of_a_name_is_what_publishers_go_by(tmp_path: Path, name: str, stem: str) -> None:
    assert TextFile(tmp_path / "0", name).stem == stem


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RefusedFileError("a.csv", "Wrong.", 3, "Year"), "a.csv, line 3, column “Year”: Wrong."),
        (RefusedFileError("a.csv", "Wrong.", 3), "a.csv, line 3: Wrong."),
        (RefusedFileError("a.csv", "Wrong."), "a.csv: Wrong."),
        (RefusedFileError("", "Wrong."), "Wrong."),
    ],
)
def test_a_refusal_says_as_much_of_the_place_as_is_known(error: RefusedFileError, sentence: str) -> None:
    assert str(error) == sentence


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(alphabet='"",\n\ra1é\' ', max_size=25))
def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path: Path, body: str) -> None:
    """Never an error of the parser, and never a value that Python's reader does not find as well."""
    path = tmp_path / "table.csv"
    path.write_bytes(f"name,code,value\n{body}".encode())
    table = Table.opened(TextFile.at(path), HEADER)
    frames = None
    with contextlib.suppress(RefusedFileError):
        frames = [frame for frame, _read in table.frames()]
    if frames is None:
        assert '"' in body, "only quotation marks are a reason here to refuse a file"
        return
    found = [row for frame in frames for row in frame.filter(is_whole()).select(HEADER).rows()]
    text = body.replace("\r\n", "\n").removesuffix("\r")
    if "\r" not in text:
        assert found == [tuple(row) for row in csv.reader(io.StringIO(text, newline="")) if len(row) == len(HEADER)]


@pytest.mark.parametrize("record", ['a"b",c,d', '"a"b,c,d', '"a" ,c,d', '"a""",b"",c', ' "a",b,c'])
def test_quotation_marks_in_the_wrong_place_are_named(tmp_path: Path, record: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"name,code,value\nx,y,z\n{record}\n")
    with pytest.raises(RefusedFileError, match="line 3: A quotation mark stands where it may not"):
        read(path)
