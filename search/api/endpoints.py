"""One question to everything, in the public API: finds with the words marked, and how many there are of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.urls import reverse
from wagtail.models import get_page_models

from cms.api.endpoints import Asked, Endpoint
from cms.api.parameters import codes, one_of, paging, text
from cms.api.registries import register_endpoint
from cms.core.addresses import absolute, page_url
from cms.core.models import BasePage, PageCountry, PageTheme
from cms.core.querysets import fill_rows, locales, public_pages
from search.analysis import Words
from search.api.shapes import Bucket, FacetsJSON, FindJSON, SearchJSON
from search.engines import keys_of, matching
from search.registries import content_kinds, row_kinds
from taxonomy.api.filters import ABOUT_COUNTRIES, ABOUT_THEMES, COUNTRY, THEME
from taxonomy.models import Country, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http.response import HttpResponseBase

OTHER_PAGES = "pages"


def kinds() -> dict[str, str]:
    """Key and name of all that can be found."""
    everything: list[Any] = [*content_kinds(), *row_kinds()]
    known = sorted(everything, key=lambda kind: kind.order)
    return {kind.key: str(kind.label) for kind in known} | {OTHER_PAGES: "Other pages"}


def type_keys() -> dict[int, str]:
    """The key of the kind of each content type of pages."""
    models = [model for model in get_page_models() if issubclass(model, BasePage)]
    own = {kind.model: kind.key for kind in content_kinds()}
    return {one.pk: own.get(model, OTHER_PAGES) for model, one in ContentType.objects.get_for_models(*models).items()}


class Question:
    """What was asked, and what is found; `without` a facet, as if it had not been narrowed by it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.words = Words.of(asked["q"], asked["locale"])
        self.types = type_keys()

    def pages(self, *, without: str = "", specific: bool = False) -> Any:
        pages = public_pages().filter(locale=locales().get(self.asked["locale"]))
        pages = pages.specific(defer=True) if specific else pages
        if self.asked["country"] is not None and without != "country":
            pages = pages.filter(pk__in=ABOUT_COUNTRIES.pages(self.asked["country"]))
        if self.asked["theme"] is not None and without != "theme":
            pages = pages.filter(pk__in=ABOUT_THEMES.pages(self.asked["theme"]))
        wanted = self.asked["kind"]
        if wanted is not None and without != "kind":
            pages = pages.filter(content_type__in=[pk for pk, key in self.types.items() if key in wanted])
        return pages

    def found(self, *, without: str = "") -> Any:
        return matching(self.pages(without=without), self.words, by_relevance=False)

    def rows(self, *, without: str = "") -> list[tuple[str, Any]]:
        """Key and find of all that are no pages; they have neither country nor theme."""
        if self.asked["country"] is not None or self.asked["theme"] is not None:
            return []
        wanted = None if without == "kind" else self.asked["kind"]
        return [
            (kind.key, hit)
            for kind in row_kinds()
            if wanted is None or kind.key in wanted
            for hit in kind.find(self.words)
        ]

    def page_find(self, page: Any) -> FindJSON:
        return {
            "kind": self.types.get(page.content_type_id, OTHER_PAGES),
            "title": page.title,
            "url": page_url(page),
            "marked_title": self.words.mark(page.title),
            "excerpt": self.words.excerpt(page.summary),
            "page": {
                "id": page.pk,
                "type": page.specific_class._meta.label,
                "detail_url": absolute(reverse("wagtailapi:pages:detail", args=(page.pk,))),
            },
        }

    def row_find(self, key: str, hit: Any) -> FindJSON:
        return {
            "kind": key,
            "title": hit.title,
            "url": absolute(hit.url),
            "marked_title": self.words.mark(hit.title),
            "excerpt": self.words.excerpt(hit.summary),
            "page": None,
        }

    def facets(self) -> FacetsJSON:
        countries = self._links("country", PageCountry)
        themes = self._links("theme", PageTheme)
        return {
            "kind": self._kinds(),
            "country": [
                {"code": row.code, "label": row.label, "count": countries[row.pk]}
                for row in Country.vocabulary().rows
                if row.pk in countries
            ],
            "theme": [
                {"code": row.code, "label": row.label, "count": themes[row.pk]}
                for row in Theme.vocabulary().rows
                if row.pk in themes
            ],
        }

    def _kinds(self) -> list[Bucket]:
        counts: dict[str, int] = {}
        for pk, count in self.found(without="kind").facet("content_type_id").items():
            key = self.types.get(pk, OTHER_PAGES)
            counts[key] = counts.get(key, 0) + count
        for key, _hit in self.rows(without="kind"):
            counts[key] = counts.get(key, 0) + 1
        return [{"code": key, "label": name, "count": counts[key]} for key, name in kinds().items() if key in counts]

    def _links(self, name: str, model: Any) -> dict[int, int]:
        """How many of the finds are linked to each row of a vocabulary."""
        links = model.objects.filter(page__in=keys_of(self.found(without=name))).order_by()
        return dict(links.values_list(name).annotate(number=Count("page", distinct=True)))


class Search(Endpoint):
    """Pages and indicators that hold all words of a question, whatever their endings."""

    tag, summary, item, is_list = "Search", "Everything that was published", SearchJSON, False
    is_kept, passing = True, ("q",)  # its index follows later
    parameters = (
        text("q", "What is looked for: words, of which each find holds all.", example="practice"),
        one_of(
            "locale",
            "The language that is searched; English without it.",
            [code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            example="en",
        ),
        codes(
            "kind",
            "Only some kinds of finds, as the facet `kind` names them.",
            lambda: {key: key for key in kinds()},
            example=["practices"],
        ),
        COUNTRY,
        THEME,
        *paging(),
    )
    required = ("q",)
    examples = ("q=practice", "q=practice&kind=practices&locale=en&limit=5")

    def answer(self, asked: Asked, **keys: str) -> HttpResponseBase:
        question = Question(asked)
        if not question.words:
            empty: SearchJSON = {
                "meta": {"total_count": 0},
                "items": [],
                "facets": {"kind": [], "country": [], "theme": []},
            }
            return self.json(empty)
        start, stop = asked["offset"], asked["offset"] + asked["limit"]
        number, rows = question.found().count(), question.rows()
        best = matching(question.pages(specific=True), question.words)[start:stop] if start < number else []
        items = [question.page_find(page) for page in fill_rows(best)]
        items += [question.row_find(key, hit) for key, hit in self.beside(rows, start - number, stop - number)]
        content: SearchJSON = {
            "meta": {"total_count": number + len(rows)},
            "items": items,
            "facets": question.facets(),
        }
        return self.json(content)

    @staticmethod
    def beside(rows: Sequence[tuple[str, Any]], start: int, stop: int) -> Sequence[tuple[str, Any]]:
        """The part of what is no page that follows the pages of this answer."""
        return rows[max(start, 0) : max(stop, 0)]


def register() -> None:
    register_endpoint("search/", Search)
