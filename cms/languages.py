"""The platform's languages: which there are, which one the reader uses, and what stands in where it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Iterable


def interface_languages() -> list[tuple[str, Any]]:
    """(code, name) of every interface language. A function, so that adding one is no change of schema."""
    return list(settings.LANGUAGES)


def content_languages() -> list[tuple[str, Any]]:
    """(code, name) of every language in which pages may exist."""
    return list(settings.WAGTAIL_CONTENT_LANGUAGES)


def reader_language() -> str:
    """The active language without a region, `en` where none is active."""
    return (translation.get_language() or "en").split("-")[0]


def language_order(language: str) -> Iterable[str]:
    """The language itself, then those that its readers are offered instead."""
    others = [code for code, _name in settings.LANGUAGES]
    return dict.fromkeys([language, *settings.LANGUAGE_FALLBACKS.get(language, []), *others])
