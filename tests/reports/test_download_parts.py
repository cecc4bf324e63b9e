"""Downloads, coverage and key figures piece by piece: how figures and texts are written, and what is at the edges."""

from __future__ import annotations

import csv
import datetime
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from openpyxl import load_workbook

from reports.charts import MAX_SPARK_POINTS, KeyFigure
from reports.choices import Direction, Frequency, Origin
from reports.coverage import CountryCoverage, Coverage, Span
from reports.downloads.csv_files import COLUMNS, guarded, written
from reports.downloads.csvw import REQUIRED, column, descriptions
from reports.downloads.json_files import json_parts
from reports.downloads.notation import sdmx_period
from reports.downloads.rows import BATCH, Row
from reports.downloads.selection import BadParameterError, countries_of, day_of, moment_of, origins_of
from reports.downloads.workbooks import flat, write_workbook
from reports.histories import Point, Series, missing
from reports.key_figures import LONGEST, ProfileFigure, begin
from reports.models import Indicator
from taxonomy.models import Country
from tests.factories.statistics import IMPORTED

LANGUAGES = ("en", "ru", "kk")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def row(value: str | None = "1", note: str = "", country: str = "Kazakhstan") -> Row:
    known = None if value is None else Decimal(value)
    return Row("KZ", country, "2021", "A", known, "A", "international", "", note, IMPORTED)


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (None, ""),
        ("0", "0"),
        ("0.000", "0"),
        ("-0.50", "-0.5"),
        ("1E+6", "1000000"),
        ("1200.00", "1200"),
        ("1E-9", "0.000000001"),
        ("123456789012345.6789", "123456789012345.6789"),
    ],
)
def test_a_value_is_written_in_digits_and_never_as_a_power(value: str | None, digits: str) -> None:
    assert row(value).number == digits


@pytest.mark.parametrize(
    ("text", "frequency", "period"),
    [
        ("2021-01-01", Frequency.ANNUAL, "2021"),
        ("2021-01-01", Frequency.QUARTERLY, "2021-Q1"),
        ("2021-03-31", Frequency.QUARTERLY, "2021-Q1"),
        ("2021-04-01", Frequency.QUARTERLY, "2021-Q2"),
        ("2021-10-01", Frequency.QUARTERLY, "2021-Q4"),
        ("2021-12-31", Frequency.QUARTERLY, "2021-Q4"),
        ("2021-02-01", Frequency.MONTHLY, "2021-02"),
        ("2020-12-28", Frequency.WEEKLY, "2020-W53"),
        ("2021-01-03", Frequency.WEEKLY, "2020-W53"),
        ("2021-01-04", Frequency.WEEKLY, "2021-W01"),
        ("2024-12-30", Frequency.WEEKLY, "2025-W01"),
        ("2024-02-29", Frequency.DAILY, "2024-02-29"),
    ],
)
def test_a_period_is_written_as_sdmx_does(text: str, frequency: str, period: str) -> None:
    """A week belongs to the year in which its Thursday lies."""
    assert sdmx_period(day(text), frequency) == period


@pytest.mark.parametrize("text", ["=1+1", "+7 701", "-5", "@sum", "\t=1", "\r=1", "=", "=HYPERLINK(1)"])
def test_a_text_that_a_spreadsheet_would_work_out_is_guarded_and_read_back(text: str) -> None:
    (cells,) = csv.reader(io.StringIO(written([[guarded(text)]]), newline=""))
    assert cells == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "Revised", "a=b", " =1", "5-7", "'=1", "Қайта қаралды", 'Say "no", then\r\nstop'])
def test_any_other_text_is_read_back_as_it_was(text: str) -> None:
    part = written([[guarded(text), "end"]])
    assert list(csv.reader(io.StringIO(part, newline=""))) == [[text, "end"]]
    assert part.endswith("end\r\n"), "lines end as RFC 4180 has it"


