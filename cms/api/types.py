"""From Python's types to JSON Schema: typed dictionaries become components of the description."""

from __future__ import annotations

import datetime
import types
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from cms.core import shapes

Schema = dict[str, Any]
SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    SafeString: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    UUID: {"type": "string", "format": "uuid"},
    types.NoneType: {"type": "null"},
    Any: {},
}
NULL: Schema = {"type": "null"}
# What annotations name without importing it while the program runs.
NAMES = {**vars(shapes), "UUID": UUID, "Any": Any}


class Components:
    """The named schemas of a description."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def reference(self, name: str, schema: Schema) -> Schema:
        self.schemas[name] = schema
        return {"$ref": f"#/components/schemas/{name}"}

    def of(self, annotation: Any) -> Schema:
        """The schema of a type. Raises `TypeError` for one that has none."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._annotated(*arguments)
        if origin in {Union, types.UnionType}:
            return any_of([self.of(one) for one in arguments])
        if origin is list:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if hasattr(annotation, "__required_keys__"):
            return self._typed_dictionary(annotation)
        if annotation in SIMPLE:
            return dict(SIMPLE[annotation])
        raise TypeError(f"{annotation} has no JSON Schema")

    def _annotated(self, annotation: Any, *notes: Any) -> Schema:
        schema = self.of(annotation)
        for note in notes:
            schema |= note if isinstance(note, dict) else {"description": note}
        return schema

    def _typed_dictionary(self, annotation: Any) -> Schema:
        name = annotation.__name__.removesuffix("JSON")
        if name not in self.schemas:
            self.schemas[name] = {}  # known from here on, so that it may contain itself
            hints = get_type_hints(annotation, include_extras=True)
            required = annotation.__required_keys__
            self.schemas[name] = {
                "type": "object",
                "description": strip_tags(annotation.__doc__ or ""),
                "properties": {key: self.of(inner(hint)) for key, hint in hints.items()},
                "required": [key for key in hints if key in required],
                "additionalProperties": False,
            }
        return {"$ref": f"#/components/schemas/{name}"}

    def returned(self, function: Any) -> Schema | None:
        """The schema of what a function says that it returns; None where it does not say."""
        try:
            hints = get_type_hints(function, localns=NAMES, include_extras=True)
        except NameError as error:
            raise TypeError(f"{function.__qualname__}: {error}. Register the type with cms.api.registries.") from error
        return self.of(hints["return"]) if hints.get("return", Any) is not Any else None


def inner(hint: Any) -> Any:
    """What `NotRequired` is about."""
    is_optional = getattr(get_origin(hint), "_name", "") == "NotRequired"
    return get_args(hint)[0] if is_optional else hint


def any_of(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def nullable(schema: Schema) -> Schema:
    if not schema or schema == NULL or NULL in schema.get("anyOf", []):
        return schema
    return any_of([*schema.get("anyOf", [schema]), NULL])
