"""Lists of pages that the ledger finds by itself: narrowed and ordered by what it has columns for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Func, OuterRef
from wagtail.api.v2.utils import page_models_from_string
from wagtail.models import Page, get_page_models
from wagtail.search.backends import get_search_backend

from cms.api.cursors import following, order_of
from cms.api.filters import DATES, OPERATORS
from cms.api.parameters import BadParameterError
from cms.api.registries import page_filters
from cms.core.querysets import locales
from cms.delivery.answers import Counted, Sought
from cms.delivery.models import Heading, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from cms.delivery.answers import Part
    from cms.delivery.feed import State

OF_ANSWERS = {"fields", "limit", "offset", "_", "format"}
PLAIN = {"type", "locale", "order"}
SEARCHED = {"search", "search_operator"}
ORDER = re.compile(r"-?(?:id|title|slug|first_published_at)")


class Afterwards(Func):
    """A column that SQLite does not begin with: it would go through all pages of a type for the few of a country.

    It knows nothing of how many rows a value has, as PostgreSQL does.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def listed(given: QueryDict, now: State) -> Sought | None:
    """The pages that parameters ask for.

    None where they do so in other words, or by mistake: Wagtail's filters know these words, and say what is wrong.
    """
    chosen = types_of(given.get("type", ""))
    if not now.is_complete or not is_plain(given) or chosen is None:
        return None
    model, types = chosen
    try:
        headings = headings_asked(given)
        order = [*filter(None, given.get("order", "").split(",")), "path"]
        if order == ["path"] and headings:
            (name, keys), *others = headings
            rows = under(others, among(given, types, once(name, keys)), "page")
            is_further = bool(len(keys) > 1 or others or set(given) & set(DATES))
            return Sought(model, rows.order_by("path"), is_further, key="page")
        return Sought(model, narrowed(given, types).order_by(*order), is_narrowed(given))
    except BadParameterError:
        return None


def listed_after(given: QueryDict, cursor: str, size: int, total: int | None) -> tuple[list[int], int, str | None]:
    """The ids of so many pages from a place on, of a list that `listed` knows, and the place where it goes on.

    Between the two stands how many pages the list has, which is counted where it is not known. Raises
    `BadRequestError` and `BadParameterError`.
    """
    chosen = types_of(given.get("type", ""))
    pages = narrowed(given, chosen[1] if chosen else ())
    counted = pages.annotate(total=Counted(pages.values("pk"))) if total is None else pages
    rows, place = following(counted.defer("brief"), order_of(Listing, given.get("order", "")), cursor, size)
    if total is None:
        total = rows[0].total if rows else pages.count()
    return [row.pk for row in rows], total, place


def without(given: QueryDict, names: Iterable[str]) -> QueryDict:
    """The other parameters."""
    others = given.copy()
    for name in names:
        others.pop(name, None)
    return others


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
    return is_ordered and (locale is None or locale in locales())


def is_narrowed(given: QueryDict) -> bool:
    """By more than what the indexes of lists begin with."""
    return not set(given) <= {*OF_ANSWERS, *PLAIN}


def narrowed(given: QueryDict, types: tuple[str, ...]) -> Any:
    """Raises `BadParameterError`."""
    pages: Any = Listing.objects.all()
    if not (headings := headings_asked(given)):
        return among(given, types, pages)
    (name, keys), *others = headings
    pages = pages.filter(pk__in=Heading.objects.filter(name=name, key__in=keys).values("page"))
    return under(others, among(given, types, pages.alias(own=Afterwards("type")), "own"), "pk")


def headings_asked(given: QueryDict) -> list[tuple[str, list[int]]]:
    """Name and keys of the headings under which pages are looked for, those with the fewest pages first.

    Raises `BadParameterError`.
    """
    asked = sorted((one for name, one in page_filters().items() if name in given), key=lambda one: one.share)
    return [(one.parameter.name, one.keys(one.parameter.value_in(given))) for one in asked]


def once(name: str, keys: list[int]) -> Any:
    """The headings with a name and one of some keys, of each page the first: an index has them in order."""
    rows = Heading.objects.filter(name=name, key__in=keys)
    before = rows.filter(page=OuterRef("page"), key__lt=OuterRef("key"))
    return rows.filter(~Exists(before)) if len(keys) > 1 else rows


def under(headings: list[tuple[str, list[int]]], rows: Any, page: str) -> Any:
    """Those of some rows whose page stands under one of the keys of each heading."""
    for name, keys in headings:
        rows = rows.filter(Exists(Heading.objects.filter(page=OuterRef(page), name=name, key__in=keys)))
    return rows


def among(given: QueryDict, types: tuple[str, ...], rows: Any, kind: str = "type") -> Any:
    """Listings or headings of some types and of what else they have columns for. Raises `BadParameterError`."""
    if types:
        rows = rows.filter(**{f"{kind}__in": types})
    if "locale" in given:
        rows = rows.filter(locale=given["locale"])
    for name, (lookup, parameter) in DATES.items():
        if name in given:
            rows = rows.filter(**{lookup: parameter.value_in(given)})
    return rows


def may_search(given: QueryDict) -> bool:
    """Whether a search is narrowed and ordered by nothing that Wagtail might refuse to do in one."""
    is_known = given.get("search_operator", "and") in OPERATORS
    return is_known and bool(str(given["search"]).strip()) and not {"order", *DATES} & set(given)


def searched(given: QueryDict, among: Part) -> list[int] | None:
    """Of the pages of a list, those in which words stand, the best first; None where the engine does not tell."""
    words, operator = given["search"], given.get("search_operator")
    results = get_search_backend().search(words, among.model.objects.all(), operator=operator)
    compiler: Any = getattr(results, "query_compiler", None)
    if not hasattr(compiler, "ids_of_words"):
        return None
    ids = compiler.ids_of_words(compiler.get_config(results.backend))
    allowed = set(among.ids)
    return None if ids is None else [pk for pk in ids if pk in allowed]


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
