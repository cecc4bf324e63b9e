"""Tables as frames of text, a block after the other. Numbers, dates and codes are judged later."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext as _

from reports.importers.files import END_OF_RECORD, TextFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINE, END = "\x1eline", "\x1eend"
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Table:
    """A delimited file whose columns are known. `separator` is what its profile declares."""

    file: TextFile
    columns: tuple[str, ...]
    separator: str = ","

    @classmethod
    def opened(cls, file: TextFile, required: Iterable[str], separators: Iterable[str] = (",",)) -> Table:
        """The table in a file, refused unless it has these columns, each once, between one of these separators."""
        allowed = tuple(separators)
        headers = {separator: tuple(name.strip() for name in file.header(separator)) for separator in allowed}
        separator = max(allowed, key=lambda one: len(headers[one]))
        columns = headers[separator]
        check_columns(file, columns, required, allowed)
        return cls(file, columns, separator)

    def frames(self) -> Iterator[tuple[pl.DataFrame, int]]:
        """Frames of the columns as text between `LINE` (a number) and `END`, and the bytes of the file read so far.

        `END` holds `END_OF_RECORD` in every row that has exactly as many values as the table has columns.
        """
        schema = dict.fromkeys([LINE, *self.columns, END], pl.String)
        for block, read in self.file.records(self.separator):
            frame = pl.read_csv(
                io.BytesIO(block),
                has_header=False,
                separator=self.separator,
                schema=schema,
                extra_columns="ignore",
                missing_columns="insert",
                empty_string_is_null=False,
            )
            yield frame.with_columns(pl.col(LINE).cast(pl.Int64)), read

    def whole(self) -> pl.DataFrame:
        """All of a small table, such as a codebook. Refused where it has no rows, or one of another length."""
        found = [frame for frame, _read in self.frames()]
        if not found:
            raise self.file.refuse(_("There are no rows below the names of the columns."))
        frame = pl.concat(found)
        for line in frame.filter(is_whole().not_().fill_null(value=True)).get_column(LINE).head(1):
            raise self.file.refuse(_("The row has another number of values than there are columns."), line)
        return frame


def check_columns(
    file: TextFile, columns: tuple[str, ...], required: Iterable[str], allowed: tuple[str, ...] = (",",)
) -> None:
    missing = [name for name in required if name not in columns]
    if missing and len(columns) == 1 and (found := next((one for one in SEPARATORS if one in columns[0]), None)):
        reason = _("The columns are separated by “%(found)s” instead of “%(expected)s”. Save the file with the latter.")
        raise file.refuse(reason % {"found": found, "expected": allowed[0]}, 1)
    if missing:
        raise file.refuse(_("This column is missing. Compare the first line with the published form."), 1, missing[0])
    if twice := [name for name, count in Counter(columns).items() if count > 1]:
        raise file.refuse(_("Two columns have this name. Leave one of them."), 1, twice[0])


def is_whole() -> pl.Expr:
    """Whether a row has as many values as the table has columns."""
    return pl.col(END) == END_OF_RECORD


def is_short(columns: Iterable[str]) -> pl.Expr:
    """Whether a row ends before the last of the columns, which are those of its table."""
    return pl.any_horizontal([pl.col(name) == END_OF_RECORD for name in columns])
