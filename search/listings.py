"""Lists that can be narrowed, sorted and shared by their address.

Parameters that mean nothing (an unknown facet value, a page that is no number) are ignored: a link that somebody
shared years ago still shows a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cms.core import memory
from cms.core.querysets import PAGES

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from django.http import HttpRequest

    from search.facets import Facet, Pages

PAGE_SIZE = 20
MAX_VALUES = 20
SORTS = {
    "newest": (_("Newest first"), None),
    "updated": (_("Last updated"), ["-last_published_at", "-pk"]),
    "title": (_("By title"), ["title", "pk"]),
}


@dataclass(frozen=True)
class Option:
    """A value of a facet as the reader sees it; `url` switches it on or off."""

    value: str
    label: str
    count: int
    is_selected: bool
    url: str


@dataclass(frozen=True)
class FacetView:
    name: str
    label: str
    options: list[Option]

    @property
    def selected(self) -> list[Option]:
        return [option for option in self.options if option.is_selected]


class Listing:
    """A list of pages, narrowed by the facets in a query string.

    The numbers of a list that nothing narrows are kept in memory under its `key`, where it has one.
    """

    def __init__(self, pages: Pages, facets: Sequence[Facet], query: QueryDict, key: Hashable = None) -> None:
        self._all = pages
        self._key = key
        self._facets = facets
        self._query = query
        self.chosen = {facet.name: values for facet in facets if (values := self._accepted(facet))}

    def _accepted(self, facet: Facet) -> list[str]:
        values = dict.fromkeys(self._query.getlist(facet.name))
        readable = [value for value in values if value and facet.accepts(value)][:MAX_VALUES]
        known = facet.labels(readable) if readable else {}
        return [value for value in readable if value in known]

    def _narrowed(self, *, except_for: str | None = None) -> Pages:
        pages = self._all
        for facet in self._facets:
            if facet.name in self.chosen and facet.name != except_for:
                pages = facet.apply(pages, self.chosen[facet.name])
        return pages

    @property
    def pages(self) -> Pages:
        """All that the chosen facets leave, in no particular order."""
        return self._narrowed()

    @property
    def chosen_labels(self) -> list[str]:
        """Names of the chosen values, for a title."""
        return [label for facet in self._facets for label in facet.labels(self.chosen.get(facet.name, [])).values()]

    @cached_property
    def sort(self) -> str:
        wanted = self._query.get("sort", "newest")
        return wanted if wanted in SORTS else "newest"

    @cached_property
    def page(self) -> PaginatorPage[Any]:
        pages = self._narrowed()
        order = SORTS[self.sort][1]
        ordered = pages.order_by(*order) if order else pages.newest()
        return Paginator(ordered.with_row_facts(), PAGE_SIZE).get_page(self._query.get("page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @cached_property
    def facets(self) -> list[FacetView]:
        return [view for facet in self._facets if (view := self._facet_view(facet)).options]

    @cached_property
    def _counts(self) -> dict[str, dict[str, int]]:
        """The number to show beside each value of each facet, by the facet's name."""
        if self.chosen or self._key is None:
            return self._load_counts()
        return memory.kept(PAGES, ("facets", self._key), self._load_counts)

    def _load_counts(self) -> dict[str, dict[str, int]]:
        own = self._own_counts()
        return {
            facet.name: facet.counts(own[facet.name], self._narrowed(except_for=facet.name)) for facet in self._facets
        }

    def _own_counts(self) -> dict[str, dict[str, int]]:
        """How many pages have each value of each facet; all facets in one query."""
        found: dict[str, dict[str, int]] = {facet.name: {} for facet in self._facets}
        queries = [
            facet.count_query(self._narrowed(except_for=facet.name), number)
            for number, facet in enumerate(self._facets)
        ]
        if queries:
            for number, value, count in queries[0].union(*queries[1:], all=True):
                if value not in (None, ""):
                    facet = self._facets[number]
                    found[facet.name][facet.value_of(value)] = count
        return found

    def _facet_view(self, facet: Facet) -> FacetView:
        chosen = self.chosen.get(facet.name, [])
        counts = self._counts[facet.name]
        values = list(dict.fromkeys([*counts, *chosen]))
        labels = facet.labels(values)
        options = [
            Option(
                value=value,
                label=labels[value],
                count=counts.get(value, 0),
                is_selected=value in chosen,
                url=self._toggled(facet.name, value),
            )
            for value in facet.ordered(labels, counts)
        ]
        return FacetView(facet.name, str(facet.label), options)

    @property
    def chips(self) -> list[Option]:
        """What is chosen at present; the `url` of each removes it."""
        return [option for view in self.facets for option in view.selected]

    @property
    def sorts(self) -> list[Option]:
        return [
            Option(name, str(label), 0, name == self.sort, self._with(sort=name))
            for name, (label, _order) in SORTS.items()
        ]

    @property
    def page_links(self) -> list[tuple[str, int | None]]:
        """(address, number) of the pages to offer; an ellipsis is ("", None)."""
        paginator = self.page.paginator
        numbers = paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [(self._with(page=number), number) if isinstance(number, int) else ("", None) for number in numbers]

    @property
    def previous_url(self) -> str:
        return self._with(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self._with(page=self.page.next_page_number()) if self.page.has_next() else ""

    def _clean_query(self) -> QueryDict:
        query = QueryDict(mutable=True)
        for name, values in self.chosen.items():
            query.setlist(name, values)
        if self.sort != "newest":
            query["sort"] = self.sort
        return query

    def _toggled(self, name: str, value: str) -> str:
        query = self._clean_query()
        values = query.getlist(name)
        query.setlist(name, [one for one in values if one != value] if value in values else [*values, value])
        return f"?{query.urlencode()}"

    def _with(self, **changes: str | int) -> str:
        query = self._clean_query()
        for name, value in changes.items():
            query[name] = str(value)
        return f"?{query.urlencode()}"

    @property
    def query_string(self) -> str:
        """What is chosen, as a query string without page number: for feeds and API links."""
        return self._clean_query().urlencode()


class FacetedIndexMixin:
    """An index page whose context holds a `listing`. Subclasses say what is listed and by which facets."""

    pk: Any
    facets: Sequence[Facet] = ()

    def listed_pages(self) -> Any:
        raise NotImplementedError

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of Page
        context["listing"] = Listing(self.listed_pages(), self.facets, request.GET, self.pk)
        return context
