"""From serialiser fields and blocks of bodies to JSON Schema."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from rest_framework import fields as drf
from rest_framework.relations import ManyRelatedField
from rest_framework.serializers import ModelSerializer
from wagtail import blocks
from wagtail.api.v2 import serializers
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.api.v2.serializers import DocumentDownloadUrlField
from wagtail.images.api.v2.serializers import ImageDownloadUrlField

from cms.api.types import Components, Schema, any_of, nullable

TEXT: Schema = {"type": "string"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
REFERENCE: Schema = {
    "type": "object",
    "description": "Another page.",
    "properties": {
        "id": {"type": "integer"},
        "meta": {
            "type": "object",
            "properties": {"type": nullable(TEXT), "detail_url": ADDRESS, "html_url": nullable(TEXT)},
            "additionalProperties": False,
        },
        "title": TEXT,
    },
    "required": ["id", "meta", "title"],
    "additionalProperties": False,
}
BY_FIELD: list[tuple[Any, Schema]] = [
    (serializers.DetailUrlField, ADDRESS),
    (DocumentDownloadUrlField, ADDRESS),
    (ImageDownloadUrlField, TEXT),
    (serializers.PageHtmlUrlField, nullable(ADDRESS)),
    (serializers.PageLocaleField, TEXT),
    (serializers.TagsField, {"type": "array", "items": TEXT}),
    (drf.BooleanField, {"type": "boolean"}),
    (drf.IntegerField, {"type": "integer"}),
    (drf.FloatField, {"type": "number"}),
    (drf.DecimalField, TEXT),
    (drf.DateTimeField, {"type": "string", "format": "date-time"}),
    (drf.DateField, {"type": "string", "format": "date"}),
    (drf.UUIDField, {"type": "string", "format": "uuid"}),
    (drf.ListField, {"type": "array", "items": {}}),
    (drf.MultipleChoiceField, {"type": "array", "items": TEXT}),
    (drf.JSONField, {}),
    (drf.CharField, TEXT),
    (drf.ChoiceField, TEXT),
    (drf.ModelField, {}),
]
BY_BLOCK: list[tuple[Any, Schema]] = [
    (blocks.BooleanBlock, {"type": "boolean"}),
    (blocks.IntegerBlock, {"type": "integer"}),
    (blocks.FloatBlock, {"type": "number"}),
    (blocks.DateTimeBlock, {"type": "string", "format": "date-time"}),
    (blocks.DateBlock, {"type": "string", "format": "date"}),
    (blocks.FieldBlock, TEXT),
]
CELLS: Schema = {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}}


class Describer:
    """Writes components for page types, their parts and their blocks."""

    def __init__(self, components: Components) -> None:
        self.components = components

    def serialiser(self, serialiser: Any, description: str = "") -> Schema:
        """An object as a serialiser writes it; `fields` of a request may leave out whatever there is."""
        own: dict[str, Schema] = {}
        meta: dict[str, Schema] = {}
        for name, field in serialiser.fields.items():
            target = meta if name in serialiser.meta_fields else own
            target[name] = self.described(serialiser.Meta.model, name, self.field(serialiser.Meta.model, field))
        properties = {name: own.pop(name) for name in ("id",) if name in own}
        if meta:
            properties["meta"] = {"type": "object", "properties": meta, "additionalProperties": False}
        return {
            "type": "object",
            "description": description or str(capfirst(serialiser.Meta.model._meta.verbose_name)),
            "properties": properties | own,
            "additionalProperties": False,
        }

    @staticmethod
    def described(model: Any, name: str, schema: Schema) -> Schema:
        """With the name of the field in words, where it has one."""
        field = next((one for one in model._meta.get_fields() if one.name == name), None)
        words = getattr(field, "verbose_name", "")
        return schema | {"description": str(capfirst(words))} if words and "description" not in schema else schema

    def field(self, model: Any, field: Any) -> Schema:
        if isinstance(field, serializers.TypeField | serializers.PageTypeField):
            return {"type": "string", "const": model._meta.label}
        if isinstance(field, serializers.StreamField):
            return self.stream(model._meta.get_field(field.source).stream_block, "Body")
        if type(field) is drf.ReadOnlyField:
            return self.attribute(model, field.source)
        return self.relation(field) or self.simple(field)

    def relation(self, field: Any) -> Schema | None:
        """What belongs to an object or is named by it, as an object of its own; None for any other field."""
        if isinstance(field, serializers.PageParentField | serializers.PageAliasOfField):
            return nullable(self.components.reference("PageReference", REFERENCE))
        if isinstance(field, serializers.ChildRelationField):
            return {"type": "array", "items": self.part(field.serializer_class)}
        if isinstance(field, serializers.RelatedField):
            return nullable(self.part(field.serializer_class))
        if isinstance(field, ManyRelatedField):
            return {"type": "array", "items": self.part(field.child_relation.serializer_class)}
        return None

    def simple(self, field: Any) -> Schema:
        known = next((schema for kind, schema in BY_FIELD if isinstance(field, kind)), None)
        if known is not None:
            return nullable(known) if field.allow_null else known
        found = self.components.returned(type(field).to_representation)
        if found is None:
            raise TypeError(f"{type(field).__name__} does not say what it writes")
        return found if found.get("type") == "array" else nullable(found)

    def attribute(self, model: Any, name: str) -> Schema:
        """A property of a model, or a column that is read under another name."""
        found = getattr(model, name)
        if isinstance(found, property):
            return self.components.returned(found.fget) or {}
        serialiser = ModelSerializer()
        field_class, options = serialiser.build_standard_field(name, model._meta.get_field(name))
        return self.simple(field_class(**options))

    def part(self, serialiser_class: Any) -> Schema:
        serialiser = serialiser_class()
        return self.components.reference(serialiser.Meta.model.__name__, self.serialiser(serialiser))

    def stream(self, block: Any, name: str) -> Schema:
        kinds = [self.piece(kind, child) for kind, child in block.child_blocks.items()]
        return {"type": "array", "items": self.components.reference(f"{name}Block", any_of(kinds))}

    def piece(self, kind: str, block: Any) -> Schema:
        name = f"{''.join(map(str.capitalize, kind.split('_')))}Block"
        schema = {
            "type": "object",
            "description": str(block.label),
            "properties": {"type": {"type": "string", "const": kind}, "value": self.block(block), "id": nullable(TEXT)},
            "required": ["type", "value", "id"],
            "additionalProperties": False,
        }
        return self.components.reference(name, schema)

    def block(self, block: Any) -> Schema:
        said = self.components.returned(type(block).get_api_representation)
        if said is not None:
            return said
        if isinstance(block, blocks.StructBlock):
            return self.struct(block.child_blocks)
        if isinstance(block, blocks.ListBlock):
            return {"type": "array", "items": self.block(block.child_block)}
        if isinstance(block, TableBlock):
            return {"type": ["object", "null"], "properties": {"data": CELLS}, "additionalProperties": True}
        schema = next((known for kind, known in BY_BLOCK if isinstance(block, kind)), None)
        if schema is None:
            raise TypeError(f"{type(block).__name__} does not say what it writes")
        return schema if block.required else nullable(schema)

    def struct(self, children: dict[str, Any]) -> Schema:
        properties = {name: {"description": str(one.label)} | self.block(one) for name, one in children.items()}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
