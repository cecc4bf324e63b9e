"""What of a frame of text is a value, what is left out and what is rejected, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl
from django.utils import timezone

from reports.choices import ObservationStatus, RejectReason
from reports.importers.layouts import (
    COLUMN,
    COUNTRY_ID,
    DAY,
    LEFT_OUT,
    REASON,
    VALUE,
    Layout,
    has_form_of,
    start_of_period,
)
from reports.importers.tables import LINE, is_short, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.importers.catalogue import Known

# What the database keeps of a number: see `Observation.value`.
NUMBER = pl.Decimal(24, 6)
NOTE_LENGTH = 255
SHOWN_LENGTH = 100
TOO_LARGE = 1e18
EARLIEST_YEAR = 1800


@dataclass
class Judged:
    """`values` has a row for each value, ready to be staged; `rejects` one for each row or cell that is refused."""

    values: pl.DataFrame
    rejects: pl.DataFrame
    rows: int
    left_out: Counter[str] = field(default_factory=Counter)


def judge(layout: Layout, frame: pl.DataFrame) -> Judged:
    rows, row_rejects, left_out = judge_rows(layout, frame)
    values, cell_rejects = judge_cells(layout, rows)
    return Judged(values, pl.concat([row_rejects, cell_rejects]), frame.height, left_out)


def first_reason(checks: Iterable[tuple[RejectReason, pl.Expr]]) -> pl.Expr:
    """The first of these conditions that holds, as its reason; null where none does."""
    reason = [pl.when(condition.fill_null(value=False)).then(pl.lit(one.value)) for one, condition in checks]
    return pl.coalesce(*reason)


def judge_rows(layout: Layout, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, Counter[str]]:
    """The rows of countries and days that are known, the rejects, and how many rows are of what else is known.

    A row has the country's id as `COUNTRY_ID`, and its day as `DAY` unless the layout has days for columns.
    """
    found = frame.with_columns(*layout.places.lookup(layout.place))
    for kind, condition in layout.known_rows:
        found = found.with_columns(pl.when(condition).then(pl.lit(kind.value)).otherwise(LEFT_OUT).alias(LEFT_OUT))
    checks = [
        (RejectReason.SHORT_ROW, is_short(layout.rows.columns)),
        (RejectReason.LONG_ROW, is_whole().not_()),
        (RejectReason.COUNTRY, pl.col(LEFT_OUT).is_null() & pl.col(COUNTRY_ID).is_null()),
    ]
    if layout.only_country is not None:
        checks.append((RejectReason.OTHER_COUNTRY, pl.col(COUNTRY_ID) != layout.only_country))
    if layout.read_period is not None:
        day = layout.read_period(pl.col(layout.period))
        if layout.row_frequency is not None:
            column, meanings = layout.row_frequency
            day = pl.when(pl.col(column).is_in(list(meanings))).then(day)
        found = found.with_columns(day.alias(DAY))
        checks.append((RejectReason.DATE, pl.col(LEFT_OUT).is_null() & pl.col(DAY).is_null()))
        checks.append((RejectReason.DATE_RANGE, pl.col(LEFT_OUT).is_null() & is_out_of_range(pl.col(DAY))))
    found = found.with_columns(first_reason(checks).alias(REASON))
    refused = found.filter(pl.col(REASON).is_not_null())
    known = found.filter(pl.col(REASON).is_null())
    left_out = Counter(known.get_column(LEFT_OUT).drop_nulls().to_list())
    return known.filter(pl.col(LEFT_OUT).is_null()), row_rejects(layout, refused), left_out


def is_out_of_range(day: pl.Expr) -> pl.Expr:
    return (day > timezone.now().date()) | (day.dt.year() < EARLIEST_YEAR)


def row_rejects(layout: Layout, refused: pl.DataFrame) -> pl.DataFrame:
    """The rejects of rows: where the place or the date is to blame, its column and what stands in it."""
    reason = pl.col(REASON)
    of_place = reason.is_in([RejectReason.COUNTRY.value, RejectReason.OTHER_COUNTRY.value])
    of_period = reason.is_in([RejectReason.DATE.value, RejectReason.DATE_RANGE.value])
    period = layout.period or layout.place
    return refused.select(
        pl.col(LINE).alias("line"),
        pl.when(of_place)
        .then(pl.lit(layout.place))
        .when(of_period)
        .then(pl.lit(period))
        .otherwise(pl.lit(""))
        .alias("column"),
        pl.when(of_place)
        .then(layout.place)
        .when(of_period)
        .then(period)
        .otherwise(pl.lit(""))
        .str.slice(0, SHOWN_LENGTH)
        .alias("value"),
        reason.alias("reason"),
    )


def judge_cells(layout: Layout, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The values of rows of which place and date are known, and the rejects among them."""
    long = rows.unpivot(on=layout.cells, index=kept_columns(layout), variable_name=COLUMN, value_name=VALUE)
    has_text = pl.col(VALUE).is_in(layout.missing).not_()
    long = long.with_columns(indicator_of(layout), pl.when(has_text).then(VALUE).alias("text"))
    long = long.with_columns(frequency_of(layout), pl.col("text").cast(NUMBER, strict=False).alias("value"))
    if layout.days:
        long = long.with_columns(pl.col(COLUMN).replace_strict(layout.days, return_dtype=pl.Date).alias(DAY))
    if layout.scopes is not None:
        long = long.join(layout.scopes, on=[layout.place, COLUMN], how="left")
    long = long.with_columns(status_of(layout))
    long = long.with_columns(first_reason(cell_checks(layout)).alias(REASON))
    refused = pl.col(REASON).is_not_null()
    return staged(layout, long.filter(refused.not_())), cell_rejects(layout, long.filter(refused))


