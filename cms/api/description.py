"""The description of the API (OpenAPI 3.1), made of what the endpoints and the models say of themselves."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils import translation

from cms.api.fields import Describer
from cms.api.operations import Kind, kinds
from cms.api.parameters import number
from cms.api.registries import described_paths, endpoints
from cms.api.router import api_router
from cms.api.types import Components, Schema, any_of
from cms.core.shapes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.api.endpoints import Endpoint
    from cms.api.parameters import Parameter

INTRODUCTION = """What is published on this site, for other sites and programs: read-only, public, without signing in.

Pages, images, documents and redirects are those of Wagtail's API v2, completed; its clients work unchanged. Everything
else answers in the same shape. A parameter that there is not, or whose value means nothing, is refused with status 400
and named. Texts come in the language of `locale`, labels in every language where none is asked for.

A key (`Authorization: Bearer …`) is not needed; it raises the number of requests that may be sent in a minute."""
ERRORS = {
    "400": "A parameter cannot be understood; it is named.",
    "401": "The key is not valid: unknown, expired or revoked.",
    "403": "The key is not for this part of the API.",
    "404": "There is no such object, or it is not public.",
    "429": "Too many requests; the header Retry-After says when to go on.",
}
MESSAGE: Schema = {
    "type": "object",
    "description": "What went wrong, as Wagtail's API says it.",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
    "additionalProperties": False,
}
KEY = {"type": "http", "scheme": "bearer", "description": "A key of a partner. Without one, the lower rate applies."}


@cache
def document() -> Schema:
    """The whole description, in English. It changes with the code alone."""
    with translation.override("en"):
        components = Components()
        components.of(Problem)
        components.reference("Message", MESSAGE)
        paths: dict[str, Schema] = {}
        for kind in kinds():
            paths |= wagtail_paths(kind, components)
        for route, endpoint in endpoints().items():
            paths[template(route)] = {"get": own_operation(route, endpoint, components)}
        for route, describe in described_paths().items():
            paths[template(route)] = {"get": describe(components)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Public content API",
            "version": "2",
            "summary": "Practices, country reports, statistics, news and events",
            "description": INTRODUCTION,
            "license": {"name": "Each item and each series names its own licence"},
        },
        "servers": [{"url": "/api/v2"}],
        "security": [{}, {"partnerKey": []}],
        "tags": [{"name": name} for name in dict.fromkeys(one["get"]["tags"][0] for one in paths.values())],
        "paths": paths,
        "components": {"schemas": dict(sorted(components.schemas.items())), "securitySchemes": {"partnerKey": KEY}},
    }


def template(route: str) -> str:
    """The path of a route as OpenAPI writes it."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def operation(  # noqa: PLR0913 - the parts of an operation
    name: str,
    tag: str,
    summary: str,
    parameters: Iterable[Schema],
    answers: dict[str, Schema],
    *,
    description: str = "",
    examples: Iterable[str] = (),
) -> Schema:
    schema: Schema = {"operationId": name, "tags": [tag], "summary": summary}
    if description:
        schema["description"] = description
    return schema | {"parameters": list(parameters), "responses": answers, "x-examples": list(examples)}


def described(parameter: Parameter, place: str = "query", *, is_required: bool = False) -> Schema:
    schema = {
        "name": parameter.name,
        "in": place,
        "description": parameter.description,
        "required": is_required,
        "schema": dict(parameter.schema),
    }
    if parameter.is_list:
        schema |= {"style": "form", "explode": False}
    return schema | ({"example": parameter.example} if parameter.example is not None else {})


def answer(text: str, schema: Schema, *, kind: str = "application/json") -> Schema:
    return {"description": text, "content": {kind: {"schema": schema}}}


