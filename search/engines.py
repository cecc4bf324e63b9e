"""How words are matched: by the beginnings of words on the database, by the engine's own analysis elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, FloatField, Func, When
from django.db.models.functions import Cast
from modelsearch.utils import get_descendants_content_types_pks
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
    is_sqlite = hasattr(compiler_class, "FTS_TABLE_FIELDS")
    bases = (RankedOnce, compiler_class) if is_sqlite else (compiler_class,)
    return type("PrefixQueryCompiler", bases, {"LAST_TERM_IS_PREFIX": True})


def index_of_words() -> Any:
    """The model of SQLite's full-text index, which exists on SQLite only."""
    from wagtail.search.models import SQLiteFTSIndexEntry

    return SQLiteFTSIndexEntry


class RankedOnce:
    """SQLite's index asked once for the best matches, where Wagtail asks it again for each page found."""

    def _build_rank_expression(self, _vectors: Any, _config: Any) -> TitleFirst:
        return TitleFirst(index_of_words()._meta.db_table)

    def search(self: Any, config: Any, start: int | None, stop: int | None, score_field: str | None = None) -> Any:
        if not self.order_by_relevance or score_field or stop is None:
            return super().search(config, start, stop, score_field)  # type: ignore[misc]  # a mixin of compilers
        from modelsearch.backends.database.sqlite.query import MatchExpression, normalize

        query = self.build_search_query(normalize(self.query), config=config)
        allowed = self.queryset.order_by().values_list(Cast("pk", CharField()), flat=True)
        best = (
            index_of_words()
            .objects.filter(MatchExpression(self.fields or self.FTS_TABLE_FIELDS, query))
            .filter(index_entry__content_type__in=get_descendants_content_types_pks(self.queryset.model))
            .filter(index_entry__object_id__in=allowed)
            .annotate(score=self._build_rank_expression([], config))
            .order_by("score", "-index_entry")
            .values_list("index_entry__object_id", flat=True)[start:stop]
        )
        ids = [int(pk) for pk in best]
        if not ids:
            return self.queryset.none()
        places = Case(*(When(pk=pk, then=place) for place, pk in enumerate(ids)))
        return self.queryset.filter(pk__in=ids).order_by(places)
