"""One question to the whole site, and everything that the page of answers shows.

The number of queries depends neither on the number of finds nor on their types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.models import Page, get_page_models

from cms.core.addresses import content_language, page_path
from cms.core.models import BasePage
from cms.languages import language_order, reader_language
from search.analysis import MAX_QUERY_LENGTH, Words
from search.engines import matching
from search.registries import RowHit, content_kinds, row_kinds
from taxonomy.models import Country, Theme, ThemeLabel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.safestring import SafeString

PAGE_SIZE = 20
FEW = 5
ROWS_BESIDE_PAGES = 3
OTHER_PAGES = "pages"
ROW_FACTS = ("summary", "country_id", "review_state", "is_illustrative", "source_language")


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
    """A theme that the query names, and the list of its practices."""

    label: str
    url: str


@dataclass
class Search:
    """A query in the reader's language; `tab` and `number` (of the page) are taken as they come from the address."""

    text: str
    tab: str = ""
    number: str = ""
    language: str = field(default_factory=lambda: content_language(reader_language()))

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Search:
        text = " ".join(query.get("q", "").replace("\0", " ").split())[:MAX_QUERY_LENGTH]
        return cls(text, query.get("type", ""), query.get("page", ""))

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text, self.language)

    @cached_property
    def _models(self) -> dict[str, list[Any]]:
        """Page models by the tab under which they are found."""
        named = {kind.key: [kind.model] for kind in content_kinds()}
        taken = {model for models in named.values() for model in models}
        others = [
            model for model in get_page_models() if issubclass(model, BasePage) and model not in taken
        ]
        return named | {OTHER_PAGES: others}

    @cached_property
    def _public(self) -> Any:
        types = ContentType.objects.get_for_models(*(one for models in self._models.values() for one in models))
        return Page.objects.live().public().filter(content_type__in=types.values(), alias_of=None)

    def _pages(self, words: Words, language: str, models: Iterable[Any] = (), **options: bool) -> Any:
        pages = self._public.filter(locale__language_code=language)
        if models:
            pages = pages.filter(content_type__in=ContentType.objects.get_for_models(*models).values())
        return matching(pages, words, **options)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """Pages found, by tab."""
        if not self.words:
            return {}
        found = self._pages(self.words, self.language, by_relevance=False).facet("content_type_id")
        ids = {model: kind.pk for model, kind in ContentType.objects.get_for_models(
            *(one for models in self._models.values() for one in models)
        ).items()}
        return {key: sum(found.get(ids[model], 0) for model in models) for key, models in self._models.items()}

    @cached_property
    def _rows(self) -> dict[str, list[RowHit]]:
        """All rows that are no pages, by tab."""
        return {kind.key: kind.find(self.words) if self.words else [] for kind in row_kinds()}
