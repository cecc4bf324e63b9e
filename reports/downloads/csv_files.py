"""Figures as CSV, written while they are read."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from reports.downloads.metadata import attribution
from reports.downloads.rows import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reports.downloads.rows import Row
    from reports.models import Indicator

# Spreadsheet programs take a file without this mark for one in the reader's legacy encoding.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
COLUMNS = [
    *("indicator_code", "indicator", "country_code", "country", "period", "frequency", "value", "unit", "status"),
    *("attribution", "licence", "origin", "scope", "note", "known_since"),
]
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def csv_parts(indicator: Indicator, rows: Iterator[Row]) -> Iterator[str]:
    """CSV (RFC 4180) in parts. Every row names attribution and licence, so that they stay with the figures.

    What is read of the indicator is read at once, as by `rows_of`.
    """
    before = [indicator.code, indicator.label]
    unit, after = indicator.unit_name, [attribution(indicator), indicator.licence]

    def lines() -> Iterator[list[str]]:
        for row in rows:
            figure = [row.country_code, row.country, row.period, row.frequency, row.number, unit, row.status]
            facts = [row.origin, row.scope, guarded(row.note), row.known_since.isoformat()]
            yield [*before, *figure, *after, *facts]

    return in_parts(COLUMNS, lines(), BYTE_ORDER_MARK)


def in_parts(columns: Iterable[str], lines: Iterator[Iterable[str]], mark: str = "") -> Iterator[str]:
    """A CSV file, many lines at a time: of one line after the other the answer itself would take the longest."""
    yield mark + written([columns])
    while part := written(islice(lines, BATCH)):
        yield part


def written(lines: Iterable[Iterable[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target).writerows(lines)
    return target.getvalue()


def guarded(text: str) -> str:
    """A text that people wrote, with an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
