"""Frames of text judged without a database: values, what is left out, and what is refused, by the words of a layout."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from django.utils import timezone

from reports.choices import Certainty, LeftOut, RejectReason
from reports.importers.catalogue import Known
from reports.importers.files import END_OF_RECORD
from reports.importers.judging import SHOWN_LENGTH, judge
from reports.importers.layouts import COUNTRY_ID, DAY, Layout, iso_days, sdmx_periods, years
from reports.importers.measures import SCOPE_LENGTH, URL_LENGTH, Content, read_row, written
from reports.importers.places import Places
from reports.importers.profiles.cccsl import COLUMNS
from reports.importers.reporting import FileReport
from reports.importers.tables import END, LINE
from reports.models import Measure, MeasureSource, MeasureText

if TYPE_CHECKING:
    from reports.importers.layouts import Rows

pytestmark = pytest.mark.one_database
PLACES = Places({"KAZ": 1, "GEO": 2}, {"WLD": LeftOut.AGGREGATE})
GDP = Known(10, "GDP", "A", "")
CLOSING = Known(11, "CLOSING", "D", "", frozenset({0, 1, 3}))
STEPS = Known(12, "STEPS", "M", "", frozenset())


@dataclass
class Named:
    """Columns without a file: what a layout asks of rows that are in a frame already."""

    columns: tuple[str, ...]
    file: Any = None
    frames: Any = field(default=None)


def layout(*columns: str, **facts: Any) -> Layout:
    rows: Rows = Named(columns)
    defaults: dict[str, Any] = {
        "place": "code",
        "places": PLACES,
        "period": "year",
        "read_period": years,
        "frequency": "A",
    }
    defaults |= {"rows": rows, "cells": ("value",), "by_column": {"value": GDP}}
    return Layout(**(defaults | facts))


def frame(layout: Layout, *lines: str) -> pl.DataFrame:
    """Rows as the reader of files gives them: the number of the line, the texts, and a mark behind the last."""
    names = [LINE, *layout.rows.columns, END]
    rows = [[*line.split(","), END_OF_RECORD][: len(names) - 1] for line in lines]
    filled = [[number, *row, *[None] * (len(names) - 1 - len(row))] for number, row in enumerate(rows, start=2)]
    schema = {LINE: pl.Int64, **dict.fromkeys(names[1:], pl.String)}
    return pl.DataFrame(filled, schema=schema, orient="row")


def rejects(found: pl.DataFrame) -> list[tuple[Any, ...]]:
    return found.select("line", "column", "value", "reason").rows()


def test_of_rows_values_are_kept_what_is_known_is_left_out_and_the_rest_is_refused() -> None:
    one = layout("code", "year", "value")
    found = judge(one, frame(one, "KAZ,2020,5.5", "WLD,2020,9", "QQQ,2020,1", "GEO,20,1", "GEO,2021,", "GEO,2020"))
    assert found.rows == 6
    assert found.left_out == {"aggregate": 1}
    kept = found.values.select("line", "country_id", "indicator_id", "day", "value", "status", "scope", "note").rows()
    first, second = datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)
    assert kept == [(2, 1, 10, first, Decimal("5.5"), "A", "", ""), (6, 2, 10, second, None, "M", "", "")]
    assert rejects(found.rejects) == [
        (4, "code", "QQQ", RejectReason.COUNTRY),
        (5, "year", "20", RejectReason.DATE),
        (7, "", "", RejectReason.SHORT_ROW),
    ]


def test_a_frame_without_rows_gives_frames_without_rows_and_the_same_columns() -> None:
    one = layout("code", "year", "value")
    empty, full = judge(one, frame(one)), judge(one, frame(one, "KAZ,2020,5"))
    assert (empty.rows, empty.values.height, empty.rejects.height, empty.left_out) == (0, 0, 0, {})
    assert empty.values.schema == full.values.schema


@pytest.mark.parametrize(
    ("offset", "reason"), [(0, None), (1, RejectReason.DATE_RANGE), (-1, None)], ids=["today", "tomorrow", "yesterday"]
)
def test_a_value_may_be_of_today_and_of_no_later_day(offset: int, reason: str | None) -> None:
    one = layout("code", "year", "value", read_period=iso_days)
    day = (timezone.now() + datetime.timedelta(days=offset)).date().isoformat()
    found = judge(one, frame(one, f"KAZ,{day},5"))
    assert rejects(found.rejects) == ([(2, "year", day, reason)] if reason else [])


@pytest.mark.parametrize(("year", "kept"), [("1799", 0), ("1800", 1)])
def test_figures_begin_with_the_nineteenth_century(year: str, kept: int) -> None:
    one = layout("code", "year", "value")
    assert judge(one, frame(one, f"KAZ,{year},5")).values.height == kept


def test_each_column_of_values_is_an_indicator_and_is_judged_by_its_own_scale() -> None:
    scales = {"closing": CLOSING, "steps": STEPS, "value": GDP}
    one = layout("code", "year", *scales, cells=tuple(scales), by_column=scales)
    found = judge(one, frame(one, "KAZ,2020,1,7,0.5", "KAZ,2021,2,7.5,-0.5", "KAZ,2022,3.0,-4,="))
    assert {(row["line"], row["cell"]) for row in found.values.iter_rows(named=True)} == {
        *((2, "closing"), (2, "steps"), (2, "value"), (3, "value"), (4, "closing"), (4, "steps")),
    }
    assert sorted(rejects(found.rejects)) == [
        (3, "closing", "2", RejectReason.SCALE),
        (3, "steps", "7.5", RejectReason.SCALE),
        (4, "value", "=", RejectReason.FORMULA),
    ]


def test_days_for_columns_are_values_of_one_indicator() -> None:
    days = {"30Jan": datetime.date(2020, 1, 30), "31Jan": datetime.date(2020, 1, 31)}
    facts: dict[str, Any] = {
        "cells": tuple(days),
        "days": days,
        "only": STEPS,
        "by_column": {},
        "period": "",
        "read_period": None,
    }
    one = layout("code", *days, missing=("", "NA"), frequency="D", **facts)
    found = judge(one, frame(one, "KAZ,1,NA", "QQQ,1,2", "WLD,x,y"))
    kept = found.values.select("day", "period_start", "frequency", "value", "status").rows()
    assert kept == [
        (days["30Jan"], datetime.date(2020, 1, 1), "M", Decimal(1), "A"),
        (days["31Jan"], datetime.date(2020, 1, 1), "M", None, "M"),
    ]
    assert rejects(found.rejects) == [(3, "code", "QQQ", RejectReason.COUNTRY)]
    assert found.left_out == {"aggregate": 1}
    assert one.collapses, "days become months"


@pytest.mark.parametrize(
    ("file", "indicators", "collapses"),
    [("D", "D", False), ("D", "DA", True), ("A", "A", False), ("W", "M", True), ("M", "D", False), (None, "DA", False)],
)
def test_values_collapse_where_an_indicator_has_longer_periods_than_the_file(
    file: str | None, indicators: str, *, collapses: bool
) -> None:
    known = {name: Known(number, name, name, "") for number, name in enumerate(indicators)}
    assert layout("code", frequency=file, by_column=known).collapses == collapses


def test_an_indicator_that_several_columns_and_codes_name_is_there_once() -> None:
    both = {"a": GDP, "b": GDP, "c": CLOSING}
    assert layout("code", by_column=both, by_code={"d": GDP}).indicators == [GDP, CLOSING]
    assert layout("code", by_column=both, only=STEPS).indicators == [STEPS]


def test_a_row_may_say_its_own_frequency() -> None:
    meanings = {"weekly": "W", "monthly": "M"}
    one = layout("code", "year", "unit", "value", read_period=iso_days, row_frequency=("unit", meanings))
    found = judge(one, frame(one, "KAZ,2021-05-19,weekly,1", "KAZ,2021-05-19,monthly,2", "KAZ,2021-05-19,hourly,3"))
    starts = found.values.select("frequency", "period_start").rows()
    assert starts == [("W", datetime.date(2021, 5, 17)), ("M", datetime.date(2021, 5, 1))]
    assert rejects(found.rejects) == [(4, "year", "2021-05-19", RejectReason.DATE)]


NATIONAL = ("code", "indicator", "year", "value", "status", "note")
NATIONAL_FACTS: dict[str, Any] = {
    "indicator_column": "indicator",
    "by_code": {"G": GDP, "S": STEPS},
    "by_column": {},
    "frequency": None,
    "read_period": sdmx_periods,
    "period_forms": True,
    "status": "status",
    "note": "note",
}


@pytest.mark.parametrize(
    ("row", "reject"),
    [
        ("KAZ,G,2020,5,,", None),
        ("KAZ,G,2020-01-01,5,E,", None),
        ("KAZ,S,2020-02,5,P,early", None),
        ("KAZ,G,2020,,M,lost", None),
        ("KAZ,X,2020,5,,", ("indicator", "X", RejectReason.INDICATOR)),
        ("KAZ,G,2020-02,5,,", ("year", "2020-02", RejectReason.DATE)),
        ("KAZ,S,2020,5,,", ("year", "2020", RejectReason.DATE)),
        ("KAZ,S,2020-02-02,5,,", ("year", "2020-02-02", RejectReason.DATE)),
        ("KAZ,G,2020,5,e,", ("status", "e", RejectReason.STATUS)),
        ("KAZ,G,2020,5,M,", ("status", "M", RejectReason.NO_VALUE)),
        ("KAZ,G,2020,,B,", ("status", "B", RejectReason.NO_VALUE)),
        ("KAZ,G,2020,5 %,X,", ("value", "5 %", RejectReason.NUMBER)),
        ("KAZ,X,2020,=A1,,", ("value", "=A1", RejectReason.FORMULA)),
        (f"KAZ,G,2020,5,,{'n' * 255}", None),
        (f"KAZ,G,2020,5,,{'n' * 256}", ("note", "n" * SHOWN_LENGTH, RejectReason.NOTE)),
        (f"KAZ,G,2020,{'x' * 200},,", ("value", "x" * SHOWN_LENGTH, RejectReason.NUMBER)),
    ],
)
def test_of_a_row_that_names_its_indicator_the_column_to_blame_is_named(
    row: str, reject: tuple[str, str, RejectReason] | None
) -> None:
    one = layout(*NATIONAL, **NATIONAL_FACTS)
    found = judge(one, frame(one, row))
    assert rejects(found.rejects) == ([(2, *reject)] if reject else [])
    assert found.values.height == (0 if reject else 1)


def test_a_value_has_a_scope_and_no_value_has_none() -> None:
    scopes = pl.DataFrame({"code": ["KAZ", "KAZ"], "\x1ecolumn": ["a", "b"], "scope": ["1", "0"]})
    both = {"a": CLOSING, "b": CLOSING}
    one = layout("code", "year", *both, cells=("a", "b"), by_column=both, scopes=scopes)
    found = judge(one, frame(one, "KAZ,2020,1,", "GEO,2020,1,1"))
    scoped = {(row["country_id"], row["cell"]): row["scope"] for row in found.values.iter_rows(named=True)}
    assert scoped == {(1, "a"): "1", (1, "b"): "", (2, "a"): "", (2, "b"): ""}


@pytest.mark.parametrize(("only", "values", "reasons"), [(1, 1, [RejectReason.OTHER_COUNTRY]), (None, 2, [])])
def test_an_upload_for_one_country_brings_no_other(only: int | None, values: int, reasons: list[str]) -> None:
    one = layout("code", "year", "value", only_country=only)
    found = judge(one, frame(one, "KAZ,2020,5", "GEO,2020,5", "WLD,2020,5"))
    assert (found.values.height, found.rejects.get_column("reason").to_list()) == (values, reasons)


# Measures

SCHOOLS = ("Social distancing", "Closure of educational institutions", "Complete closure", "Kindergartens")
ROW = dict(
    zip(COLUMNS, ("7", "Austria", "AUT", "Austria", "2020-03-16", *SCHOOLS, "", ""), strict=True),
) | {LINE: 2, COUNTRY_ID: 5, DAY: datetime.date(2020, 3, 16)}


def content_of(**changed: str) -> tuple[Content | None, FileReport]:
    report = FileReport("measures.csv")
    return read_row(ROW | changed, report), report


@pytest.mark.parametrize(
    ("region", "level", "scope"),
    [
        ("", "national", ""),
        (" Austria ", "national", ""),
        (" Tyrol ", "regional", "Tyrol"),
        ("Wien", "regional", "Wien"),
    ],
)
def test_a_measure_is_national_unless_a_region_is_named(region: str, level: str, scope: str) -> None:
    content, _report = content_of(Region=region)
    assert content is not None
    assert (content.level, content.scope) == (level, scope)


@pytest.mark.parametrize(
    ("source", "urls", "description"),
    [
        ("", (), "Kindergartens"),
        ("A paper, page 3", (), "Kindergartens\nA paper, page 3"),
        (
            "see https://a.example, http://b.example;https://a.example",
            ("https://a.example", "http://b.example"),
            "Kindergartens",
        ),
        ("ftp://a.example/x", (), "Kindergartens\nftp://a.example/x"),
    ],
)
def test_addresses_are_found_within_a_source_and_words_are_kept(
    source: str, urls: tuple[str, ...], description: str
) -> None:
    content, report = content_of(Source=source)
    assert content is not None
    assert (content.urls, content.description, report.rejected) == (urls, description, 0)


def test_an_address_that_is_too_long_is_refused_without_its_measure() -> None:
    fits = f"https://a.example/{'x' * URL_LENGTH}"[:URL_LENGTH]
    content, report = content_of(Source=f"{fits} {fits}x")
    assert content is not None
    assert content.urls == (fits,)
    assert [(one.column, one.value, one.reason) for one in report.rejects] == [
        ("Source", fits[:100], RejectReason.TEXT)
    ]


@pytest.mark.parametrize(("length", "kept"), [(SCOPE_LENGTH, True), (SCOPE_LENGTH + 1, False)])
def test_a_region_has_to_fit(length: int, *, kept: bool) -> None:
    content, report = content_of(Region="r" * length)
    assert ((content is not None), [one.column for one in report.rejects]) == (kept, [] if kept else ["Region"])


def test_a_kind_without_a_subject_is_its_own_title() -> None:
    content, _report = content_of(Measure_L3="", Measure_L4="", Comment="  Until Easter ")
    assert content is not None
    assert (content.title, content.description) == ("Closure of educational institutions", "Until Easter")


def test_every_fact_of_a_measure_is_in_its_digest() -> None:
    content, _report = content_of(Source="https://a.example/x https://b.example/y")
    assert content is not None
    others = {
        *(replace(content, country=6), replace(content, category="C2"), replace(content, level="regional")),
        *(replace(content, start=datetime.date(2020, 3, 17)), replace(content, scope="Tyrol")),
        *(replace(content, title="Other"), replace(content, description="Other"), replace(content, urls=())),
        replace(content, urls=content.urls[::-1]),
    }
    assert len({one.digest() for one in others} | {content.digest()}) == 10
    assert replace(content).digest() == content.digest() == content.facts()["import_digest"]


def test_a_record_that_nobody_has_edited_has_the_digest_of_its_import() -> None:
    """Of the texts only the English one is written by an import; other languages are the work of people."""
    content, _report = content_of(Source="https://b.example/y https://a.example/x")
    assert content is not None
    measure = Measure(pk=1, end_certainty=Certainty.UNKNOWN, **content.facts())
    measure.texts = [
        MeasureText(language="ru", title="Закрытие школ"),
        MeasureText(language="en", title=content.title, description=content.description),
    ]
    measure.sources = [MeasureSource(pk=number, url=url) for number, url in enumerate(content.urls, start=1)]
    assert written(measure) == content
    measure.texts = [MeasureText(language="ru", title="Закрытие школ")]
    assert written(measure).digest() != measure.import_digest
