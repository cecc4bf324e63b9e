"""What the frame of every public page shows: languages, menus, breadcrumbs, addresses, structured data.

Everything is loaded once per request, in a number of queries that does not depend on the size of the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_info
from wagtail.models import Page, get_page_models

from cms.core import addresses, memory, structured_data
from cms.core.querysets import PAGES, best_versions, content_language, restricted
from cms.languages import own_name, reader_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.template.context import Context

    from cms.core.addresses import Alternate

T = TypeVar("T")

register = template.Library()


@dataclass(frozen=True)
class LanguageLink:
    """A language of the interface, named in itself.

    `is_real` is False where the page is missing in the language and the link leads to its home page.
    """

    code: str
    name: str
    url: str
    is_current: bool
    is_real: bool

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.code)["bidi"] else "ltr"


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool = False

    @property
    def language(self) -> str:
        """The language of the page, where readers are offered it in place of their own."""
        return addresses.language_at(self.url)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """The same page in every language, or the home page of a language in which it is missing.

    A language without content of its own shows the default language's page under its own prefix.
    """
    request = context["request"]
    page = _page(context.get("page"))
    versions = _versions(request, page) if page else {}
    rest = addresses.subroute(page, request) if page else ""
    return [_language_link(request, code, page, versions, rest) for code, _name in settings.LANGUAGES]


def _language_link(
    request: HttpRequest, code: str, page: Page | None, versions: dict[str, Any], rest: str
) -> LanguageLink:
    version = versions.get(content_language(code))
    if page is None:
        url, query = addresses.path_in_language(request.path, code), request.META.get("QUERY_STRING", "")
        url = f"{url}?{query}" if query and url != addresses.home_path(code) else url
    elif version is not None:
        with translation.override(code):
            url = f"{addresses.page_path(version, request)}{rest}"
    else:
        url = addresses.home_path(code)
    is_real = page is None or version is not None
    return LanguageLink(code, own_name(code), url, code == reader_language(), is_real)


@register.simple_tag(takes_context=True)
def breadcrumbs(context: Context, page: Any) -> list[Link]:
    """The way from the home page to this one, the last link. Drafts above it are left out."""
    request = context["request"]
    if _page(page) is None or not page.pk:
        return []
    return _once(request, f"breadcrumbs {page.pk}", lambda: _load_breadcrumbs(page, request))


def _load_breadcrumbs(page: Page, request: HttpRequest) -> list[Link]:
    way = getattr(page, "way", None)  # the pages through which its address led here
    above = [one for one in way if one.live] if way is not None else page.get_ancestors().filter(depth__gt=1).live()
    own = Link(page.title, addresses.page_path(page, request), not addresses.subroute(page, request))
    return [*(Link(title, path) for title, path in _paths(above, request)), own]


@register.simple_tag(takes_context=True)
def canonical_url(context: Context, page: Any = None) -> str:
    """The one absolute address of what is shown: without parameters, and in the language of the text."""
    request = context["request"]
    if _page(page) is None:
        return addresses.absolute(request.path)
    return f"{addresses.page_url(page, request)}{addresses.subroute(page, request)}"


@register.simple_tag(takes_context=True)
def alternates(context: Context, page: Any) -> list[Alternate]:
    """Absolute addresses of the page in the languages in which anybody may read it, and `x-default`."""
    request = context["request"]
    if _page(page) is None:
        return []
    return addresses.alternates(_versions(request, page), addresses.subroute(page, request), request)


@register.simple_tag(takes_context=True)
def json_ld(context: Context, page: Any) -> str:
    """What the page is and where it stands, for search engines; nothing for a draft or a page that is not public."""
    request = context["request"]
    versions = _versions(request, page) if _page(page) and page.pk else {}
    if page.pk not in {version.pk for version in versions.values()}:
        return ""
    values: Any = context.flatten()
    thing = structured_data.describe(page, {**values, "versions": versions})
    links = [(link.title, link.url) for link in breadcrumbs(context, page)]
    return structured_data.script([thing, structured_data.breadcrumb_list(links)] if len(links) > 1 else [thing])


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> list[Link]:
    """Pages below the home page that editors put into menus."""
    return _kept_links(context["request"], "main menu", _load_main_menu)


def _load_main_menu() -> list[tuple[str, str]]:
    return _offered(Page.objects.filter(depth=addresses.HOME_DEPTH + 1, show_in_menus=True))


@register.simple_tag(takes_context=True)
def footer_menu(context: Context) -> list[Link]:
    """Pages that editors put into the footer."""
    return _kept_links(context["request"], "footer menu", _load_footer_menu)


def _load_footer_menu() -> list[tuple[str, str]]:
    models = [model for model in get_page_models() if hasattr(model, "show_in_footer")]
    return [entry for model in models for entry in _offered(model.objects.filter(show_in_footer=True))]


def _kept_links(request: HttpRequest, name: str, load: Callable[[], list[tuple[str, str]]]) -> list[Link]:
    """Links in the reader's language, loaded when a page was changed; what is shown, or above it, is current."""
    found = memory.kept(PAGES, (name, reader_language()), load)
    return [Link(title, path, request.path.startswith(path)) for title, path in found]


def _offered(pages: Any) -> list[tuple[str, str]]:
    """(title, path) of the versions of public pages that readers are offered, those in their own language first."""
    versions = best_versions(pages.live().exclude(restricted())).values()
    own = content_language(reader_language())
    return _paths(sorted(versions, key=lambda page: (page.locale.language_code != own, page.path)))


def _paths(pages: Any, request: HttpRequest | None = None) -> list[tuple[str, str]]:
    """(title, path) of pages; those that no site holds are left out."""
    return [(page.title, path) for page in pages if (path := addresses.page_path(page, request))]


def _page(value: Any) -> Page | None:
    return value if isinstance(value, Page) else None


def _versions(request: HttpRequest, page: Any) -> dict[str, Any]:
    """The page and its translations that anybody may read now, by language."""

    def load() -> dict[str, Any]:
        versions = type(page).objects.filter(translation_key=page.translation_key, alias_of=None)
        found = versions.live().exclude(restricted()).select_related("locale")
        return {version.locale.language_code: version for version in found}

    return _once(request, f"versions {page.translation_key}", load)


def _once(request: HttpRequest, key: str, load: Callable[[], T]) -> T:
    """What `load` returns, loaded at most once in a request."""
    loaded: dict[str, Any] = request.__dict__.setdefault("_site_frame", {})
    if key not in loaded:
        loaded[key] = load()
    return loaded[key]