def errors(*statuses: str, is_wagtail: bool = False) -> dict[str, Schema]:
    """What can go wrong: problems, or what Wagtail's endpoints say."""
    problem: Schema = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    message: Schema = {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}}
    both = message | problem
    found = {
        status: {
            "description": ERRORS[status],
            "content": both if is_wagtail and status in {"400", "404"} else problem,
        }
        for status in (*statuses, "401", "403", "429")
    }
    found["429"]["headers"] = {
        "Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}},
    }
    return dict(sorted(found.items()))


def listed(item: Schema, *, has_cursor: bool = False) -> Schema:
    meta: Schema = {"total_count": {"type": "integer", "description": "Of all items, whichever are shown."}}
    if has_cursor:
        meta["next"] = {
            "type": ["string", "null"],
            "description": "With `after`: where the list goes on.",
        }
    properties = {
        "meta": {"type": "object", "properties": meta, "required": ["total_count"], "additionalProperties": False},
        "items": {"type": "array", "items": item},
    }
    return {"type": "object", "properties": properties, "required": ["meta", "items"], "additionalProperties": False}


def wagtail_paths(kind: Kind, components: Components) -> dict[str, Schema]:
    view: Any = api_router._endpoints[kind.name]  # noqa: SLF001 - Wagtail's router has no public list
    item = item_of(kind, view, components)
    key = described(number("id", "Its id.", least=1, example=1), "path", is_required=True)
    found = {"302": {"description": "Where it stands.", "headers": {"Location": {"schema": {"type": "string"}}}}}
    return {
        f"/{kind.name}/": {
            "get": operation(
                f"list_{kind.name}",
                kind.tag,
                f"All public {kind.what}",
                map(described, kind.parameters),
                {"200": answer(f"Some {kind.what}.", listed(item, has_cursor=kind.name == "pages"))}
                | errors("400", "404", is_wagtail=True),
                examples=kind.examples,
            )
        },
        f"/{kind.name}/{{id}}/": {
            "get": operation(
                f"get_{kind.name}",
                kind.tag,
                f"One of the {kind.what}",
                [key, *map(described, kind.in_detail)],
                {"200": answer("The whole of it.", item)} | errors("400", "404", is_wagtail=True),
                examples=("",),
            )
        },
        f"/{kind.name}/find/": {
            "get": operation(
                f"find_{kind.name}",
                kind.tag,
                f"Find one of the {kind.what}",
                map(described, kind.find),
                found | errors("400", "404", is_wagtail=True),
            )
        },
    }


def item_of(kind: Kind, view: Any, components: Components) -> Schema:
    """An item with all its fields; any of the types of page."""
    describer = Describer(components)
    references = []
    for model in kind.models or (view.model,):
        everything = view._get_serializer_class(api_router, model, [("*", False, None)], show_details=True)  # noqa: SLF001 - as its views do
        schema = describer.serialiser(everything(context={"request": None}))
        if model.__name__ == "Page":  # lists of several types give what these share
            schema["properties"]["meta"]["properties"]["type"] = {"type": "string"}
        references.append(components.reference(model.__name__, schema))
    return references[0] if len(references) == 1 else components.reference("AnyPage", any_of(references))


def own_operation(route: str, endpoint: type[Endpoint], components: Components) -> Schema:
    name = re.sub(r"\W+", "_", re.sub(r"<(?:\w+:)?(\w+)>", r"by_\1", route)).strip("_")
    item = components.of(endpoint.item)
    parameters = [
        *(described(one, "path", is_required=True) for one in endpoint.in_path),
        *(described(one, is_required=one.name in endpoint.required) for one in endpoint.parameters),
    ]
    given = answer("Found.", listed(item) if endpoint.is_list else item)
    given["content"] |= {kind: {"schema": {"type": "string"}} for kind in endpoint.other_types}
    statuses = ("400", "404") if endpoint.in_path else ("400",)
    return operation(
        name,
        endpoint.tag,
        endpoint.summary,
        parameters,
        {"200": given} | errors(*statuses),
        description=" ".join((endpoint.__doc__ or "").split()),
        examples=endpoint.examples,
    )
