"""Pages into the tree many at a time, and out again.

Written past the editorial machinery: no revisions, no entries in the log and none in the index of references. That is
why generated content serves for measuring and for nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, QuerySet
from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

from home.load.builders import SLUG_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from home.load.builders import Plan

BATCH = 200


class TreeWriter:
    """Appends leaf pages to their parents."""

    def __init__(self) -> None:
        self._locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self._steps: dict[int, int] = {}
        self._backend = get_search_backend()

    @transaction.atomic
    def write(self, plans: Sequence[Plan]) -> int:
        """Write each item in every language; the number of pages written."""
        pages = [(plan, self._placed(plan, language)) for plan in plans for language in plan.material.texts]
        bases = Page.objects.bulk_create(_base_of(page) for _plan, page in pages)
        for (_plan, page), base in zip(pages, bases, strict=True):
            page.pk = page.page_ptr_id = base.pk
            page.save_base(raw=True, force_insert=True)
        _create(part for plan, page in pages for part in plan.parts(page))
        for parent, count in Counter(page.path[: -Page.steplen] for _plan, page in pages).items():
            Page.objects.filter(path=parent).update(numchild=F("numchild") + count)
        for model, found in _by_type(page for _plan, page in pages).items():
            self._backend.get_index_for_model(model).add_items(model, found)
        return len(pages)

    def _placed(self, plan: Plan, language: str) -> Any:
        page, parent = plan.page(language), plan.parent(language)
        page.locale = self._locales[language]
        page.content_type = ContentType.objects.get_for_model(plan.model)
        page.depth = parent.depth + 1
        page.path = self._next_path(parent)
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.draft_title = page.title
        page.first_published_at = page.last_published_at = page.latest_revision_created_at = plan.published
        return page

    def _next_path(self, parent: Page) -> str:
        if parent.pk not in self._steps:
            last = parent.get_last_child()
            self._steps[parent.pk] = int(last.path[-Page.steplen :], len(Page.alphabet)) if last else 0
        self._steps[parent.pk] += 1
        return Page._get_path(parent.path, parent.depth + 1, self._steps[parent.pk])  # noqa: SLF001 - no public way


def remove_generated() -> Iterator[int]:
    """Delete every generated page, a batch at a time; yields the number deleted so far."""
    pages = Page.objects.filter(slug__startswith=SLUG_PREFIX)
    deleted = 0
    while batch := list(pages.values_list("pk", "path")[:BATCH]):
        with transaction.atomic():
            # Django's own deletion, not the tree's: these pages are leaves, and their parents are counted below.
            QuerySet(Page).filter(pk__in=[pk for pk, _path in batch]).delete()
            for parent in {path[: -Page.steplen] for _pk, path in batch}:
                left = Page.objects.filter(path__startswith=parent, depth=len(parent) // Page.steplen + 1).count()
                Page.objects.filter(path=parent).update(numchild=left)
        deleted += len(batch)
        yield deleted


def _base_of(page: Any) -> Page:
    fields = (field.attname for field in Page._meta.concrete_fields if not field.primary_key)
    return Page(**{name: getattr(page, name) for name in fields})


def _create(rows: Iterator[Any]) -> None:
    for model, found in _by_type(rows).items():
        model._base_manager.bulk_create(found)


def _by_type(objects: Iterator[Any]) -> dict[Any, list[Any]]:
    groups = defaultdict(list)
    for one in objects:
        groups[type(one)].append(one)
    return groups
