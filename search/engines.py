"""How words are matched: by the beginnings of words on the database, by the engine's own analysis elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Or, Phrase, PlainText

from search.analysis import is_exact

if TYPE_CHECKING:
    from search.analysis import Words

MOST_KEYS = 10_000


def matching(pages: Any, words: Words, *, by_relevance: bool = True, every: bool = True) -> Any:
    """Search results of a page queryset that hold all words, or any; best first, or unordered for counting."""
    backend = get_search_backend()
    compiler_class = backend.query_compiler_class
    if not hasattr(compiler_class, "LAST_TERM_IS_PREFIX"):
        operator = "and" if every else "or"
        return backend.search(" ".join(words.typed), pages, operator=operator, order_by_relevance=by_relevance)
    query = (And if every else Or)([Or([_term(one) for one in variants]) for variants in words.variants])
    by_beginnings = type("ByBeginnings", (compiler_class,), {"LAST_TERM_IS_PREFIX": True})
    compiler = by_beginnings(pages, query, order_by_relevance=by_relevance)
    compiler.check()
    return backend.results_class(backend, compiler)


def _term(variant: str) -> Any:
    return Phrase(variant) if is_exact(variant) else PlainText(variant)


def keys_of(results: Any) -> Any:
    """The primary keys of all that was found, for a condition of another query; of an engine's finds, of the first."""
    if hasattr(results, "get_queryset"):
        return results.get_queryset().order_by().values("pk")
    return [found.pk for found in results[:MOST_KEYS]]
