"""From the address of a page, in whatever language it begins with, to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from cms.core.querysets import locales
from cms.core.routing import root_for_reader, route

if TYPE_CHECKING:
    from django.http import HttpRequest


def page_at(request: HttpRequest, html_path: str) -> Any | None:
    """The page at an address below the prefix of a language; None where there is none, or the address has no prefix."""
    prefix, *components = [part for part in html_path.split("/") if part] or [""]
    if prefix not in dict(settings.LANGUAGES) or prefix not in locales():
        return None
    with translation.override(prefix):
        root = root_for_reader()
        found = route(root, request, components) if root else None
    return found[0] if found else None