def kept_columns(layout: Layout) -> list[str]:
    """What each value has to be told beside its row's number."""
    names = [
        LINE,
        layout.place,
        layout.period,
        COUNTRY_ID,
        "" if layout.days else DAY,
        layout.indicator_column,
        layout.status,
        layout.note,
        layout.row_frequency[0] if layout.row_frequency else "",
    ]
    return list(dict.fromkeys(name for name in names if name))


def by_indicator(layout: Layout, facts: dict[str, int] | dict[str, str], dtype: type[pl.DataType]) -> pl.Expr:
    column = layout.indicator_column or COLUMN
    return pl.col(column).replace_strict(facts, default=None, return_dtype=dtype)


def indicators_by_text(layout: Layout) -> dict[str, Known]:
    return dict(layout.by_code) if layout.indicator_column else dict(layout.by_column)


def indicator_of(layout: Layout) -> pl.Expr:
    if layout.only is not None:
        return pl.lit(layout.only.pk, pl.Int64).alias("indicator_id")
    ids = {text: one.pk for text, one in indicators_by_text(layout).items()}
    return by_indicator(layout, ids, pl.Int64).alias("indicator_id")


def frequency_of(layout: Layout) -> pl.Expr:
    if layout.row_frequency is not None:
        column, meanings = layout.row_frequency
        return pl.col(column).replace_strict(meanings, default=None, return_dtype=pl.String).alias("frequency")
    if layout.only is not None:
        return pl.lit(layout.only.frequency).alias("frequency")
    frequencies = {text: one.frequency for text, one in indicators_by_text(layout).items()}
    return by_indicator(layout, frequencies, pl.String).alias("frequency")


def status_of(layout: Layout) -> pl.Expr:
    usual = pl.when(pl.col("text").is_null()).then(pl.lit("M")).otherwise(pl.lit("A"))
    if not layout.status:
        return usual.alias("status")
    return pl.when(pl.col(layout.status) == "").then(usual).otherwise(layout.status).alias("status")


def cell_checks(layout: Layout) -> list[tuple[RejectReason, pl.Expr]]:
    is_number = pl.col("value").is_not_null()
    is_unread = pl.col("text").is_not_null() & is_number.not_()
    is_large = pl.col("text").cast(pl.Float64, strict=False).abs() >= TOO_LARGE
    # The last numbers below the bound would be rounded up to it, by the database if not before.
    checks = [
        (RejectReason.FORMULA, pl.col("text").str.starts_with("=")),
        (RejectReason.INDICATOR, pl.col("indicator_id").is_null()),
        (RejectReason.TOO_LARGE, is_large & pl.col("text").str.contains(r"^[-+]?[0-9]")),
        (RejectReason.NUMBER, is_unread),
        (RejectReason.SCALE, is_off_scale(layout)),
    ]
    if layout.period_forms:
        wrong_form = has_form_of(pl.col(layout.period), pl.col("frequency")).not_()
        inside = pl.col(DAY) != start_of_period(pl.col(DAY), pl.col("frequency"))
        checks.insert(2, (RejectReason.DATE, wrong_form | inside))
    if layout.status:
        checks.append((RejectReason.STATUS, pl.col("status").is_in(ObservationStatus.values).not_()))
        checks.append((RejectReason.NO_VALUE, (pl.col("status") == ObservationStatus.MISSING) == is_number))
    if layout.note:
        checks.append((RejectReason.NOTE, pl.col(layout.note).str.len_chars() > NOTE_LENGTH))
    return checks


def is_off_scale(layout: Layout) -> pl.Expr:
    """Whether a value of an ordinal indicator is none of its scale, or no integer where the scale has no labels."""
    value = pl.col("value").cast(pl.Float64)
    off = [
        (pl.col("indicator_id") == one.pk)
        & (value.is_in([float(number) for number in one.scale]).not_() if one.scale else value != value.floor())
        for one in layout.indicators
        if one.scale is not None
    ]
    return pl.any_horizontal(off) if off else pl.lit(value=False)


def staged(layout: Layout, good: pl.DataFrame) -> pl.DataFrame:
    scope = pl.col("scope").fill_null("") if layout.scopes is not None else pl.lit("")
    return good.select(
        pl.col(LINE).alias("line"),
        pl.lit(layout.cells[0]).alias("cell") if layout.indicator_column else pl.col(COLUMN).alias("cell"),
        "indicator_id",
        pl.col(COUNTRY_ID).alias("country_id"),
        pl.col(DAY).alias("day"),
        start_of_period(pl.col(DAY), pl.col("frequency")).alias("period_start"),
        "frequency",
        "value",
        "status",
        pl.when(pl.col("value").is_not_null()).then(scope).otherwise(pl.lit("")).alias("scope"),
        (pl.col(layout.note) if layout.note else pl.lit("")).alias("note"),
    )


def cell_rejects(layout: Layout, refused: pl.DataFrame) -> pl.DataFrame:
    """The rejects of cells, with the column that is to blame and what stands in it."""
    reason = pl.col(REASON)
    blamed = {
        RejectReason.INDICATOR: layout.indicator_column,
        RejectReason.DATE: layout.period,
        RejectReason.STATUS: layout.status,
        RejectReason.NO_VALUE: layout.status,
        RejectReason.NOTE: layout.note,
    }
    column, value = pl.col(COLUMN), pl.col(VALUE)
    for one, name in blamed.items():
        if name:
            column = pl.when(reason == one.value).then(pl.lit(name)).otherwise(column)
            value = pl.when(reason == one.value).then(name).otherwise(value)
    shown = value.str.slice(0, SHOWN_LENGTH).alias("value")
    return refused.select(pl.col(LINE).alias("line"), column.alias("column"), shown, reason.alias("reason"))
