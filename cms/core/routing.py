"""From an address to its page: as Wagtail walks down the tree, but in two queries however long the way is."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q
from django.http import Http404
from wagtail.models import Page, Site
from wagtail.views import serve as wagtail_serve

from cms.core import memory
from cms.core.addresses import HOME_DEPTH
from cms.core.keeping import allow, may_keep
from cms.core.querysets import PAGES, content_language, content_order, is_open, locales
from cms.languages import reader_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

MAX_LEVELS = 20


class Root(NamedTuple):
    """Where the pages of a language begin."""

    pk: int
    path: str
    depth: int


@may_keep
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """As Wagtail's view, given the page that it would look for. What anybody may read may be kept."""
    root = root_for_reader()
    if root is not None:
        components = [component for component in path.split("/") if component]
        # Wagtail keeps here what it has found, and looks no further.
        request._wagtail_route_for_request = route(root, request, components)  # type: ignore[attr-defined]  # noqa: SLF001 - Wagtail's documented place
    response: HttpResponse = wagtail_serve(request, path)
    page = request._wagtail_route_for_request[0]  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    if getattr(page, "may_be_kept", False) and is_open(page):
        allow(response)
    return response


def root_for_reader() -> Root | None:
    """The home page in the reader's language, or in the site's own; None where several sites have to be told apart."""

    def load() -> Root | None:
        paths = Site.get_site_root_paths()
        if len({one.site_id for one in paths}) != 1:
            return None
        site = Site.objects.select_related("root_page").get(pk=paths[0].site_id)
        versions = Page.objects.filter(translation_key=site.root_page.translation_key, live=True)
        local = versions.filter(locale__language_code=content_language(reader_language())).first()
        page = local or site.root_page
        return Root(page.pk, page.path, page.depth)

    return memory.kept(PAGES, ("root", content_language(reader_language())), load)


def route(root: Root, request: HttpRequest, components: Sequence[str]) -> Any:
    """What Wagtail's routing gives: the page to which as many components as possible lead is asked for the rest.

    Pages on the way are not asked whether they route by rules of their own: such pages have none below them. None
    where nothing stands at the address.
    """
    way = way_down(root, components)
    if way is None:
        return None
    page = way[-1].specific
    page.way = way[:-1]
    if len(way) > 1:
        page._cached_parent_obj = way[-2]  # noqa: SLF001 - where the tree looks first, as Wagtail's routing does
    for locale in locales().values():
        if locale.pk == page.locale_id:
            page.locale = locale
    try:
        return page.route(request, list(components[len(way) - 1 :]))
    except Http404:
        return None


def way_down(root: Root, components: Sequence[str]) -> list[Page] | None:
    """The home page and the pages that the components name one after the other, as far as there are any."""
    wanted = list(components[:MAX_LEVELS])
    below = Page.objects.filter(
        slug__in=wanted, path__startswith=root.path, depth__gt=root.depth, depth__lte=root.depth + len(wanted)
    )
    found = {(page.path[: -Page.steplen], page.slug): page for page in below | Page.objects.filter(pk=root.pk)}
    home = next((page for page in found.values() if page.pk == root.pk), None)
    if home is None:
        return None
    way = [home]
    for slug in wanted:
        page = found.get((way[-1].path, slug))
        if page is None:
            break
        way.append(page)
    return way


def versions_at(components: Sequence[str]) -> list[Page]:
    """The public pages at an address, below whatever language's home page and with slugs of whatever languages.

    A page is found where each component is the slug, in some language, of a page below some version of the page before.
    They stand in the order in which the reader is offered their languages. One query.
    """
    slugs = list(components)
    if not 0 < len(slugs) <= MAX_LEVELS or not all(map(str.isprintable, slugs)):
        return []
    named = reduce(or_, (Q(slug=slug, depth=HOME_DEPTH + level) for level, slug in enumerate(slugs, 1)))
    keys = Page.objects.filter(named).values("translation_key")
    pages = list(Page.objects.filter(Q(translation_key__in=keys) | Q(depth=HOME_DEPTH)))
    reached = [page for page in pages if page.depth == HOME_DEPTH]
    for slug in slugs:
        above = {page.path for page in reached}
        found = {page.translation_key for page in pages if page.slug == slug and page.path[: -Page.steplen] in above}
        reached = [page for page in pages if page.translation_key in found]
    order = [locale.pk for locale in content_order()]
    public = [page for page in reached if page.live and page.locale_id in order and is_open(page)]
    return sorted(public, key=lambda page: (order.index(page.locale_id), page.path))
