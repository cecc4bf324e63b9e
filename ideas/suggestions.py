"""What is public already and like that which somebody writes."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from cms.core.querysets import content_language, fill_rows, locales, public_pages
from cms.languages import reader_language
from ideas.similarity import SHORTEST, stems
from search.analysis import WORD, Words
from search.engines import matching
from search.registries import content_kinds

KINDS = ("ideas", "practices")
LOOKED_AT, MENTIONED, FEW = 40, 3, 2
LONGEST = 400  # characters that are looked at: what somebody has written first says what it is about


def published_like(text: str) -> list[Any]:
    """Public ideas and practices in the reader's language that hold several words of a text, the likest first."""
    language = content_language(reader_language())
    written = text[:LONGEST].replace("\0", " ")
    words = Words.of(" ".join(word for word in WORD.findall(written) if len(word) > SHORTEST), language)
    locale = locales().get(language)
    if len(words.typed) < FEW or locale is None:
        return []
    wanted = stems(words.typed, language)
    models = [kind.model for kind in content_kinds() if kind.key in KINDS]
    types = ContentType.objects.get_for_models(*models).values()
    pages = public_pages().filter(locale=locale, content_type__in=list(types)).specific(defer=True)
    found: list[tuple[int, Any]] = []
    for page in fill_rows(matching(pages, words, every=False)[:LOOKED_AT]):
        shared = len(wanted & stems([page.title, page.summary], language))
        found += [(shared, page)] if shared >= FEW else []
    found.sort(key=lambda one: -one[0])
    return [page for _shared, page in found[:MENTIONED]]
