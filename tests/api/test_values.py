"""Parameters at their edges: other ways of writing a day, the last values that are taken, and who is told what."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict

from cms.api import parameters
from cms.api.operations import kinds
from cms.api.parameters import LONGEST_TEXT, MOST_CODES, BadParameterError, Parameter, read_all
from cms.api.registries import endpoints

EVERY_PARAMETER = [
    *((kind.name, one) for kind in kinds() for one in (*kind.parameters, *kind.find, *kind.in_detail)),
    *((route, one) for route, endpoint in endpoints().items() for one in (*endpoint.in_path, *endpoint.parameters)),
]
NAMED = [pytest.param(one, id=f"{place} {one.name}") for place, one in EVERY_PARAMETER]


def value_of(parameter: Parameter, query: str) -> Any:
    return read_all([parameter], QueryDict(query))[parameter.name]


def refusal(parameter: Parameter, query: str) -> str:
    with pytest.raises(BadParameterError) as caught:
        value_of(parameter, query)
    return str(caught.value)


@pytest.mark.parametrize("text", ["2021-05-31", "20210531", "2021-W22-1", "2021W221"])
def test_a_day_has_the_same_end_however_it_is_written(text: str) -> None:
    day = datetime.date(2021, 5, 31)
    begin = datetime.datetime.combine(day, datetime.time.min, datetime.UTC)
    end = datetime.datetime.combine(day, datetime.time.max, datetime.UTC)
    assert value_of(parameters.moment("at", "x"), f"at={text}") == begin
    assert value_of(parameters.moment("at", "x", is_end=True), f"at={text}") == end
    assert value_of(parameters.day("on", "x"), f"on={text}") == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-31T00:00", "2021-05-31T00:00:00"),
        ("2021-05-31T00:00Z", "2021-05-31T00:00:00"),
        ("2021-05-31T00:00:00.25Z", "2021-05-31T00:00:00.250000"),
        ("2021-05-31T00:00%2B05:45", "2021-05-30T18:15:00"),
        ("2021-05-31T00:00+05:45", "2021-05-30T18:15:00"),
        ("2021-05-31T23:30-01:00", "2021-06-01T00:30:00"),
        ("2021-05-31+12:00", "2021-05-31T12:00:00"),
        ("2021W05T12", "2021-02-01T12:00:00"),
    ],
)
def test_a_moment_stays_itself_at_either_end(text: str, expected: str) -> None:
    """A plus sign that nobody has encoded is a space when it arrives."""
    found = [value_of(parameters.moment("at", "x", is_end=is_end), f"at={text}") for is_end in (False, True)]
    assert {one.isoformat() for one in found} == {f"{expected}+00:00"}


@pytest.mark.parametrize(
    "text", ["2021-05-31T24:01", "2021-05-31T", "2021-05", "2021", "31.05.2021", "2021-02-29", "0"]
)
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    assert "2021-05-31T12:00:00Z" in refusal(parameters.moment("at", "x"), f"at={text}")


@pytest.mark.parametrize(
    ("parameter", "query", "expected"),
    [
        (parameters.text("q", "x"), f"q={'x' * LONGEST_TEXT}", "x" * LONGEST_TEXT),
        (parameters.text("q", "x"), "q=Б", "Б"),
        (parameters.number("n", "x"), "n=999999999", 999_999_999),
        (parameters.number("n", "x"), "n=000000007", 7),
        (parameters.number("n", "x", least=1, most=9), "n=1", 1),
        (parameters.number("n", "x", least=1, most=9), "n=9", 9),
        (parameters.number("n", "x"), "n=x&n=4", 4),
        (parameters.flag("f", "x"), "f=1", True),
        (parameters.flag("f", "x"), "f=false", False),
        (parameters.period("to", "x", is_end=True), "to=9999", datetime.date.max),
        (parameters.period("to", "x", is_end=True), "to=9999-12", datetime.date.max),
        (parameters.period("to", "x", is_end=True), "to=9999-Q4", datetime.date.max),
        (parameters.period("to", "x", is_end=True), "to=2024-02", datetime.date(2024, 2, 29)),
        (parameters.period("to", "x", is_end=True), "to=1900-02", datetime.date(1900, 2, 28)),
    ],
)
def test_the_last_values_that_are_understood(parameter: Parameter, query: str, expected: Any) -> None:
    assert value_of(parameter, query) == expected


def test_as_many_codes_as_are_allowed_are_found_in_the_order_of_asking_and_once() -> None:
    rows = {str(number): number for number in range(MOST_CODES + 1)}
    parameter = parameters.codes("code", "x", lambda: rows)
    wanted = list(reversed(list(rows)))[:MOST_CODES]
    assert value_of(parameter, f"code={','.join(wanted + wanted[:5])}") == [int(code) for code in wanted]
    assert f"at most {MOST_CODES} codes" in refusal(parameter, f"code={','.join(rows)}")
    assert value_of(parameter, "code=7&code=3,7") == [7, 3]


def test_a_code_that_there_is_not_is_quoted_but_not_at_length() -> None:
    parameter = parameters.codes("country", "x", lambda: {"KZ": 1})
    assert "there is no “XX”" in refusal(parameter, "country=KZ,XX,YY")
    assert "there is no “”" in refusal(parameter, "country=KZ,")
    assert len(refusal(parameter, f"country={'K' * 5000}")) < 2 * LONGEST_TEXT


@pytest.mark.parametrize("sign", ["%00", "%09", "%0A", "%1B", "%7F", "%C2%85", "%E2%80%A8", "%E2%80%AE"])
def test_signs_that_nobody_sees_are_refused_wherever_they_stand(sign: str) -> None:
    for parameter in (parameters.text("q", "x"), parameters.codes("q", "x", lambda: {"KZ\n": 1, "\t": 2})):
        for query in (f"q={sign}", f"q=KZ{sign}", f"q={sign}KZ"):
            assert "control characters" in refusal(parameter, query)


@pytest.mark.parametrize(
    ("parameter", "query", "words"),
    [
        (parameters.number("n", "x", least=1, most=9), "n=0", "from 1 to 9"),
        (parameters.number("n", "x"), "n=²", "whole number"),
        (parameters.number("n", "x"), "n=٣", "whole number"),
        (parameters.number("n", "x"), "n=+3", "whole number"),
        (parameters.number("n", "x"), "n=1_000", "whole number"),
        (parameters.number("n", "x"), "n=0000000001", "whole number"),
        (parameters.flag("f", "x"), "f=", "true or false"),
        (parameters.one_of("o", "x", ["up", "down"]), "o=", "one of: up, down"),
        (parameters.some_of("s", "x", ["a", "b"]), "s=a&s=c", "with commas: a, b"),
        (parameters.text("q", "x"), "q=%20", "between 1 and 200"),
        (parameters.locale(), "locale=EN", ", ".join(code for code, _name in settings.LANGUAGES)),
    ],
)
def test_a_refusal_says_what_would_be_taken(parameter: Parameter, query: str, words: str) -> None:
    assert words in refusal(parameter, query)


def test_the_first_unknown_name_is_told_before_any_value_is_looked_at() -> None:
    number = parameters.number("n", "x")
    with pytest.raises(BadParameterError) as caught:
        read_all([number], QueryDict("zebra=1&apple=1&n=x"), required=["n"])
    assert caught.value.name == "apple"
    with pytest.raises(BadParameterError) as caught:
        read_all([number], QueryDict("n=x"), required=["n"])
    assert "whole number" in str(caught.value), "what was given is not asked for again"


@pytest.mark.parametrize("parameter", NAMED)
def test_what_is_taken_without_asking_is_described(parameter: Parameter) -> None:
    assert parameter.schema.get("default") == parameter.default
    if parameter.default is not None:
        assert parameter.read(str(parameter.default)) == parameter.default


WITH_EXAMPLES = [
    pytest.param(one, id=f"{place} {one.name}")
    for place, one in EVERY_PARAMETER
    if one.example is not None and not one.is_list
]


@pytest.mark.parametrize("parameter", WITH_EXAMPLES)
def test_an_example_is_understood_and_fits_its_description(parameter: Parameter) -> None:
    text = parameter.example if isinstance(parameter.example, str) else json.dumps(parameter.example)
    assert parameter.read(text) is not None
    assert text in parameter.schema.get("enum", [text])
    assert re.search(parameter.schema.get("pattern", ""), text)
