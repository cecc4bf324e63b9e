"""What the ledger keeps of the objects of the API: the answers about them, to nobody in particular."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework.request import Request
from wagtail.models import Page

from cms.api.loading import load_pages
from cms.api.reading import plan
from cms.api.router import api_router
from cms.api.views import PagesViewSet
from cms.core.querysets import readable_pages
from cms.delivery.registries import Kind, Representation

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERYTHING = [("*", False, None)]
CARD = ("type", "html_url", "locale")


@cache
def serialiser_for(model: Any) -> Any:
    return PagesViewSet._get_serializer_class(api_router, model, EVERYTHING, show_details=True)  # noqa: SLF001 - as its views do


def represent_pages(ids: Iterable[int]) -> dict[int, Representation]:
    pages = list(readable_pages().filter(pk__in=ids).specific())
    by_type: dict[Any, list[Any]] = {}
    for page in pages:
        by_type.setdefault(type(page), []).append(page)
    context = context_for(pages)
    found: dict[int, Representation] = {}
    for model, some in by_type.items():
        serialiser = serialiser_for(model)(context=context)
        load_pages(some, serialiser.fields)
        found |= {page.pk: representation(page, serialiser.to_representation(page)) for page in some}
    return found


def context_for(pages: list[Any]) -> dict[str, Any]:
    """What serialisers ask a view and its request for, and the parents of the pages."""
    view = PagesViewSet(action="listing_view", shown=pages)
    view.request = request = Request(HttpRequest())
    request.user = AnonymousUser()
    request.wagtailapi_router = api_router
    parents = readable_pages().filter(path__in={page.path[: -Page.steplen] for page in pages})
    return {
        "request": request,
        "view": view,
        "router": api_router,
        "parents": {parent.path: parent for parent in parents},
        "_wagtail_rich_text_format": view.resolve_rich_text_format(),
    }


def representation(page: Any, data: dict[str, Any]) -> Representation:
    meta = data["meta"]
    own = [version for version in meta["translations"] if version["id"] == page.pk]
    return Representation(
        data=data,
        type=meta["type"],
        uid=page.translation_key,
        locale=meta["locale"],
        countries=tuple(country["code"] for country in data.get("countries", ())),
        path=page.path,
        card=[data["title"], *(meta[name] for name in CARD), own],
        listing=listing(page, data),
    )


def listing(page: Any, data: dict[str, Any]) -> dict[str, Any]:
    """By what a page is found in lists, and what they show of it where nobody asks for more."""
    view: Any = PagesViewSet
    model: Any = type(page)
    usual = plan(view, api_router, model, "", is_detail=False)
    names = ("title", "slug", "first_published_at", "last_published_at")
    return {"brief": usual.of(data) if usual else data} | {name: getattr(page, name) for name in names}


PAGES = Kind("pages", Page, readable_pages, represent_pages)
