"""How parameters are read, places in lists written, and types described: each by itself, with whatever comes."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, NotRequired

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import TypedDict

from cms.api import parameters
from cms.api.cursors import beyond, read, written
from cms.api.parameters import BadParameterError, Parameter, first_day, last_day, read_all
from cms.api.types import Components, any_of, nullable
from cms.api.urls import name_of
from cms.core.shapes import Picture, Problem
from reports.models import Observation

ROWS = {"KZ": "Kazakhstan", "GE": "Georgia"}
ASKED: list[tuple[Parameter, str, Any]] = [
    (parameters.text("q", "x"), "q=+window+", "window"),
    (parameters.number("last", "x", least=1, most=9), "last=3", 3),
    (parameters.flag("member", "x"), "member=true", True),
    (parameters.flag("member", "x"), "member=0", False),
    (parameters.one_of("order", "x", ["up", "down"]), "order=up", "up"),
    (parameters.one_of("order", "x", ["up", "down"]), "order=up&order=down", "down"),
    (parameters.some_of("kind", "x", ["a", "b"]), "kind=b,a,b", ["b", "a"]),
    (parameters.some_of("kind", "x", ["a", "b"]), "kind=a&kind=b", ["a", "b"]),
    (parameters.codes("country", "x", lambda: ROWS), "country=GE,KZ", ["Georgia", "Kazakhstan"]),
    (parameters.period("from", "x"), "from=2021-Q3", datetime.date(2021, 7, 1)),
    (parameters.period("to", "x", is_end=True), "to=2021-Q4", datetime.date(2021, 12, 31)),
    (parameters.day("on", "x"), "on=2020-02-29", datetime.date(2020, 2, 29)),
    (parameters.moment("at", "x"), "at=2021-05-31", datetime.datetime(2021, 5, 31, tzinfo=datetime.UTC)),
    (
        parameters.moment("at", "x"),
        "at=2021-05-31T06:00:00+06:00",
        datetime.datetime(2021, 5, 31, tzinfo=datetime.UTC),
    ),
    (
        parameters.moment("at", "x", is_end=True),
        "at=2021-05-31",
        datetime.datetime.combine(datetime.date(2021, 5, 31), datetime.time.max, datetime.UTC),
    ),
]


@pytest.mark.parametrize(("parameter", "query", "expected"), ASKED)
def test_a_parameter_reads_its_value(parameter: Parameter, query: str, expected: Any) -> None:
    assert read_all([parameter], QueryDict(query)) == {parameter.name: expected}


@pytest.mark.parametrize(
    ("parameter", "query"),
    [
        (parameters.text("q", "x"), "q="),
        (parameters.text("q", "x"), f"q={'x' * 201}"),
        (parameters.number("last", "x", least=1, most=9), "last=0"),
        (parameters.number("last", "x", least=1, most=9), "last=10"),
        (parameters.number("last", "x"), "last=1.5"),
        (parameters.number("last", "x"), "last=-1"),
        (parameters.number("last", "x"), "last=1000000000"),
        (parameters.flag("member", "x"), "member=yes"),
        (parameters.flag("member", "x"), "member=True"),
        (parameters.one_of("order", "x", ["up", "down"]), "order=UP"),
        (parameters.some_of("kind", "x", ["a", "b"]), "kind=a,,b"),
        (parameters.some_of("kind", "x", ["a", "b"]), "kind="),
        (parameters.codes("country", "x", lambda: ROWS), "country=KZ,XX"),
        (parameters.codes("country", "x", lambda: ROWS), "country=kz"),
        (parameters.codes("country", "x", lambda: ROWS), f"country={','.join(map(str, range(301)))}"),
        (parameters.day("on", "x"), "on=2021-02-29"),
        (parameters.moment("at", "x"), "at=tomorrow"),
        (parameters.moment("at", "x"), "at=0001-01-01T00:00:00+14:00"),
        (parameters.moment("at", "x"), "at=9999-12-31T23:59:59-12:00"),
        (parameters.locale(), "locale=xx"),
    ],
)
def test_a_parameter_says_what_it_would_understand(parameter: Parameter, query: str) -> None:
    with pytest.raises(BadParameterError) as caught:
        read_all([parameter], QueryDict(query))
    assert caught.value.name == parameter.name
    assert str(caught.value).startswith(f"{parameter.name}: ")
    assert str(caught.value).endswith(".")


def test_what_is_not_asked_has_its_default_and_what_must_be_asked_is_named() -> None:
    limit, q = parameters.number("limit", "x", default=20), parameters.text("q", "x")
    assert read_all([limit, q], QueryDict("")) == {"limit": 20, "q": None}
    with pytest.raises(BadParameterError, match="q: it has to be given"):
        read_all([limit, q], QueryDict("limit=1"), required=["q"])
    with pytest.raises(BadParameterError, match=r"size: there is no such parameter here. There are: limit, q."):
        read_all([limit, q], QueryDict("size=1&limit=x"))


@given(st.dates(min_value=datetime.date(1, 1, 1)))
def test_a_day_is_the_first_and_the_last_of_itself(day: datetime.date) -> None:
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(st.integers(1, 9998), st.integers(1, 12))
def test_a_month_ends_the_day_before_the_next_begins(year: int, month: int) -> None:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    assert last_day(f"{year:04}-{month:02}") == following - datetime.timedelta(days=1)


@given(st.text())
def test_whatever_is_written_a_period_is_read_or_refused(text: str) -> None:
    try:
        first = first_day(text)
    except ValueError:
        return
    assert first <= last_day(text)


VALUES = st.lists(st.none() | st.integers() | st.text(max_size=50) | st.booleans(), min_size=1, max_size=4)


@given(VALUES)
def test_a_place_is_read_as_it_was_written(values: list[Any]) -> None:
    cursor = written(values)
    assert read(cursor, len(values)) == values
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?#% ")


@given(st.text(max_size=80))
def test_what_is_no_place_is_refused(text: str) -> None:
    try:
        assert isinstance(read(text, 3), list)
    except ValueError:
        return


@given(st.lists(st.tuples(st.none() | st.integers(0, 3), st.integers(0, 9)), unique_by=lambda pair: pair[1]))
def test_what_stands_behind_a_place_is_the_rest_of_the_list(rows: list[tuple[int | None, int]]) -> None:
    """The condition, worked out here as a database does, without one."""
    ordered = sorted(rows, key=lambda row: (row[0] is None, -(row[0] or 0), row[1]))
    note, key = Observation._meta.get_field("valid_to"), Observation._meta.get_field("id")
    for place, row in enumerate(ordered):
        condition = beyond([(note, True), (key, False)], row)
        behind = [one for one in ordered if holds(condition, {"valid_to": one[0], "id": one[1]})]
        assert behind == ordered[place + 1 :]


def holds(condition: Any, row: dict[str, Any]) -> bool:
    if not hasattr(condition, "children"):
        name, _lookup, kind = condition[0].partition("__")
        value, own = condition[1], row.get("id" if name == "pk" else name)
        if kind == "in":
            return own in value
        if kind == "gt":
            return own is not None and own > value
        return (own is not None and own < value) if kind == "lt" else own == value
    parts = [holds(child, row) for child in condition.children]
    return all(parts) if condition.connector == "AND" else any(parts)


class Part(TypedDict):
    """A part."""

    text: Annotated[str, "What it says."]
    amount: NotRequired[Decimal]


class Whole(TypedDict):
    """A whole."""

    parts: list[Part]
    by_code: dict[str, int | None]
    since: datetime.date | None
    place: Annotated[str, {"format": "uri"}]


def test_typed_dictionaries_become_components() -> None:
    components = Components()
    assert components.of(Whole) == {"$ref": "#/components/schemas/Whole"}
    assert components.schemas["Part"] == {
        "type": "object",
        "description": "A part.",
        "properties": {"text": {"type": "string", "description": "What it says."}, "amount": {"type": "string"}},
        "required": ["text"],
        "additionalProperties": False,
    }
    properties = components.schemas["Whole"]["properties"]
    assert properties["parts"] == {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}
    assert properties["by_code"]["additionalProperties"] == {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert properties["since"] == {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    assert properties["place"] == {"type": "string", "format": "uri"}


def test_what_has_no_schema_is_named() -> None:
    with pytest.raises(TypeError, match="complex"):
        Components().of(complex)

    def lost() -> "Nowhere":  # type: ignore[name-defined]  # noqa: F821 - a type that nobody has imported
        """Says something that is not known."""

    with pytest.raises(TypeError, match=r"Nowhere.*Register"):
        Components().returned(lost)


def test_what_functions_return_is_described() -> None:
    def picture() -> Picture | None: ...

    def anything() -> Any: ...

    components = Components()
    assert components.returned(picture) == nullable({"$ref": "#/components/schemas/Picture"})
    assert components.returned(anything) is None
    assert {"Picture", "Rendition", "FocalPoint"} <= set(components.schemas)


def test_nothing_is_nullable_twice() -> None:
    once = nullable({"type": "string"})
    assert nullable(once) == once
    assert nullable({}) == {}, "what may be anything may be nothing"
    assert any_of([{"type": "string"}]) == {"type": "string"}


def test_a_problem_is_described_as_it_is_sent() -> None:
    components = Components()
    components.of(Problem)
    assert components.schemas["Problem"]["required"] == ["type", "title", "status", "detail", "message"]


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("countries/", "api_countries"),
        ("countries/<str:code>/", "api_countries_code"),
        ("measures/<id:code>/", "api_measures_code"),
        ("observations/metadata/", "api_observations_metadata"),
    ],
)
def test_addresses_have_names(route: str, name: str) -> None:
    assert name_of(route) == name
