"""How words are matched: by the beginnings of words on the database, by the engine's own analysis elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import FloatField, Func
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Or, Phrase, PlainText

from search.analysis import is_exact

if TYPE_CHECKING:
    from search.analysis import Words


class TitleFirst(Func):
    """BM25 of SQLite's full-text index; a word in a title weighs ten times as much as one in the text.

    The weights stand in the order of the index's columns: autocomplete, body, title. Smaller is better.
    """

    function = "bm25"
    output_field = FloatField()

    def __init__(self, table: str) -> None:
        super().__init__()
        self.template = f"%(function)s({table}, 0.0, 1.0, 10.0)"


def matching(pages: Any, words: Words, *, by_relevance: bool = True) -> Any:
    """Search results of a page queryset that hold all words; best first, or unordered for counting."""
    backend = get_search_backend()
    compiler_class = backend.query_compiler_class
    if not hasattr(compiler_class, "LAST_TERM_IS_PREFIX"):
        return backend.search(" ".join(words.typed), pages, operator="and", order_by_relevance=by_relevance)
    query = And([Or([_term(one) for one in variants]) for variants in words.variants])
    compiler = _by_beginnings(compiler_class)(pages, query, order_by_relevance=by_relevance)
    compiler.check()
    return backend.results_class(backend, compiler)


def _term(variant: str) -> Any:
    return Phrase(variant) if is_exact(variant) else PlainText(variant)


def _by_beginnings(compiler_class: Any) -> Any:
    """The database's own compiler, taking every word as the beginning of one."""
    members: dict[str, Any] = {"LAST_TERM_IS_PREFIX": True}
    if hasattr(compiler_class, "FTS_TABLE_FIELDS"):
        from wagtail.search.models import SQLiteFTSIndexEntry

        table = SQLiteFTSIndexEntry._meta.db_table
        members["_build_rank_expression"] = lambda _self, _vectors, _config: TitleFirst(table)
    return type("PrefixQueryCompiler", (compiler_class,), members)
