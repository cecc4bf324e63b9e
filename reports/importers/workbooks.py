"""Spreadsheets: the first sheet of a workbook as rows of text. Formulas stay formulas, so that they are found."""

from __future__ import annotations

import datetime
import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import polars as pl
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from reports.importers.files import END_OF_RECORD
from reports.importers.tables import END, LINE, check_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reports.importers.files import TextFile

ZIP_MAGIC = b"PK\x03\x04"
MAX_UNPACKED_BYTES = 200 * 1024**2
MAX_ENTRIES = 500
MAX_COLUMNS = 100
SLICE = 5_000


def is_workbook(file: TextFile) -> bool:
    with file.path.open("rb") as raw:
        return raw.read(len(ZIP_MAGIC)) == ZIP_MAGIC


@dataclass(frozen=True)
class Sheet:
    """The first sheet of a workbook, whose first row names the columns."""

    file: TextFile
    columns: tuple[str, ...]

    @classmethod
    def opened(cls, file: TextFile, required: Iterable[str]) -> Sheet:
        check_size(file)
        first = next(iter(rows_of(file)), (1, ()))[1]
        columns = tuple(first)
        while columns and not columns[-1]:
            columns = columns[:-1]
        check_columns(file, columns, required)
        return cls(file, columns)

    def frames(self) -> Iterator[tuple[pl.DataFrame, int]]:
        """As those of `tables.Table`: `LINE` is the number of the row. Empty rows are left out."""
        width = len(self.columns)
        numbered = ((line, cells) for line, cells in rows_of(self.file) if line > 1 and any(cells))
        schema = {LINE: pl.Int64} | dict.fromkeys([*self.columns, END], pl.String)
        while part := list(islice(numbered, SLICE)):
            rows = [(line, *fitted(cells, width), "+" if any(cells[width:]) else END_OF_RECORD) for line, cells in part]
            yield pl.DataFrame(rows, schema=schema, orient="row"), 0


def fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def check_size(file: TextFile) -> None:
    """Refuse what would fill the memory when unpacked, before anything is."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise damaged(file) from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise file.refuse(_("The spreadsheet unpacks to more than this platform accepts. Divide it."))


def rows_of(file: TextFile) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(Number of the row, its cells as text) of the first sheet."""
    with file.path.open("rb") as raw:  # by name, only what ends in .xlsx would be opened
        try:
            workbook = load_workbook(raw, read_only=True, data_only=False, keep_links=False)
            sheet = workbook.worksheets[0]
        except Exception as error:
            raise damaged(file) from error
        rows = enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1)
        while row := next_row(file, rows):
            line, cells = row
            yield line, tuple(as_text(cell) for cell in cells)


def next_row(file: TextFile, rows: Iterator[Any]) -> Any:
    """The next row, or None; a sheet is unpacked as it is read, and may be found to be damaged at any of them."""
    try:
        return next(rows, None)
    except Exception as error:
        raise damaged(file) from error


def damaged(file: TextFile) -> Exception:
    return file.refuse(_("The spreadsheet is damaged and cannot be opened. Save it again as XLSX."))


def as_text(cell: Any) -> str:
    """A cell as one would write it in a CSV file: dates as days, numbers with a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time.min else cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    return str(cell).strip()
