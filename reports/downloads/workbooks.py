"""Figures with their metadata as a spreadsheet, which has to be finished before it is sent."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.downloads.rows import Row

SHEET_COLUMNS = ["country_code", "country", "period", "value", "status", "origin", "scope", "note"]
# Some ten seconds of writing on a busy machine; CSV and JSON have no limit.
MOST_IN_A_SHEET = 50_000


def write_workbook(target: IO[bytes], facts: dict[str, Any], rows: Iterator[Row]) -> None:
    """Write an XLSX file: a sheet with the figures, and one with what has to be known of them.

    Texts are texts, whatever they begin with: no cell holds a formula, or an error such as #N/A. Control characters,
    which no cell can hold, are spaces.
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
    text = ILLEGAL_CHARACTERS_RE.sub(" ", text)
    if not text.startswith(("=", "#")):
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
