"""The change feed in the description of the API; `cms.delivery` answers at its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from cms.api.description import answer, described, errors, operation
from cms.api.operations import LOCALES, page_types
from cms.api.parameters import flag, number, one_of, some_of
from cms.api.types import any_of, nullable
from cms.delivery.feed import LONGEST_WAIT, MOST, MOST_DIGITS, USUAL
from cms.delivery.registries import kinds
from cms.delivery.shapes import Change

if TYPE_CHECKING:
    from cms.api.types import Components, Schema

SINCE = number("since", "Only changes after this version; go on with `meta.next`.", most=10**MOST_DIGITS - 1, default=0)
LIMIT = number("limit", "How many changes to give.", least=1, most=MOST, default=USUAL)
NEWEST = flag("newest", "Each object once, with its newest state.")
PAYLOAD = one_of("include", "With the objects, as their endpoints give them in all languages.", ["payload"])
WAIT = number("wait", "How many seconds to wait where there is no change yet.", most=LONGEST_WAIT, default=0)
HOW = """What was published, updated and withdrawn, in its order. Whoever asks again with meta.next misses nothing.
With ETag and If-None-Match, what has not changed is not sent again."""
EXAMPLES = ("", "newest=true&include=payload&limit=10", "since=1&type=practices.PracticePage&locale=en")


def describe(components: Components) -> Schema:
    others = [model._meta.label for model in other_models()]
    ours = some_of("kind", "Only objects of these endpoints.", sorted(kinds()), example=["pages"])
    types = some_of("type", "Only objects of these types.", [*(one._meta.label for one in page_types()), *others])
    locales = some_of("locale", "Only objects in these languages.", LOCALES)
    parameters = (SINCE, LIMIT, ours, types, locales, NEWEST, PAYLOAD, WAIT)
    again = {"description": "In seconds.", "schema": {"type": "integer"}}
    unready = errors("400")["400"] | {
        "description": "The site has just been set up.",
        "headers": {"Retry-After": again},
    }
    answers = {"200": answer("Some changes, or none yet.", page(components))} | errors("400")
    answers |= {"304": {"description": "Nothing has changed since the answer with this ETag."}, "503": unready}
    return operation(
        "changes",
        "Changes",
        "What has changed",
        map(described, parameters),
        dict(sorted(answers.items())),
        description=" ".join(HOW.split()),
        examples=EXAMPLES,
    )


def other_models() -> list[Any]:
    """Of the objects of the ledger other than pages."""
    return [kind.model for kind in kinds().values() if kind.model is not Page]


def page(components: Components) -> Schema:
    items = {"type": "array", "items": components.of(Change)}
    payload = components.schemas["Change"]["properties"]["payload"]
    names = ["AnyPage", *(model.__name__ for model in other_models())]
    payload |= nullable(any_of([{"$ref": f"#/components/schemas/{name}"} for name in names]))
    version = {"type": "integer", "description": "The present one. Below an earlier one: the site was set up anew."}
    following = {"type": "integer", "description": "What to ask with next, as `since`."}
    meta = {
        "type": "object",
        "properties": {"version": version, "next": following},
        "required": ["version", "next"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"meta": meta, "items": items},
        "required": ["meta", "items"],
        "additionalProperties": False,
    }
