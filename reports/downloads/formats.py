"""Figures as CSV, JSON and XLSX. The first two are written while they are read; a spreadsheet has to be finished."""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from reports.downloads.metadata import attribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reports.downloads.rows import Row
    from reports.models import Indicator

# Spreadsheet programs take a file without this mark for one in the reader's legacy encoding.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
COLUMNS = [
    "indicator_code",
    "indicator",
    "country_code",
    "country",
    "period",
    "frequency",
    "value",
    "unit",
    "status",
    "attribution",
    "licence",
    "origin",
    "scope",
    "note",
    "known_since",
]
SHEET_COLUMNS = ["country_code", "country", "period", "value", "status", "origin", "scope", "note"]
# Some ten seconds of writing on a busy machine; CSV and JSON have no limit.
MOST_IN_A_SHEET = 50_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BATCH = 1000


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

    def parts() -> Iterator[str]:
        yield BYTE_ORDER_MARK + written([COLUMNS])
        while part := written(islice(source, BATCH)):
            yield part

    source = lines()
    return parts()


def written(lines: Iterable[list[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target).writerows(lines)
    return target.getvalue()


def guarded(text: str) -> str:
    """A text that people wrote, with an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def json_parts(facts: dict[str, Any], rows: Iterator[Row]) -> Iterator[str]:
    """A JSON document in parts: the metadata, then the figures. Values are texts, which keep all their digits."""

    def parts() -> Iterator[str]:
        head = json.dumps({"indicator": facts}, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield head.removesuffix("}") + ', "values": ['
        separator = ""
        while batch := [as_json(row) for row in islice(rows, BATCH)]:
            yield separator + ",\n".join(batch)
            separator = ",\n"
        yield "]}"

    return parts()


def as_json(row: Row) -> str:
    facts = row.facts | {"value": None if row.value is None else row.number}
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False)


def write_workbook(target: IO[bytes], facts: dict[str, Any], rows: Iterator[Row]) -> None:
    """Write an XLSX file: a sheet with the figures, and one with what has to be known of them.

    Texts are texts, whatever they begin with: no cell holds a formula.
    """
    book = Workbook(write_only=True)
    figures = book.create_sheet(_("Figures"))
    figures.freeze_panes = "A2"
    figures.append(SHEET_COLUMNS)
    for row in rows:
        known = row.facts
        figures.append([row.value if name == "value" else text_cell(figures, known[name]) for name in SHEET_COLUMNS])
    about = book.create_sheet(_("About these figures"))
    for name, value in flat(facts):
        about.append([name, text_cell(about, value)])
    book.save(target)


def text_cell(sheet: Any, text: str) -> Any:
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def flat(facts: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested facts as rows of a name and a text; what is empty is left out."""
    if isinstance(facts, dict | list):
        pairs = facts.items() if isinstance(facts, dict) else enumerate(facts, start=1)
        for key, value in pairs:
            yield from flat(value, f"{name}.{key}" if name else str(key))
    elif facts not in (None, ""):
        yield name, str(facts)
