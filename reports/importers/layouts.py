"""What a profile says of one file: which columns hold the place, the period and the values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import polars as pl

from reports.choices import Frequency

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Mapping

    from reports.choices import LeftOut, RejectReason
    from reports.importers.catalogue import Known
    from reports.importers.files import TextFile
    from reports.importers.places import Places

# Names of columns that no file can have, since this character refuses it.
COLUMN, VALUE = "\x1ecolumn", "\x1evalue"
COUNTRY_ID, DAY, LEFT_OUT, REASON = "\x1ecountry", "\x1eday", "\x1eleft out", "\x1ereason"
ORDER = [Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.ANNUAL]


class Rows(Protocol):
    """Where rows come from: a delimited file, or a sheet of a workbook. See `tables.Table`."""

    @property
    def file(self) -> TextFile: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    def frames(self) -> Iterator[tuple[pl.DataFrame, int]]: ...


@dataclass(frozen=True)
class Layout:
    """How to read one file.

    Values stand in the columns `cells`. Each column is an indicator (`by_column`) or a day (`days`, all of the one
    indicator `only`), or the one column of values goes with codes of indicators in another (`indicator_column`, which
    names one of `by_code`).
    `frequency` is what the file has values for, None where that is the matter of each indicator, or of each row
    (`row_frequency`: a column, and frequencies by its texts). With `period_forms`, periods are written as their
    indicator's frequency demands. `known_rows` are conditions under which a row is left out, whatever its place.
    """

    rows: Rows
    place: str
    places: Places
    cells: tuple[str, ...]
    frequency: str | None
    by_column: Mapping[str, Known] = field(default_factory=dict)
    only: Known | None = None
    days: Mapping[str, datetime.date] = field(default_factory=dict)
    indicator_column: str = ""
    by_code: Mapping[str, Known] = field(default_factory=dict)
    period: str = ""
    read_period: Callable[[pl.Expr], pl.Expr] | None = None
    period_forms: bool = False
    row_frequency: tuple[str, Mapping[str, str]] | None = None
    known_rows: tuple[tuple[LeftOut, pl.Expr], ...] = ()
    missing: tuple[str, ...] = ("",)
    scopes: pl.DataFrame | None = None
    status: str = ""
    note: str = ""
    only_country: int | None = None
    left_out_columns: Mapping[str, LeftOut] = field(default_factory=dict)
    unknown_columns: Mapping[str, RejectReason] = field(default_factory=dict)

    @property
    def indicators(self) -> list[Known]:
        found = [self.only] if self.only else [*self.by_column.values(), *self.by_code.values()]
        return list({one.pk: one for one in found}.values())

    @property
    def collapses(self) -> bool:
        """Whether several values of the file become one of a longer period."""
        return self.frequency is not None and any(
            ORDER.index(Frequency(one.frequency)) > ORDER.index(Frequency(self.frequency)) for one in self.indicators
        )


def iso_days(text: pl.Expr) -> pl.Expr:
    """Days such as 2020-05-24; anything else is null."""
    is_iso = text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    return pl.when(is_iso).then(text).str.to_date("%Y-%m-%d", strict=False)


def years(text: pl.Expr) -> pl.Expr:
    """The first days of years such as 2020."""
    is_year = text.str.contains(r"^[0-9]{4}$")
    return pl.when(is_year).then(text + "-01-01").str.to_date("%Y-%m-%d", strict=False)


def days_since(zero: datetime.date) -> Callable[[pl.Expr], pl.Expr]:
    """Days that are counted from one, such as 124 or -3."""

    def read(text: pl.Expr) -> pl.Expr:
        count = pl.when(text.str.contains(r"^-?[0-9]{1,5}$")).then(text).cast(pl.Int64, strict=False)
        return pl.lit(zero) + pl.duration(days=count)

    return read


SDMX_FORMS = {
    Frequency.ANNUAL: r"^[0-9]{4}$",
    Frequency.QUARTERLY: r"^[0-9]{4}-Q[1-4]$",
    Frequency.MONTHLY: r"^[0-9]{4}-(0[1-9]|1[0-2])$",
    Frequency.WEEKLY: r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$",
    Frequency.DAILY: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
}


def sdmx_periods(text: pl.Expr) -> pl.Expr:
    """The first days of SDMX time periods: 2021, 2021-Q2, 2021-05, 2021-W07, 2021-05-17."""
    year = text.str.slice(0, 4)
    month_of_quarter = (text.str.slice(6, 1).cast(pl.Int32, strict=False) * 3 - 2).cast(pl.String).str.zfill(2)
    week = (text + "-1").str.to_date("%G-W%V-%u", strict=False)
    return pl.coalesce(
        years(text),
        pl.when(has_form(text, Frequency.QUARTERLY)).then(iso_days(year + "-" + month_of_quarter + "-01")),
        pl.when(has_form(text, Frequency.MONTHLY)).then(iso_days(text + "-01")),
        pl.when(has_form(text, Frequency.WEEKLY)).then(week),
        iso_days(text),
    )


def has_form(text: pl.Expr, frequency: Frequency) -> pl.Expr:
    return text.str.contains(SDMX_FORMS[frequency])


def has_form_of(text: pl.Expr, frequency: pl.Expr) -> pl.Expr:
    """Whether a time period is written in the form of a frequency, or as a day."""
    forms = [(frequency == one) & has_form(text, one) for one in SDMX_FORMS]
    return has_form(text, Frequency.DAILY) | pl.any_horizontal(forms)


def start_of_period(day: pl.Expr, frequency: pl.Expr) -> pl.Expr:
    """The first day of the period of a frequency (SDMX) in which a day lies; weeks begin on Monday."""
    return (
        pl.when(frequency == Frequency.DAILY)
        .then(day)
        .when(frequency == Frequency.WEEKLY)
        .then(day.dt.truncate("1w"))
        .when(frequency == Frequency.MONTHLY)
        .then(day.dt.truncate("1mo"))
        .when(frequency == Frequency.QUARTERLY)
        .then(day.dt.truncate("1q"))
        .otherwise(day.dt.truncate("1y"))
    )
