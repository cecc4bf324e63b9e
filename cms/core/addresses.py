"""Public addresses: of a page, of its versions in other languages, and of the languages' home pages.

Absolute addresses begin with `settings.PUBLIC_URL`, never with the host of the request: what stands in feeds,
caches and search engines must not depend on how somebody reached the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import translation
from wagtail.models import Site

from cms.core import memory
from cms.core.querysets import PAGES, best_versions, content_language, language_of, public_pages
from cms.languages import language_order, reader_language

if TYPE_CHECKING:
    from django.http import HttpRequest


HOME_DEPTH = 2


@dataclass(frozen=True)
class Alternate:
    """The absolute address of a page in one language, for `hreflang`."""

    language: str
    url: str


def absolute(path: str) -> str:
    """The address that the world uses for a path."""
    return f"{settings.PUBLIC_URL}{path}"


def page_path(page: Any, request: HttpRequest | None = None) -> str:
    """The path of a page, specific or not; empty where no site holds the page.

    Readers of a language without content see that of another one, and stay under the prefix of their own.
    """
    parts = page.get_url_parts(request)
    path = (parts[2] or "") if parts else ""
    reader = reader_language()
    is_lent = reader != content_language(reader) == language_of(page)
    return path_in_language(path, reader) if path and is_lent else path


def page_url(page: Any, request: HttpRequest | None = None) -> str:
    """The absolute address of a page in its own language."""
    with translation.override(page.locale.language_code):
        path = page_path(page, request)
    return absolute(path) if path else ""


def is_home(page: Any) -> bool:
    """Whether a page is the home page of a language."""
    return page.url_path in {root.root_path for root in Site.get_site_root_paths()}


def home_path(language: str) -> str:
    """The path of a language's home page."""
    with translation.override(language):
        return reverse("wagtail_serve", args=[""])


def index_paths() -> dict[Any, str]:
    """Where the public pages just below the home page stand for the reader, by their model.

    Of several pages of one model, the first. Loaded when a page was changed.
    """

    def load() -> dict[Any, str]:
        found = best_versions(public_pages().filter(depth=HOME_DEPTH + 1)).values()
        own = content_language(reader_language())
        pages = sorted(found, key=lambda page: (page.locale.language_code != own, page.path), reverse=True)
        paths = [(page.specific_class, page_path(page)) for page in pages]
        return {model: path for model, path in paths if path}

    return memory.kept(PAGES, ("index paths", reader_language()), load)


def path_in_language(path: str, language: str) -> str:
    """The same path under another language's prefix; the language's home page where the path has none."""
    prefix, *rest = path.removeprefix(get_script_prefix()).split("/", 1)
    if prefix in dict(settings.LANGUAGES) and rest:
        return f"{get_script_prefix()}{language}/{rest[0]}"
    return home_path(language)


def language_at(path: str) -> str:
    """The language under whose prefix a path stands, where that is not the reader's; empty for any other path."""
    prefix = path.removeprefix(get_script_prefix()).partition("/")[0]
    return prefix if prefix in dict(settings.LANGUAGES) and prefix != reader_language() else ""


def subroute(page: Any, request: HttpRequest) -> str:
    """What follows the page's own path in the request, for pages that answer at several paths."""
    path = page_path(page, request)
    return request.path.removeprefix(path) if path and request.path.startswith(path) else ""


def alternates(versions: dict[str, Any], rest: str = "", request: HttpRequest | None = None) -> list[Alternate]:
    """Where the versions of a page stand, and which of them serves all other languages (`x-default`)."""
    urls = {code: f"{page_url(version, request)}{rest}" for code, version in sorted(versions.items())}
    default = next((code for code in language_order(settings.LANGUAGE_CODE) if code in urls), None)
    entries = [Alternate(code, url) for code, url in urls.items()]
    return [*entries, Alternate("x-default", urls[default])] if default else entries
