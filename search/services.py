"""One question to the whole site, and everything that the page of answers shows.

The number of queries depends neither on the number of finds nor on their types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import get_page_models

from cms.core.addresses import index_paths, page_path
from cms.core.models import BasePage
from cms.core.querysets import content_language, fill_rows, locales, public_pages
from cms.languages import language_order, own_name, reader_language
from search.analysis import MAX_QUERY_LENGTH, Words
from search.engines import matching
from search.registries import ContentKind, RowHit, RowKind, content_kinds, row_kinds
from taxonomy.models import Theme

if TYPE_CHECKING:
    from django.core.paginator import Page as PaginatorPage
    from django.utils.safestring import SafeString
    from wagtail.models import Locale

PAGE_SIZE = 20
FEW = 5
ROWS_BESIDE_PAGES = 3
OTHER_PAGES = "pages"


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    url: str
    is_selected: bool


@dataclass(frozen=True)
class Hit:
    """A find: `title` and `excerpt` are HTML with the words marked; `item` is the page, None for other rows."""

    title: SafeString
    excerpt: SafeString
    url: str
    kind: str
    item: Any = None


@dataclass(frozen=True)
class OtherLanguage:
    """How much there is in another language, and where."""

    code: str
    name: str
    count: int
    url: str


@dataclass(frozen=True)
class Suggestion:
    """A theme that the query names, and where its practices are listed."""

    label: str
    url: str


class CountedPaginator(Paginator[Any]):
    """A paginator of results that have been counted already."""

    def __init__(self, results: Any, total: int) -> None:
        super().__init__(results, PAGE_SIZE)
        self.count = total


def themes_named(text: str) -> dict[str, str]:
    """Code and label, for the reader, of themes that have a text as name or synonym in whatever language and case."""

    def folded(words: str) -> str:
        return " ".join(words.casefold().replace("ё", "е").split())

    wanted = folded(text)
    named = [
        theme
        for theme in Theme.vocabulary().rows
        for row in theme.labels.all()
        if wanted in map(folded, [row.label, *row.synonyms.splitlines()])
    ]
    return {theme.code: theme.label for theme in sorted(named, key=lambda theme: theme.code)}


class Search:
    """A question in the reader's language. What the query string says wrongly is ignored."""

    def __init__(self, query: QueryDict) -> None:
        self.text = " ".join(query.get("q", "").replace("\0", " ").split())[:MAX_QUERY_LENGTH]
        self._wanted = query.get("type", "")
        self._number = query.get("page", "1")

    @cached_property
    def _kinds(self) -> dict[str, ContentKind | RowKind]:
        kinds: list[ContentKind | RowKind] = [*content_kinds(), *row_kinds()]
        return {kind.key: kind for kind in sorted(kinds, key=lambda kind: kind.order)}

    @cached_property
    def _types(self) -> dict[str, list[int]]:
        """Ids of the content types under each tab of pages."""
        models = [model for model in get_page_models() if issubclass(model, BasePage)]
        types = {model: kind.pk for model, kind in ContentType.objects.get_for_models(*models).items()}
        named = {kind.key: [types.pop(kind.model)] for kind in content_kinds()}
        return named | {OTHER_PAGES: list(types.values())}

    @cached_property
    def language(self) -> str:
        """The language that is searched: the reader's, or the default one where the reader's has no content."""
        wanted = content_language(reader_language())
        return wanted if wanted in self._locales else settings.LANGUAGE_CODE

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text, self.language)

    @cached_property
    def _locales(self) -> dict[str, Locale]:
        return locales()

    @cached_property
    def _public(self) -> dict[str, Any]:
        """Pages that anybody may read, by language."""
        pages = public_pages()
        return {language: pages.filter(locale=locale) for language, locale in self._locales.items()}

    @cached_property
    def _page_counts(self) -> dict[str, int]:
        """Pages found, by tab."""
        if not self.words:
            return {}
        found = matching(self._public[self.language], self.words, by_relevance=False).facet("content_type_id")
        return {key: sum(found.get(one, 0) for one in types) for key, types in self._types.items()}

    @cached_property
    def _rows(self) -> dict[str, list[Hit]]:
        """All finds that are no pages, by tab."""
        if not self.words:
            return {}
        return {
            kind.key: [self._row_hit(row, str(kind.label)) for row in kind.find(self.words)] for kind in row_kinds()
        }

    @cached_property
    def tabs(self) -> list[Tab]:
        """Everything, then each kind of content of which something was found."""
        counts = self._page_counts | {key: len(rows) for key, rows in self._rows.items()}
        labels = {key: str(kind.label) for key, kind in self._kinds.items()} | {OTHER_PAGES: _("Other pages")}
        found = [key for key in labels if counts.get(key)]
        wanted = self._wanted if self._wanted in found else ""
        everything = Tab("", _("Everything"), sum(counts.values()), self._url(), not wanted)
        return [everything, *(Tab(key, labels[key], counts[key], self._url(key), key == wanted) for key in found)]

    @property
    def tab(self) -> Tab:
        """The chosen tab."""
        return next(tab for tab in self.tabs if tab.is_selected)

    @property
    def total(self) -> int:
        """All finds in the reader's language, whichever tab is chosen."""
        return self.tabs[0].count

    @cached_property
    def page(self) -> PaginatorPage[Any]:
        """The finds of the chosen tab, as hits; of everything, those that are pages."""
        key = self.tab.key
        if key in self._rows:
            return CountedPaginator(self._rows[key], self.tab.count).get_page(self._number)
        total = self._page_counts[key] if key else sum(self._page_counts.values())
        page = CountedPaginator(self._matching_pages(key) if total else [], total).get_page(self._number)
        page.object_list = [self._page_hit(item) for item in fill_rows(page.object_list)]
        return page

    def _matching_pages(self, key: str) -> Any:
        pages = self._public[self.language].specific(defer=True)
        return matching(pages.filter(content_type__in=self._types[key]) if key else pages, self.words)

    @property
    def beside(self) -> list[Hit]:
        """The first finds that are no pages, to stand on the first page of everything."""
        if self.tab.key or self.page.number > 1:
            return []
        return [hit for hits in self._rows.values() for hit in hits[:ROWS_BESIDE_PAGES]]

    def _page_hit(self, item: Any) -> Hit:
        title, excerpt = self.words.mark(item.title), self.words.excerpt(item.summary)
        return Hit(title, excerpt, page_path(item), item.page_type_display_name, item)

    def _row_hit(self, row: RowHit, kind: str) -> Hit:
        return Hit(self.words.mark(row.title), self.words.excerpt(row.summary), row.url, kind)

    @cached_property
    def other_languages(self) -> list[OtherLanguage]:
        """Where else there is something, in the order of the reader's fallbacks, when there is little here."""
        if not self.words or self.total >= FEW:
            return []
        others = [code for code in language_order(self.language) if code in self._public and code != self.language]
        counts = {code: self._count_in(code) for code in others}
        return [
            OtherLanguage(code, own_name(code), count, self._url(language=code))
            for code, count in counts.items()
            if count
        ]

    def _count_in(self, language: str) -> int:
        return matching(self._public[language], Words.of(self.text, language), by_relevance=False).count()

    @cached_property
    def themes(self) -> list[Suggestion]:
        """Themes whose name or synonym is what was typed."""
        kind = next((kind for kind in content_kinds() if any(facet.name == "theme" for facet in kind.facets)), None)
        named = themes_named(self.text) if self.words and kind else {}
        if not named or kind is None:
            return []
        path = index_paths().get(kind.index, "")
        return [Suggestion(label, f"{path}?theme={code}") for code, label in named.items() if path]

    @property
    def page_links(self) -> list[tuple[str, int | None]]:
        """(address, number) of the pages to offer; an ellipsis is ("", None)."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [(self._page_url(one), one) if isinstance(one, int) else ("", None) for one in numbers]

    @property
    def previous_url(self) -> str:
        return self._page_url(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self._page_url(self.page.next_page_number()) if self.page.has_next() else ""

    def _page_url(self, number: int) -> str:
        return f"{self._url(self.tab.key)}&page={number}"

    def _url(self, key: str = "", *, language: str = "") -> str:
        query = QueryDict(mutable=True)
        query["q"] = self.text
        if key:
            query["type"] = key
        with translation.override(language or reader_language()):
            return f"{reverse('search')}?{query.urlencode()}"