@pytest.mark.parametrize("number", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_json_is_whole_whatever_the_number_of_rows(number: int) -> None:
    parts = list(json_parts({"code": "X}", "name": "Индекс"}, iter([row("0.10")] * number)))
    found = json.loads("".join(parts))
    assert [one["value"] for one in found["values"]] == ["0.1"] * number
    assert found["indicator"] == {"code": "X}", "name": "Индекс"}
    assert len(parts) == 2 + -(-number // BATCH), "a beginning, an end and the batches"


def test_json_tells_no_value_from_zero_and_keeps_what_people_wrote() -> None:
    source = [row(None, '"quoted"\n'), row("0", "</script>", "Қазақстан")]
    absent, zero = json.loads("".join(json_parts({}, iter(source))))["values"]
    assert (absent["value"], zero["value"]) == (None, "0")
    assert (absent["note"], zero["note"], zero["country"]) == ('"quoted"\n', "</script>", "Қазақстан")
    assert absent["known_since"] == "2022-03-01T12:00:00Z"
    assert list(absent) == list(Row.__annotations__)


def sheets(facts: dict[str, Any], rows: list[Row]) -> list[Any]:
    target = io.BytesIO()
    write_workbook(target, facts, iter(rows))
    return list(load_workbook(target).worksheets)


@pytest.mark.parametrize(
    "text", ["=1+1", "=", "#N/A", "#REF!", "#DIV/0!", "#1 of all", "+7", "-5", "@sum", "0012", "TRUE"]
)
def test_a_text_in_a_spreadsheet_is_a_text_whatever_it_looks_like(text: str) -> None:
    figures, about = sheets({"caveats": text}, [row(note=text)])
    for cell in (figures["H2"], about["B1"]):
        assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x1f"])
def test_signs_that_no_cell_can_hold_do_not_keep_a_spreadsheet_from_being_written(sign: str) -> None:
    """Word processors put a vertical tab where a line was broken, and texts are pasted from these."""
    figures, about = sheets({"definition": f"First{sign}second"}, [row(note=f"{sign}=1")])
    assert about["B1"].value == "First second"
    assert (figures["H2"].value, figures["H2"].data_type) == (" =1", "s")


def test_line_breaks_stay_in_a_spreadsheet() -> None:
    _figures, about = sheets({"definition": "First\nsecond\tthird"}, [])
    assert about["B1"].value == "First\nsecond\tthird"


def test_a_spreadsheet_has_numbers_where_there_are_values_and_nothing_where_there_are_none() -> None:
    figures, _about = sheets({}, [row("0"), row(None), row("-1.50")])
    assert [figures[f"D{line}"].value for line in (2, 3, 4)] == [0, None, -1.5]
    assert figures.freeze_panes == "A2"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_sheets_are_named_in_the_language_of_the_reader(language: str) -> None:
    with translation.override(language):
        names = [sheet.title for sheet in sheets({}, [])]
    assert names != [sheet.title for sheet in sheets({}, [])]
    assert all(0 < len(name) <= 31 for name in names), "longer names are refused by spreadsheet programs"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"a": "", "b": None, "c": [], "d": {}}, []),
        ({"zero": 0, "no": False}, [("zero", "0"), ("no", "False")]),
        ({"licence": {"code": "CC0", "url": ""}}, [("licence.code", "CC0")]),
        ({"imports": [{"rows": 3}, {"rows": 4}]}, [("imports.1.rows", "3"), ("imports.2.rows", "4")]),
        ({"scale": {"values": {"0": "No", "1": "Yes"}}}, [("scale.values.0", "No"), ("scale.values.1", "Yes")]),
        ({"since": day("2021-01-01")}, [("since", "2021-01-01")]),
    ],
)
def test_facts_are_told_one_by_one(facts: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert list(flat(facts)) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_is_explained_in_every_language(language: str) -> None:
    with translation.override(language):
        found = descriptions()
        columns = {name: column(name, {"unit": {"name": "баллы"}}) for name in COLUMNS}
    assert list(found) == COLUMNS
    assert len(set(found.values())) == len(COLUMNS), "no two columns are the same"
    if language != "en":
        assert [name for name, text in found.items() if text.isascii()] == []
    assert {name for name, one in columns.items() if one.get("required")} == set(REQUIRED)
    assert {name: one["datatype"] for name, one in columns.items() if one["datatype"] != "string"} == {
        "value": "decimal",
        "known_since": "dateTime",
    }
    assert [name for name, one in columns.items() if "schema:unitText" in one] == ["value"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", None), ("2024-02-29", "2024-02-29"), ("20240229", "2024-02-29"), ("2024-W09-4", "2024-02-29")],
)
def test_a_day_is_read_in_any_form_of_the_standard(text: str, expected: str | None) -> None:
    found = day_of(QueryDict(f"from={text}"), "from")
    assert (found and found.isoformat()) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["2021-02-29", "2021-13-01", "2021", "29.02.2024", "0000-01-01", "today", "%20", "%00"]
)
def test_what_is_no_day_is_refused_by_name_in_the_language_of_the_reader(text: str, language: str) -> None:
    query = QueryDict(f"to={text}")
    with translation.override(language), pytest.raises(BadParameterError) as caught:
        day_of(query, "to")
    sentence = str(caught.value)
    assert "to" in sentence
    assert sentence.endswith(query["to"])
    assert "2020-01-31" in sentence, "as an example"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20220301", "2022-03-01T23:59:59.999999+00:00"),
        ("2022-W09-2", "2022-03-01T23:59:59.999999+00:00"),
        ("2022-03-01T00:00", "2022-03-01T00:00:00+00:00"),
        ("2022-03-01T00:00%2B05:00", "2022-02-28T19:00:00+00:00"),
        ("2022-03-01T23:00-05:00", "2022-03-02T04:00:00+00:00"),
        ("0001-01-01", "0001-01-01T23:59:59.999999+00:00"),
    ],
)
def test_a_moment_is_the_end_of_a_day_or_what_it_says(text: str, expected: str) -> None:
    moment = moment_of(QueryDict(f"as_of={text}"), "as_of")
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    ("now", "text", "is_taken"),
    [
        ("2026-03-01T23:59:59+00:00", "2026-03-01", True),
        ("2026-03-01T23:59:59+00:00", "2026-03-02", False),
        ("2026-03-01T23:59:59+00:00", "2026-03-02T04:59%2B05:00", True),
        ("2026-03-01T23:59:59+00:00", "2026-03-02T05:00%2B05:00", False),
        ("2026-03-02T03:00:00+05:00", "2026-03-02", False),
    ],
)
def test_the_future_begins_with_the_next_day_in_universal_time(
    monkeypatch: pytest.MonkeyPatch, now: str, text: str, is_taken: bool
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime.fromisoformat(now))
    query = QueryDict(f"as_of={text}")
    if is_taken:
        assert moment_of(query, "as_of") is not None
        return
    with pytest.raises(BadParameterError, match="must not lie in the future"):
        moment_of(query, "as_of")


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00%2B14:00", "9999-12-31T23:00-12:00", "2022-03-01T25:00", "now", "2022-3-1"]
)
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadParameterError, match="2020-01-31T12:00Z"):
        moment_of(QueryDict(f"as_of={text}"), "as_of")


