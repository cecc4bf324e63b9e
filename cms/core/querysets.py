"""Reads that every content page shares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, Q, When, Window, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber
from django.utils import translation
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page, PageManager, PageQuerySet, PageViewRestriction, Site, get_page_models

from cms.core import memory
from cms.languages import language_order, reader_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

PAGES, LOCALES = "pages", "locales"
ROW_FACTS = ("cover_image__renditions", "page_themes")
ROW_FIELDS = ("summary", "country_id", "review_state", "is_illustrative", "source_language", "cover_image_id")


def locales() -> dict[str, Locale]:
    """The languages that content may be in, by code."""
    return memory.kept(LOCALES, "all", lambda: {locale.language_code: locale for locale in Locale.objects.all()})


def public_languages() -> frozenset[str]:
    """The languages in which a site has a public home page. Without one, a language is not there for readers yet."""

    def load() -> frozenset[str]:
        roots = Site.objects.values("root_page__translation_key")
        homes = Page.objects.filter(translation_key__in=roots, live=True)
        return frozenset(homes.values_list("locale__language_code", flat=True))

    return memory.kept(PAGES, "public languages", load)


def content_language(language: str) -> str:
    """The language of the texts that readers of an interface language are shown."""
    known = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
    return language if language in known and language in (public_languages() or known) else settings.LANGUAGE_CODE


def content_order(language: str = "") -> list[Locale]:
    """The languages of public content, in the order in which readers of a language, or of the active one, get them."""
    order = language_order(language or reader_language())
    codes = dict.fromkeys([content_language(language or reader_language()), *order])
    return [locales()[code] for code in codes if code in locales() and content_language(code) == code]


def language_of(page: Any) -> str:
    """The code of a page's language, without a query."""
    return next((code for code, locale in locales().items() if locale.pk == page.locale_id), "")


def active_locale() -> Locale:
    """The language of the content that the reader sees. Raises `Locale.DoesNotExist` where there is none."""
    try:
        return locales()[content_language(get_supported_content_language_variant(translation.get_language()))]
    except LookupError:
        return Locale.get_active()


def restricted_paths() -> tuple[str, ...]:
    """The tree paths of the pages from which on down not everybody may read, aliases of such pages included."""

    def load() -> tuple[str, ...]:
        found = dict(PageViewRestriction.objects.values_list("page_id", "page__path"))
        newest = list(found)
        while newest:
            aliases = dict(Page.objects.filter(alias_of__in=newest).values_list("pk", "path"))
            newest = [pk for pk in aliases if pk not in found]
            found |= aliases
        return tuple(sorted(set(found.values())))

    return memory.kept(PAGES, "restricted paths", load)


def restricted() -> Q:
    """Pages that not everybody may read."""
    condition = Q(pk__in=[])
    for path in restricted_paths():
        condition |= Q(path__startswith=path)
    return condition


def public_pages() -> Any:
    """Live pages of whatever type that anybody may read."""
    return Page.objects.live().exclude(restricted())


def readable_pages() -> Any:
    """The public pages that stand in a site, in the languages that are there for readers: what the API gives."""

    def load() -> tuple[str, ...]:
        roots = Site.objects.values("root_page__translation_key")
        return tuple(Page.objects.filter(translation_key__in=roots).values_list("path", flat=True))

    inside = Q(pk__in=[])
    for path in memory.kept(PAGES, "paths of homes", load):
        inside |= Q(path__startswith=path)
    return public_pages().filter(inside, locale__in=[locale.pk for locale in content_order()])


def best_versions(pages: Iterable[Any], language: str = "") -> dict[Any, Any]:
    """Of live pages, by translation key, the one that readers of a language get: what anybody may read comes first."""
    order = {locale.pk: locale for locale in content_order(language)}
    place = {pk: number for number, pk in enumerate(order)}
    readable = [page for page in pages if page.locale_id in order]
    for page in readable:
        page.locale = order[page.locale_id]
    readable.sort(key=lambda page: (is_open(page), -place[page.locale_id]))
    return {page.translation_key: page for page in readable}


def is_open(page: Any) -> bool:
    """Whether anybody may read a live page. Asks nothing of the database."""
    return not page.path.startswith(restricted_paths())


def versions_for(model: Any, order: Sequence[Locale]) -> Q:
    """One page for each item of a type: the public version in the first of the languages in which there is one.

    Which these are is asked once after a page was changed, and given to each query as one list: with tens of thousands
    of pages, asking each query to choose takes ten times as long.
    """
    languages = [locale.pk for locale in order]

    def load() -> list[int]:
        rank = Case(*(When(locale=pk, then=place) for place, pk in enumerate(languages)))
        pages = public_pages().type(model).filter(locale__in=languages).order_by()
        place = Window(RowNumber(), partition_by="translation_key", order_by=rank)
        return list(pages.annotate(place=place).filter(place=1).values_list("pk", flat=True))

    ids = memory.kept(PAGES, ("versions", model, *languages), load)
    return Q(pk__in=Listed(ids))


class Listed(RawSQL):
    """Ids as a table of one column: one parameter, however many there are."""

    def __init__(self, ids: list[int]) -> None:
        is_postgres = connection.vendor == "postgresql"
        sql = "SELECT unnest(%s::bigint[])" if is_postgres else "SELECT value FROM json_each(%s)"
        super().__init__(sql, [ids if is_postgres else json.dumps(ids)])


class ContentQuerySet(PageQuerySet):
    def in_reader_language(self) -> Self:
        """Pages in the active language, or in the default language where no content exists in the active one."""
        return self.filter(locale=active_locale())

    def private_q(self) -> Q:
        return restricted()

    def published(self) -> Self:
        """Live pages that anybody may read."""
        return self.live().public()

    def for_readers(self, language: str = "") -> Self:
        """One page for each public item: in the language of the readers, else in the first that they are offered."""
        return self.filter(versions_for(self.model, content_order(language)))

    def of_country(self, country: Any) -> Self:
        return self.filter(page_countries__country=country)

    def with_row_facts(self) -> Self:
        """Load what a listing row shows, in a fixed number of queries."""
        return self.for_rows().prefetch_related(*ROW_FACTS)

    def for_rows(self) -> Self:
        """As `with_row_facts`, but what takes queries of its own is left to `load_row_facts`."""
        return self.select_related("locale", "cover_image")

    def newest(self) -> Self:
        return self.order_by("-first_published_at", "-pk")


ContentManager = PageManager.from_queryset(ContentQuerySet)


def fill_rows(pages: Iterable[Any]) -> list[Any]:
    """Fill deferred pages with what a row shows, in as many queries for many types and languages as for one."""
    rows = list(pages)
    if not rows:
        return []
    models = [model for model in get_page_models() if hasattr(model, "required_to_publish")]
    ids = [row.pk for row in rows]
    fields = [model.objects.order_by().filter(pk__in=ids).values_list("pk", *ROW_FIELDS) for model in models]
    facts = {pk: values for pk, *values in fields[0].union(*fields[1:], all=True)}
    languages = {locale.pk: locale for locale in locales().values()}
    for row in rows:
        row.locale = languages[row.locale_id]
        for name, value in zip(ROW_FIELDS, facts[row.pk], strict=True):
            setattr(row, name, value)
    load_row_facts(rows)
    return rows


def load_row_facts(pages: Sequence[Any]) -> None:
    """Load what listing rows show of pages of several types, in a fixed number of queries."""
    prefetch_related_objects(pages, *ROW_FACTS)
