"""How the description of the API is put together: of types, serialiser fields, blocks and endpoints, each by itself."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import pytest
from django.conf import settings
from rest_framework import fields as drf
from typing_extensions import TypedDict
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock

from cms.api import registries
from cms.api.description import answer, described, document, errors, listed, operation, own_operation, template
from cms.api.endpoints import DetailEndpoint, ListEndpoint
from cms.api.fields import TEXT, Describer
from cms.api.operations import kinds, page_types, words
from cms.api.parameters import number, some_of
from cms.api.types import NAMES, SIMPLE, Components, nullable
from practices.models import PracticePage

if TYPE_CHECKING:
    from collections.abc import Sequence

Branch = TypedDict("Branch", {"code": str, "branches": "list[Branch]"})  # noqa: UP013 - it contains itself
NUMBER, INTEGER = {"type": "number"}, {"type": "integer"}


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (bool, {"type": "boolean"}),
        (Decimal, {"type": "string"}),
        (UUID, {"type": "string", "format": "uuid"}),
        (datetime.datetime, {"type": "string", "format": "date-time"}),
        (datetime.date, {"type": "string", "format": "date"}),
        (Any, {}),
        (None | int, {"anyOf": [{"type": "null"}, INTEGER]}),
        (int | str | None, {"anyOf": [INTEGER, TEXT, {"type": "null"}]}),
        (list[list[float]], {"type": "array", "items": {"type": "array", "items": NUMBER}}),
        (dict[str, list[int]], {"type": "object", "additionalProperties": {"type": "array", "items": INTEGER}}),
        (dict[str, Any], {"type": "object", "additionalProperties": {}}),
        (Annotated[int, "In pixels.", {"minimum": 1}], INTEGER | {"description": "In pixels.", "minimum": 1}),
        (list[Annotated[str, "A code."]], {"type": "array", "items": TEXT | {"description": "A code."}}),
    ],
)
def test_a_type_has_a_schema(annotation: Any, schema: dict[str, Any]) -> None:
    components = Components()
    assert components.of(annotation) == schema
    assert components.schemas == {}, "it needs no name"


@pytest.mark.parametrize("annotation", [list, dict, tuple[int, int], set[str], Literal["a"], bytes, object, "str"])
def test_a_type_that_json_does_not_have_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError, match="has no JSON Schema"):
        Components().of(annotation)


def test_what_is_noted_of_one_use_is_not_said_of_all() -> None:
    components = Components()
    components.of(Annotated[str, "Of this one.", {"format": "uri"}])
    assert components.of(str) == SIMPLE[str] == {"type": "string"}


def test_a_type_that_contains_itself_is_described_once() -> None:
    components = Components()
    reference = components.of(Branch)
    branches = components.schemas["Branch"]["properties"]["branches"]
    assert branches == {"type": "array", "items": reference}
    assert list(components.schemas) == ["Branch"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "null"}, {"type": "null"}),
        ({"anyOf": [INTEGER, TEXT]}, {"anyOf": [INTEGER, TEXT, {"type": "null"}]}),
        ({"$ref": "#/x"}, {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}),
    ],
)
def test_what_may_be_nothing_says_so_beside_what_else_it_may_be(schema: Any, expected: Any) -> None:
    before = repr(schema)
    assert nullable(schema) == expected
    assert repr(schema) == before, "others refer to it"


@pytest.mark.parametrize(
    ("field", "schema"),
    [
        (drf.EmailField(), TEXT),
        (drf.BooleanField(allow_null=True), nullable({"type": "boolean"})),
        (drf.IntegerField(), INTEGER),
        (drf.FloatField(allow_null=True), nullable(NUMBER)),
        (drf.DecimalField(max_digits=9, decimal_places=2), TEXT),
        (drf.DateTimeField(), {"type": "string", "format": "date-time"}),
        (drf.DateField(allow_null=True), nullable({"type": "string", "format": "date"})),
        (drf.ChoiceField(choices=["a"]), TEXT),
        (drf.MultipleChoiceField(choices=["a"]), {"type": "array", "items": TEXT}),
        (drf.ListField(), {"type": "array", "items": {}}),
        (drf.JSONField(allow_null=True), {}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_field_is_described_as_it_is_written(field: Any, schema: Any) -> None:
    assert Describer(Components()).simple(field) == schema


class Typed(drf.Field):
    def to_representation(self, value: Any) -> list[int]:
        return list(value)


class Single(drf.Field):
    def to_representation(self, value: Any) -> int:
        return int(value)


def test_a_field_of_ours_is_described_by_what_it_says_that_it_returns() -> None:
    describer = Describer(Components())
    assert describer.simple(Typed()) == {"type": "array", "items": INTEGER}
    assert describer.simple(Single()) == nullable(INTEGER), "of an object that is absent it writes nothing"
    with pytest.raises(TypeError, match="TimeField does not say what it writes"):
        describer.simple(drf.TimeField())


@pytest.mark.parametrize(
    ("block", "schema"),
    [
        (blocks.CharBlock(), TEXT),
        (blocks.CharBlock(required=False), nullable(TEXT)),
        (blocks.URLBlock(), TEXT),
        (blocks.IntegerBlock(required=False), nullable(INTEGER)),
        (blocks.FloatBlock(), NUMBER),
        (blocks.DateBlock(), {"type": "string", "format": "date"}),
        (blocks.DateTimeBlock(required=False), nullable({"type": "string", "format": "date-time"})),
        (blocks.BooleanBlock(), {"type": "boolean"}),
        (blocks.ListBlock(blocks.IntegerBlock()), {"type": "array", "items": INTEGER}),
        (
            blocks.ListBlock(blocks.ListBlock(blocks.CharBlock())),
            {"type": "array", "items": {"type": "array", "items": TEXT}},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_block_is_described_as_it_is_written(block: Any, schema: Any) -> None:
    assert Describer(Components()).block(block) == schema


def test_parts_of_a_block_have_their_labels_and_are_always_there() -> None:
    parts = [("name", blocks.CharBlock(label="Name of it")), ("count", blocks.IntegerBlock(required=False))]
    found = Describer(Components()).block(blocks.StructBlock(parts))
    assert found["properties"]["name"] == TEXT | {"description": "Name of it"}
    assert found["properties"]["count"] == nullable(INTEGER) | {"description": "Count"}
    assert (found["required"], found["additionalProperties"]) == (["name", "count"], False)


def test_a_table_may_be_empty_and_its_cells_too() -> None:
    found = Describer(Components()).block(TableBlock())
    assert found["type"] == ["object", "null"]
    assert found["properties"]["data"]["items"]["items"]["type"] == ["string", "null"]


def test_a_block_that_does_not_say_what_it_writes_is_named() -> None:
    with pytest.raises(TypeError, match="StaticBlock does not say what it writes"):
        Describer(Components()).block(blocks.StaticBlock())


def test_a_body_is_a_list_of_pieces_that_their_type_tells_apart() -> None:
    components = Components()
    body = blocks.StreamBlock([("pull_quote", blocks.CharBlock(label="Quotation")), ("number", blocks.IntegerBlock())])
    found = Describer(components).stream(body, "Small")
    assert found == {"type": "array", "items": {"$ref": "#/components/schemas/SmallBlock"}}
    assert components.schemas["SmallBlock"]["anyOf"] == [
        {"$ref": "#/components/schemas/PullQuoteBlock"},
        {"$ref": "#/components/schemas/NumberBlock"},
    ]
    piece = components.schemas["PullQuoteBlock"]
    assert (piece["description"], piece["properties"]["type"]["const"]) == ("Quotation", "pull_quote")
    assert piece["properties"]["id"] == nullable(TEXT), "a piece that was never edited has none"


def test_a_column_is_described_in_words_unless_something_better_is_known() -> None:
    field: Any = PracticePage._meta.get_field("start_year")
    plain = Describer.described(PracticePage, "start_year", INTEGER)
    assert plain["description"].casefold() == str(field.verbose_name).casefold()
    assert plain["description"][0].isupper()
    better = Describer.described(PracticePage, "start_year", INTEGER | {"description": "Said elsewhere."})
    assert better["description"] == "Said elsewhere."
    assert Describer.described(PracticePage, "no_such_column", INTEGER) == INTEGER


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("countries/", "/countries/"),
        ("countries/<str:code>/", "/countries/{code}/"),
        ("measures/<id:code>/", "/measures/{code}/"),
        ("a/<b>/c/<int:d>/", "/a/{b}/c/{d}/"),
    ],
)
def test_a_route_is_written_as_a_path(route: str, path: str) -> None:
    assert template(route) == path


def test_a_parameter_is_described_where_it_stands() -> None:
    plain = described(number("limit", "How many.", default=20))
    assert (plain["in"], plain["required"], plain["schema"]["default"]) == ("query", False, 20)
    assert not {"style", "explode", "example"} & set(plain)
    several = described(some_of("kind", "Which.", ["a", "b"], example="a"), "path", is_required=True)
    assert (several["in"], several["required"], several["example"]) == ("path", True, "a")
    assert (several["style"], several["explode"]) == ("form", False), "commas, as it is read"


@pytest.mark.parametrize(("is_wagtail", "kinds_of_400"), [(False, 1), (True, 2)])
def test_what_can_go_wrong_is_said_in_the_form_in_which_it_is_sent(is_wagtail: bool, kinds_of_400: int) -> None:
    found = errors("404", "400", is_wagtail=is_wagtail)
    assert list(found) == ["400", "401", "403", "404", "429"]
    assert {len(found[status]["content"]) for status in ("400", "404")} == {kinds_of_400}
    assert {tuple(found[status]["content"]) for status in ("401", "403", "429")} == {("application/problem+json",)}
    assert [status for status, one in found.items() if "headers" in one] == ["429"]


def test_an_operation_without_more_to_say_has_no_empty_description() -> None:
    assert "description" not in operation("list_x", "Content", "All", [], {})
    assert operation("list_x", "Content", "All", [], {}, description="More.")["description"] == "More."
    assert answer("Found.", TEXT, kind="text/csv")["content"] == {"text/csv": {"schema": TEXT}}


def test_only_a_list_that_can_be_read_on_has_a_place_to_go_on_from() -> None:
    meta = [listed(TEXT, has_cursor=has)["properties"]["meta"] for has in (False, True)]
    assert [set(one["properties"]) for one in meta] == [{"total_count"}, {"total_count", "next"}]
    assert {tuple(one["required"]) for one in meta} == {("total_count",)}


class Rivers(ListEndpoint):
    """All rivers,
    the longest first.
    """  # noqa: D205 - a sentence that goes over two lines

    tag, summary, item = "Water", "Rivers", int
    filters = (words("basin", "Of a basin."),)
    required = ("basin",)
    other_types = ("text/csv",)


class River(DetailEndpoint):
    tag, summary, item = "Water", "A river", Branch
    in_path = (words("code", "Its code.", "ili"),)


def test_an_endpoint_is_described_by_what_it_says_of_itself() -> None:
    components = Components()
    many, one = own_operation("rivers/", Rivers, components), own_operation("rivers/<str:code>/", River, components)
    assert (many["operationId"], one["operationId"]) == ("rivers", "rivers_by_code")
    assert many["description"] == "All rivers, the longest first."
    assert [(each["name"], each["required"]) for each in many["parameters"]] == [
        ("locale", False),
        ("basin", True),
        ("limit", False),
        ("offset", False),
    ]
    assert set(many["responses"]["200"]["content"]) == {"application/json", "text/csv"}
    assert "404" not in many["responses"], "a list is there, be it empty"
    assert [(each["name"], each["in"]) for each in one["parameters"]] == [("code", "path"), ("locale", "query")]
    assert one["responses"]["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Branch"}
    assert "404" in one["responses"]


def load(pages: Sequence[Any]) -> None:
    """As an app would load something for many pages."""


def test_what_apps_add_stands_in_alphabetical_order_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_endpoints", "_described", "_loaders"):
        monkeypatch.setattr(registries, name, {})
    for path in ("rivers/<str:code>/", "lakes/", "rivers/", "lakes/"):
        registries.register_endpoint(path, Rivers)
        registries.register_description(path, vars)
    assert list(registries.endpoints()) == ["lakes/", "rivers/", "rivers/<str:code>/"]
    assert list(registries.described_paths()) == list(registries.endpoints())
    registries.register_page_loader(PracticePage, "themes", load)
    registries.register_page_loader(PracticePage, "country", load)
    assert set(registries.page_loaders(PracticePage)) == {"themes", "country"}
    assert registries.page_loaders(object) == {}


def test_a_shape_is_known_by_its_name_once_it_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lake(TypedDict):
        depth: float

    def lake() -> Lake | None:
        """Says a type that its module does not know while the program runs."""

    with pytest.raises(TypeError, match=r"lake: name 'Lake' is not defined.*Register"):
        Components().returned(lake)
    monkeypatch.setitem(NAMES, "Lake", object)  # so that it is forgotten afterwards
    registries.register_shapes(Lake)
    assert Components().returned(lake) == nullable({"$ref": "#/components/schemas/Lake"})


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.name)
def test_an_example_asks_for_nothing_that_is_not_described(kind: Any) -> None:
    names = [one.name for one in kind.parameters]
    assert len(names) == len(set(names))
    asked = {part.partition("=")[0] for example in kind.examples for part in example.split("&") if part}
    assert asked <= set(names)


def test_the_types_of_page_are_named_where_a_type_is_asked_for() -> None:
    asked = next(one for kind in kinds() if kind.name == "pages" for one in kind.parameters if one.name == "type")
    labels = [model._meta.label for model in page_types()]
    assert labels == sorted(labels)
    assert [label for label in labels if label not in asked.description] == []
    assert asked.example in labels


def test_the_description_is_in_english_whoever_asks_first_and_offers_every_language() -> None:
    locale = next(one for one in document()["paths"]["/pages/"]["get"]["parameters"] if one["name"] == "locale")
    assert set(locale["schema"]["enum"]) == {code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES}
    assert [sign for sign in str(document()) if "\u0400" <= sign <= "\u04ff"] == []
