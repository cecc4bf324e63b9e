"""Lists of pages that the ledger finds by itself: narrowed and ordered by what it has columns for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wagtail.api.v2.utils import page_models_from_string
from wagtail.models import Page, get_page_models

from cms.api.filters import DATES
from cms.api.parameters import BadParameterError
from cms.api.registries import page_filters
from cms.delivery.answers import Ids
from cms.delivery.models import Listing

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict
    from rest_framework.request import Request

OF_ANSWERS = {"fields", "limit", "offset", "_", "format"}
PLAIN = {"type", "locale", "order"}
ORDER = re.compile(r"-?(?:id|title|slug|first_published_at)")
LANGUAGE = re.compile(r"[A-Za-z-]{2,10}")


def listed(request: HttpRequest | Request) -> Ids | None:
    """The ids of the pages that a request asks for.

    None where it asks in other words, or by mistake: Wagtail's filters know these words, and say what is wrong.
    """
    given = request.GET
    chosen = types_of(given.get("type", ""))
    if not request.ledger.is_complete or not is_plain(given) or chosen is None:  # type: ignore[union-attr]  # `from_ledger` has set it
        return None
    model, types = chosen
    try:
        pages = narrowed(given, types)
    except BadParameterError:
        return None
    order = [*filter(None, given.get("order", "").split(",")), "path"]
    found = Ids(model, pages.order_by(*order).values_list("pk", flat=True))
    # That nothing is there in a language may be because there is no such language.
    return found if found.count() or "locale" not in given else None


def is_plain(given: QueryDict) -> bool:
    """Whether a list is asked for in words that are understood here, each said once."""
    if not set(given) <= {*OF_ANSWERS, *PLAIN, *DATES, *page_filters()}:
        return False
    if any(len(values) > 1 for name, values in given.lists() if name not in OF_ANSWERS):
        return False
    values = {name: str(value) for name, value in given.items()}
    if any(values.get(name, "").isdecimal() for name in page_filters()):
        return False  # the key of a row, which is a filter of Wagtail
    order, locale = values.get("order", ""), values.get("locale")
    is_ordered = not order or all(map(ORDER.fullmatch, order.split(",")))
    return is_ordered and (locale is None or bool(LANGUAGE.fullmatch(locale)))


def narrowed(given: QueryDict, types: tuple[str, ...]) -> Any:
    """Raises `BadParameterError`."""
    pages: Any = Listing.objects.all()
    if types:
        pages = pages.filter(type__in=types)
    if "locale" in given:
        pages = pages.filter(locale=given["locale"])
    for name, (lookup, parameter) in DATES.items():
        if name in given:
            pages = pages.filter(**{lookup: parameter.value_in(given)})
    for name, added in page_filters().items():
        if name in given:
            pages = added.apply(pages, added.parameter.value_in(given))
    return pages


@lru_cache(maxsize=200)
def types_of(names: str) -> tuple[Any, tuple[str, ...]] | None:
    """The model whose fields a list of some types has, and the types, none for all; None where that is no type."""
    try:
        models: Any = page_models_from_string(names) if names else [Page]
    except (LookupError, ValueError):
        return None
    types = (
        () if Page in models else tuple(one._meta.label for one in get_page_models() if issubclass(one, tuple(models)))
    )
    return (models[0] if len(models) == 1 else Page), types
