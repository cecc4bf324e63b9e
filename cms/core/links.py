"""Where links to pages lead: to the version that the reader of the present text can read.

That is the version in the language of the text, else in the first of the languages that its readers are offered
instead (`content_order`). What everybody may read comes before what only some may; drafts are never led to, nor is
what stands outside of every site.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.html import format_html
from wagtail.models import Page, Site
from wagtail.rich_text import extract_references_from_rich_text

from cms.core import memory
from cms.core.addresses import page_path
from cms.core.querysets import best_versions, content_language, fill_rows, is_open, language_of
from cms.languages import reader_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_DIGITS = 18
_published_in: ContextVar[str] = ContextVar("published_in", default="")


@contextmanager
def published_in(language: str) -> Iterator[None]:
    """What is written in here is in this language, not the reader's, and for everybody: an answer of the API."""
    before = _published_in.set(language)
    try:
        yield
    finally:
        _published_in.reset(before)


def language_read() -> str:
    """The language of the text that is being written for a reader."""
    return _published_in.get() or content_language(reader_language())


def is_for_anybody() -> bool:
    """Whether what is being written may name nothing that only some may read."""
    return bool(_published_in.get())


def targets(ids: Iterable[int]) -> dict[int, Any]:
    """By the id of a page that somebody chose: the version to which a link to it leads, of its own type and deferred.

    One query for all that the request has not loaded before. Pages of which no version is live are left out.
    """
    order = list(ids)
    if not order:
        return {}
    language, known = language_read(), memory.objects()
    found = {pk: known[key] for pk in order if (key := ("target", language, pk)) in known}
    if missing := {*order} - {*found}:
        best = _load_targets(missing, language)
        found |= {pk: best.get(pk) for pk in missing}
        # The version to which a link leads leads to itself.
        loaded = found | {page.pk: page for page in best.values()}
        known.update({("target", language, pk): page for pk, page in loaded.items()})
    return {pk: page for pk in order if (page := found[pk])}


def known_target(pk: int) -> Any | None:
    """As `targets` of one page, but only what the request has loaded before; None for anything else."""
    return memory.objects().get(("target", language_read(), pk))


def public_targets(ids: Iterable[int]) -> dict[int, Any]:
    """As `targets`, without those that only some may read."""
    return {pk: page for pk, page in targets(ids).items() if is_open(page)}


def _load_targets(ids: Iterable[int], language: str) -> dict[int, Any]:
    keys = Page.objects.filter(pk__in=ids).values("translation_key")
    versions = list(Page.objects.filter(translation_key__in=keys).specific(defer=True))
    roots = tuple(root.root_path for root in Site.get_site_root_paths())
    best = best_versions([page for page in versions if page.live and page.url_path.startswith(roots)], language)
    return {page.pk: best[page.translation_key] for page in versions if page.translation_key in best}


def rows_to(ids: Iterable[int]) -> list[Any]:
    """The public versions to which links to pages lead, in the order of the links, with what listing rows show."""
    order = list(ids)
    found = public_targets(order)
    rows = list(dict.fromkeys(found[pk] for pk in order if pk in found))
    fill_rows([row for row in rows if not hasattr(row, "is_row")])
    for row in rows:
        row.is_row = True
    return rows


def attributes(page: Any, anchor: str = "") -> str:
    """`href` of a link to a page, and `hreflang` where that has another language than the text."""
    language = language_of(page)
    with translation.override(language) if is_for_anybody() else nullcontext():
        href = f"{page_path(page)}{f'#{anchor}' if anchor else ''}"
    is_other = language != language_read()
    return format_html('href="{}" hreflang="{}"', href, language) if is_other else format_html('href="{}"', href)


def number_of(text: str) -> int:
    """A page id as it stands in rich text; 0 for what no database can look up."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0


def linked_in(html: str) -> Iterator[int]:
    """The ids of the pages to which rich text links."""
    return (int(pk) for model, pk, *_place in extract_references_from_rich_text(html) if model is Page)