def test_whose_figures_can_be_asked_for() -> None:
    both = (Origin.INTERNATIONAL, Origin.NATIONAL)
    asked = {text: origins_of(QueryDict(f"origin={text}")) for text in ("", "international", "national", "all")}
    assert asked == {"": both[:1], "international": both[:1], "national": both[1:], "all": both}
    for text in ("National", "both", "all,national", "%20"):
        with pytest.raises(BadParameterError, match="international, national, all"):
            origins_of(QueryDict(f"origin={text}"))


@pytest.mark.parametrize("code", ["", "%20", "12", "ΚΖ", "K%00", "K-Z", "%25"])
def test_what_cannot_be_a_country_is_refused_without_looking_it_up(code: str) -> None:
    with pytest.raises(BadParameterError, match="ISO 3166-1"):
        countries_of(QueryDict(f"country={code}"))
    assert countries_of(QueryDict("")) == ()


def covered(code: str, international: Span | None, national: Span | None = None) -> CountryCoverage:
    spans = {Origin.INTERNATIONAL: international, Origin.NATIONAL: national}
    return CountryCoverage(Country(code=code), {origin.value: span for origin, span in spans.items() if span})


NOTHING = Span(None, None, 0)
EARLY, LATE = Span(day("1990-01-01"), day("2001-01-01"), 12), Span(day("1995-01-01"), day("2020-01-01"), 3)


