"""The description of the API for programs, and as a page for people. Both are in English, as its errors are."""

from __future__ import annotations

import json
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from cms.api.description import document
from cms.core.errors import for_reading_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

HOUR = 3600


def for_reading(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What refuses anything else in words, as the rest of the API does."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method in ("GET", "HEAD") else for_reading_only("GET, HEAD")

    return guarded


@cache
def written() -> str:
    return json.dumps(document(), ensure_ascii=False)


@csrf_exempt
@for_reading
@cache_control(public=True, max_age=HOUR)
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(written(), content_type="application/json")


@csrf_exempt
@for_reading
@cache_control(public=True, max_age=HOUR)
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, answers and examples that can be followed."""
    base = f"{get_script_prefix()}api/v2"
    with translation.override("en"):
        tags: dict[str, list[Any]] = {tag["name"]: [] for tag in document()["tags"]}
        for path, methods in document()["paths"].items():
            tags[methods["get"]["tags"][0]].append(for_people(base, path, methods["get"]))
        groups = [{"name": name, "operations": operations} for name, operations in tags.items()]
        return render(request, "api/docs.html", {"document": document(), "base": base, "tags": groups})


def for_people(base: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of an operation."""
    keys = {one["name"]: str(one.get("example", 1)) for one in operation["parameters"] if one["in"] == "path"}
    address = f"{base}{path.format(**keys)}"
    parameters = [
        one | {"values": values_of(one["schema"]), "example": text_of(one.get("example"))}
        for one in operation["parameters"]
    ]
    answers = [{"status": status, "description": one["description"]} for status, one in operation["responses"].items()]
    examples = [f"{address}{'?' if query else ''}{query}" for query in operation["x-examples"] if "{id}" not in path]
    return operation | {"path": path, "parameters": parameters, "answers": answers, "examples": examples}


def values_of(schema: dict[str, Any]) -> list[str] | None:
    return schema.get("enum") or schema.get("items", {}).get("enum")


def text_of(example: Any) -> str | None:
    """An example as it stands in an address."""
    if isinstance(example, bool):
        return str(example).lower()
    return ",".join(example) if isinstance(example, list) else None if example is None else str(example)
