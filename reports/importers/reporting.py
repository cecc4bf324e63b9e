"""What an import has found: numbers for the summary, and the place and reason of everything that it refused."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from reports.choices import LeftOut, RejectReason
from reports.downloads.csv_files import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO

    import polars as pl

# A file of which everything is wrong would otherwise be kept a second time.
MAX_LISTED = 10_000


@dataclass(frozen=True)
class Reject:
    """A row or a cell that was refused. `column` is empty where the whole row is to blame."""

    line: int
    column: str
    value: str
    reason: RejectReason


@dataclass
class FileReport:
    """What became of one file. Of the rejects `rejected` counts all and `rejects` lists the first `MAX_LISTED`.

    `touched`: ids of the indicators of which it has brought or changed a value, or would have.
    """

    file: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    run: int | None = None
    touched: list[int] = field(default_factory=list)

    def refuse(self, found: Iterable[Reject]) -> None:
        for reject in found:
            self.rejected += 1
            if len(self.rejects) < MAX_LISTED:
                self.rejects.append(reject)

    def refuse_frame(self, frame: pl.DataFrame) -> None:
        """Take in a frame of rejects: see `judging.Judged`."""
        room = MAX_LISTED - len(self.rejects)
        for line, column, value, reason in frame.head(max(room, 0)).rows():
            self.rejects.append(Reject(line, column, value, RejectReason(reason)))
        self.rejected += frame.height

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {"line": one.line, "column": one.column, "value": one.value, "reason": one.reason.value}
            for one in sorted(self.rejects, key=lambda one: one.line)
        ]


def left_out_in_words(counts: dict[str, int]) -> list[str]:
    """A phrase for each kind of what was left out, such as 'Parts of countries: 210'."""
    return [f"{LeftOut(kind).label}: {count}" for kind, count in sorted(counts.items())]


def write_rejects(file: IO[str], reports: Iterable[tuple[str, list[dict[str, Any]]]]) -> None:
    """A CSV of rejects, as `ImportRun.rejects` keeps them, of files by name; made harmless for spreadsheets."""
    writer = csv.writer(file)
    writer.writerow([_("File"), _("Line"), _("Column"), _("Value"), _("Reason")])
    for name, rejects in reports:
        for one in rejects:
            reason = RejectReason(one["reason"]).label
            writer.writerow([guarded(name), one["line"], guarded(one["column"]), guarded(one["value"]), reason])