@pytest.mark.parametrize(
    ("countries", "expected"),
    [
        ([], (0, None, None, False)),
        ([covered("KZ", NOTHING)], (0, None, None, False)),
        ([covered("KZ", EARLY)], (1, EARLY.first, EARLY.last, False)),
        ([covered("KZ", LATE), covered("GE", EARLY)], (2, EARLY.first, LATE.last, False)),
        ([covered("KZ", LATE), covered("GE", NOTHING, EARLY)], (1, LATE.first, LATE.last, True)),
        ([covered("KZ", None, EARLY)], (0, None, None, True)),
    ],
)
def test_a_series_reaches_as_far_as_international_values_do(
    countries: list[CountryCoverage], expected: tuple[Any, ...]
) -> None:
    found = Coverage(countries)
    assert (len(found.international), found.first, found.last, found.has_national) == expected


def figure(*values: float | None, direction: str = Direction.UP) -> ProfileFigure:
    days = [datetime.date(2021, month, 1) for month in range(1, len(values) + 1)]
    points = [
        missing(when) if value is None else Point(when, Decimal(str(value)))
        for when, value in zip(days, values, strict=True)
    ]
    series = Series(Country(code="KZ"), points, bool(points))
    return ProfileFigure(KeyFigure(Indicator(code="X", direction=direction), series), None)


@pytest.mark.parametrize(
    ("values", "newest", "is_better"),
    [
        ((), None, None),
        ((None, None), None, None),
        ((0,), 0, None),
        ((None, 0, None), 0, None),
        ((-2, -1), -1, True),
        ((1, None, None, 0), 0, False),
        ((5, 1, 3, None), 3, True),
        ((0.1, 0.1), 0.1, None),
    ],
)
def test_the_newest_value_is_judged_by_the_value_before_it(
    values: tuple[float | None, ...], newest: float | None, is_better: bool | None
) -> None:
    found = figure(*values)
    assert (found.newest and found.newest.value) == (None if newest is None else Decimal(str(newest)))
    assert found.is_better is is_better
    opposite = figure(*values, direction=Direction.DOWN).is_better
    assert opposite == (None if is_better is None else not is_better)
    assert figure(*values, direction=Direction.NEUTRAL).is_better is None


@pytest.mark.parametrize("frequency", Frequency)
def test_so_many_periods_are_read_as_a_sparkline_can_show(frequency: Frequency) -> None:
    newest = day("2024-03-01")
    days = (newest - begin(newest, frequency)).days
    assert days == LONGEST[frequency] * MAX_SPARK_POINTS
    per_year = {"A": 1, "Q": 4, "M": 12, "W": 52, "D": 365}[frequency.value]
    assert days >= 365 * MAX_SPARK_POINTS / per_year - 1


@pytest.mark.parametrize("text", ["0001-01-01", "0001-12-31", "0040-01-01", "0041-12-31"])
def test_nothing_is_before_the_first_day_of_all(text: str) -> None:
    found = begin(day(text), Frequency.ANNUAL)
    assert datetime.date.min <= found <= day(text)
