"""Wagtail's search backends of the databases, asked in a way that stays quick with tens of thousands of pages.

Wagtail joins its index to every object of the queryset and looks for words then. Here the index is asked for the words
first. `WAGTAILSEARCH_BACKENDS` names this module where there is no search engine.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, F, FloatField, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast
from modelsearch.backends import database
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.query import And, MatchAll, Not, Or, Phrase, PlainText

from search.analysis import WORD


def database_backend(params: dict[str, Any]) -> Any:
    """The backend of the database in use."""
    backend = database.SearchBackend(params)
    if hasattr(backend.query_compiler_class, "LAST_TERM_IS_PREFIX"):
        backend.query_compiler_class = asking_index_first(backend.query_compiler_class)
        backend.autocomplete_query_compiler_class = asking_index_first(backend.autocomplete_query_compiler_class)
    return backend


SearchBackend = database_backend


def asking_index_first(compiler_class: Any) -> Any:
    """A compiler of SQLite or PostgreSQL that asks the index first."""
    first = SQLiteIndexFirst if hasattr(compiler_class, "FTS_TABLE_FIELDS") else PostgresIndexFirst
    return type(f"{first.__name__}{compiler_class.__name__}", (first, compiler_class), {})


def is_of_words(query: Any) -> bool:
    """Whether a query says nothing but which words there have to be."""
    if isinstance(query, And | Or):
        return all(map(is_of_words, query.subqueries))
    return isinstance(query, PlainText | Phrase)


class IndexFirst:
    """A mixin for compilers; searches in chosen fields, negations and fuzzy searches are left to Wagtail."""

    path: str
    query: Any

    def search(self: Any, config: Any, start: int | None, stop: int | None, **options: Any) -> Any:
        if self.fields or options.get("score_field") or not is_of_words(self.query):
            return super().search(config, start, stop, **options)  # type: ignore[misc]  # a mixin of compilers
        entries = self.entries_of_model(config)
        if not self.order_by_relevance:
            found = self.found_in(entries)
            return (found if found.query.order_by else found.order_by("-pk"))[start:stop]
        if stop is None:
            own = entries.filter(**{f"{self.path}object_id": Cast(OuterRef("pk"), CharField())})
            return self.found_in(entries).order_by(Subquery(own.values("distance")[:1]), "-pk")[start:]
        return self.best_of(entries, start, stop)

    def entries_of_model(self: Any, config: Any) -> Any:
        types = get_descendants_content_types_pks(self.queryset.model)
        return self.matching_entries(config).filter(**{f"{self.path}content_type__in": types})

    def ids_of_words(self: Any, config: Any) -> list[int] | None:
        """The ids of all objects of the model in which the words stand, the best first, whatever the queryset holds.

        None where a query is of more than words.
        """
        if self.fields or not is_of_words(self.query):
            return None
        best = self.entries_of_model(config).order_by("distance", f"-{self.path}pk")
        return [int(pk) for pk in best.values_list(f"{self.path}object_id", flat=True)]

    def found_in(self: Any, entries: Any) -> Any:
        """The objects of the queryset that stand in index entries."""
        return self.queryset.filter(pk__in=entries.values_list(Cast(f"{self.path}object_id", BigIntegerField())))

    def best_of(self: Any, entries: Any, start: int, stop: int) -> Any:
        """The objects of the best entries, in their order."""
        allowed = self.queryset.order_by().values_list(Cast("pk", CharField()))
        best = entries.filter(**{f"{self.path}object_id__in": allowed}).order_by("distance", f"-{self.path}pk")
        ids = [int(pk) for pk in best.values_list(f"{self.path}object_id", flat=True)[start:stop]]
        if not ids:
            return self.queryset.none()
        places = Case(*(When(pk=pk, then=place) for place, pk in enumerate(ids)))
        return self.queryset.filter(pk__in=ids).order_by(places)


class TitleFirst(Func):
    """BM25 of SQLite's full-text index; a word in a title weighs ten times as much as one in the text.

    The weights stand in the order of the index's columns: autocomplete, body, title. Smaller is better.
    """

    function = "bm25"
    output_field = FloatField()

    def __init__(self, table: str) -> None:
        super().__init__()
        self.template = f"%(function)s({table}, 1.0, 1.0, 10.0)"


def words_only(query: Any) -> Any:
    """A query without the signs that mean something to SQLite's full-text search; None if nothing is left of it."""
    if isinstance(query, And | Or):
        parts = [part for part in map(words_only, query.subqueries) if part]
        return type(query)(parts) if parts else None
    if isinstance(query, PlainText | Phrase):
        words = " ".join(WORD.findall(query.query_string))
        options = {"operator": query.operator} if isinstance(query, PlainText) else {}
        return type(query)(words, **options) if words else None
    return query


class SQLiteIndexFirst(IndexFirst):
    path = "index_entry__"

    def __init__(self, queryset: Any, query: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(queryset, query, *arguments, **options)  # type: ignore[call-arg]  # a mixin of compilers
        self.query = words_only(self.query) or Not(MatchAll())

    def matching_entries(self: Any, config: Any) -> Any:
        from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
        from wagtail.search.models import SQLiteFTSIndexEntry

        query = self.build_search_query(normalize(self.query), config=config)
        matches = MatchExpression(self.FTS_TABLE_FIELDS, query)
        distance = TitleFirst(SQLiteFTSIndexEntry._meta.db_table)
        return SQLiteFTSIndexEntry.objects.filter(matches).annotate(distance=distance)


class PostgresIndexFirst(IndexFirst):
    """PostgreSQL has an index for each column: each word is looked for in each, and not in all columns put together."""

    path = ""

    def matching_entries(self: Any, config: Any) -> Any:
        from wagtail.search.models import IndexEntry

        vectors = [(seen_from_index(vector), seen_from_index(boost)) for vector, boost in self.get_index_vectors(None)]
        columns = [vector.name for vector, _boost in vectors]
        distance = Value(0.0) - self._build_rank_expression(vectors, config)
        return IndexEntry.objects.filter(self.condition(self.query, columns, config)).annotate(distance=distance)

    def condition(self: Any, query: Any, columns: list[str], config: Any) -> Q:
        """The parts of a query, each of which may stand in any of the columns."""
        if isinstance(query, And | Or):
            parts = [self.condition(part, columns, config) for part in query.subqueries]
            return reduce(and_ if isinstance(query, And) else or_, parts)
        if isinstance(query, PlainText):
            *words, last = re.split(r"[\s-]+", query.query_string.strip(" -"))
            if words:
                parts = [*map(Phrase, words), PlainText(last)]
                return self.condition(And(parts) if query.operator == "and" else Or(parts), columns, config)
            if not last:
                return Q(pk__in=[])
        sought = self.build_tsquery(query, config=config)
        return reduce(or_, (Q(**{column: sought}) for column in columns))


def seen_from_index(column: Any) -> Any:
    """A column of the index, given as seen from an object."""
    return F(column.name.removeprefix("index_entries__")) if hasattr(column, "name") else column
