"""The platform's languages: which there are, which one the reader uses, and what stands in where it is missing."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from babel import Locale
from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Iterable

# Cyrillic letters that stand right after another one in the alphabet, but not in Unicode.
LETTER_AFTER = {"ё": "е", "й": "и", "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "һ": "х", "і": "ы"}
ALPHABET = str.maketrans(
    {letter: f"{before}\uffff" for letter, before in LETTER_AFTER.items()} | {"ү": "у\uffff\uffff"}
)


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


def sort_key(text: str) -> str:
    """A key that sorts names by the Russian and Kazakh alphabets, and accented Latin letters with the plain."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(ALPHABET))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def own_name(language: str) -> str:
    """The name of a language in itself, from Unicode CLDR."""
    name = Locale.parse(language).get_language_name() or language
    return f"{name[:1].upper()}{name[1:]}"
