"""What the ledger keeps of the objects of the API: the answers about them, to nobody in particular."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import translation
from rest_framework.request import Request
from wagtail.models import Page, ReferenceIndex

from cms.api.loading import load_pages
from cms.api.media_views import DocumentsViewSet, ImagesViewSet, RedirectsViewSet, open_files, open_redirects
from cms.api.reading import plan
from cms.api.registries import page_filters
from cms.api.router import api_router
from cms.api.views import PagesViewSet
from cms.core.querysets import readable_pages
from cms.delivery.dependants import Objects, base_type, files_of
from cms.delivery.registries import Kind, Representation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EVERYTHING = [("*", False, None)]
CARD = ("type", "html_url", "locale")


@cache
def serialiser_for(viewset: Any, model: Any) -> Any:
    return viewset._get_serializer_class(api_router, model, EVERYTHING, show_details=True)  # noqa: SLF001 - as its views do


def nobody() -> Request:
    """A request of nobody in particular."""
    request: Any = Request(HttpRequest())
    request.user, request.wagtailapi_router = AnonymousUser(), api_router
    return cast("Request", request)


def represent_pages(ids: Iterable[int]) -> dict[int, Representation]:
    pages = list(readable_pages().filter(pk__in=ids).specific())
    by_type: dict[Any, list[Any]] = {}
    for page in pages:
        by_type.setdefault(type(page), []).append(page)
    context = context_for(pages)
    files = files_of(page.pk for page in pages)
    headings = headings_of([page.pk for page in pages])
    found: dict[int, Representation] = {}
    for model, some in by_type.items():
        serialiser = serialiser_for(PagesViewSet, model)(context=context)
        load_pages(some, serialiser.fields)
        for page in some:
            found[page.pk] = representation(page, serialiser.to_representation(page), files, headings[page.pk])
    return found


def headings_of(ids: list[int]) -> dict[int, list[tuple[str, int]]]:
    """By what pages are found in lists besides, as the name of a filter and a key."""
    found: dict[int, list[tuple[str, int]]] = {pk: [] for pk in ids}
    for name, one in page_filters().items():
        for pk, key in one.keys_of(ids):
            found[pk].append((name, key))
    return found


def context_for(pages: list[Any]) -> dict[str, Any]:
    """What serialisers ask a view and its request for, and the parents of the pages."""
    view = PagesViewSet(action="listing_view", shown=pages)
    view.request = request = nobody()
    parents = readable_pages().filter(path__in={page.path[: -Page.steplen] for page in pages})
    return {
        "request": request,
        "view": view,
        "router": api_router,
        "parents": {parent.path: parent for parent in parents},
        "_wagtail_rich_text_format": view.resolve_rich_text_format(),
    }


def representation(
    page: Any, data: dict[str, Any], files: dict[int, Objects], headings: list[tuple[str, int]]
) -> Representation:
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
        files=tuple(files.get(page.pk, ())),
        listing=listing(page, data) | {"headings": headings},
    )


def listing(page: Any, data: dict[str, Any]) -> dict[str, Any]:
    """By what a page is found in lists, and what they show of it where nobody asks for more."""
    view: Any = PagesViewSet
    model: Any = type(page)
    usual = plan(view, api_router, model, "", is_detail=False)
    names = ("title", "slug", "first_published_at", "last_published_at")
    return {"brief": usual.of(data) if usual else data} | {name: getattr(page, name) for name in names}


def shown_files(model: Any) -> Any:
    """The pictures or files that anybody may see and that a public page shows: not what lies ready for a draft."""
    pages = readable_pages().order_by().annotate(key=Cast("pk", CharField())).values("key")
    uses = ReferenceIndex.objects.filter(to_content_type=base_type(model), base_content_type=base_type(Page))
    used = uses.filter(object_id__in=pages).values("to_object_id")
    return open_files(model.objects.annotate(key=Cast("pk", CharField())).filter(key__in=used))


def of_wagtail(viewset: Any, public: Callable[[], Any], *, shows: Any = (), of_pages: bool = False) -> Kind:
    """The objects of one of Wagtail's endpoints, as it gives them in detail."""

    def represent(ids: Iterable[int]) -> dict[int, Representation]:
        request = nobody()
        context = {"request": request, "view": viewset(action="detail_view", request=request), "router": api_router}
        serialiser = serialiser_for(viewset, viewset.model)(context=context)
        rows = viewset.loaded(public().filter(pk__in=ids))
        found = {row.pk: serialiser.to_representation(row) for row in rows}
        return {pk: Representation(data, data["meta"]["type"]) for pk, data in found.items()}

    return Kind(viewset.kind, viewset.model, public, represent, shows, of_pages=of_pages)


def its_country(row: Any) -> Any:
    return getattr(row, "country", None)


def of_endpoint(
    name: str, model: Any, endpoint: Any, *, shows: Any = (), country_of: Callable[[Any], Any] = its_country
) -> Kind:
    """The rows of an endpoint, as it gives them in all languages."""

    def representation_of(row: Any) -> Representation:
        country = country_of(row)
        data = endpoint.shape(row, {"locale": None})
        return Representation(data, model._meta.label, countries=(country.code,) if country else ())

    def represent(ids: Iterable[int]) -> dict[int, Representation]:
        with translation.override(settings.LANGUAGE_CODE):
            rows = model.objects.filter(pk__in=ids).prefetch_related(*getattr(model, "kept_relations", ()))
            return {row.pk: representation_of(row) for row in endpoint.load(rows)}

    return Kind(name, model, model.objects.all, represent, shows, named_by="code")


PAGES = Kind("pages", Page, readable_pages, represent_pages)
IMAGES = of_wagtail(ImagesViewSet, lambda: shown_files(ImagesViewSet.model), of_pages=True)
DOCUMENTS = of_wagtail(DocumentsViewSet, lambda: shown_files(DocumentsViewSet.model), of_pages=True)
REDIRECTS = of_wagtail(RedirectsViewSet, open_redirects, shows=((Page, "redirect_page__in"),))
