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

from cms.languages import language_order, reader_language

if TYPE_CHECKING:
    from django.http import HttpRequest


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

    Readers of a language without content stay under its prefix.
    """
    parts = page.get_url_parts(request)
    path = (parts[2] or "") if parts else ""
    reader = reader_language()
    return path if not path or reader == content_language(reader) else path_in_language(path, reader)


def page_url(page: Any, request: HttpRequest | None = None) -> str:
    """The absolute address of a page in its own language."""
    with translation.override(page.locale.language_code):
        path = page_path(page, request)
    return absolute(path) if path else ""


def home_path(language: str) -> str:
    """The path of a language's home page."""
    with translation.override(language):
        return reverse("wagtail_serve", args=[""])


def path_in_language(path: str, language: str) -> str:
    """The same path under another language's prefix; the language's home page where the path has none."""
    prefix, *rest = path.removeprefix(get_script_prefix()).split("/", 1)
    if prefix in dict(settings.LANGUAGES) and rest:
        return f"{get_script_prefix()}{language}/{rest[0]}"
    return home_path(language)


def subroute(page: Any, request: HttpRequest) -> str:
    """What follows the page's own path in the request, for pages that answer at several paths."""
    path = page_path(page, request)
    return request.path.removeprefix(path) if path and request.path.startswith(path) else ""


def content_language(language: str) -> str:
    """The language of the texts that readers of an interface language are shown."""
    return language if language in dict(settings.WAGTAIL_CONTENT_LANGUAGES) else settings.LANGUAGE_CODE


def alternates(versions: dict[str, Any], rest: str = "", request: HttpRequest | None = None) -> list[Alternate]:
    """Where the versions of a page stand, and which of them serves all other languages (`x-default`)."""
    urls = {code: f"{page_url(version, request)}{rest}" for code, version in sorted(versions.items())}
    default = next((code for code in language_order(settings.LANGUAGE_CODE) if code in urls), None)
    entries = [Alternate(code, url) for code, url in urls.items()]
    return [*entries, Alternate("x-default", urls[default])] if default else entries
