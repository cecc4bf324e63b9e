"""Which public objects show something of another one, by Wagtail's index of references and by the tree of pages."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page, ReferenceIndex, get_page_models

from cms.delivery.choices import Scope
from cms.delivery.registries import kinds, showing_pages, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from cms.delivery.models import Mark

Objects = set[tuple[str, int]]


def objects_of(mark: Mark) -> Objects:
    """The objects that a mark concerns."""
    if mark.scope == Scope.ALL:
        return {(kind.name, pk) for kind in kinds().values() for pk in kind.public().values_list("pk", flat=True)}
    name, _colon, pk = mark.key.partition(":")
    if mark.scope == Scope.TREE:
        return pages(below(Page.objects.filter(pk=pk)))
    if mark.scope == Scope.SHOWN:
        model = apps.get_model(name)
        own = {(kind.name, int(pk)) for kind in kinds().values() if kind.model is model}
        return own | pages(showing(model, [pk]))
    return {(name, int(pk))}


def pages(ids: Iterable[int]) -> Objects:
    return {("pages", pk) for pk in ids}


def below(roots: Any) -> set[int]:
    """The ids of pages, of everything below them, and of the aliases of all these."""
    paths = list(roots.values_list("path", flat=True))
    if not paths:
        return set()
    inside = Page.objects.filter(reduce(or_, (Q(path__startswith=path) for path in paths)))
    found = set(inside.values_list("pk", flat=True))
    return found | set(Page.objects.filter(alias_of__in=inside.order_by().values("pk")).values_list("pk", flat=True))


def showing(model: Any, keys: Iterable[object]) -> set[int]:
    """The ids of the pages that refer to rows of a model."""
    texts = [str(key) for key in keys]
    target = ReferenceIndex._get_base_content_type(model)  # noqa: SLF001 - the index is keyed by it
    rows = ReferenceIndex.objects.filter(to_content_type=target, to_object_id__in=texts)
    found: set[int] = set()
    for base, pk in rows.values_list("base_content_type", "object_id").distinct():
        source: Any = ContentType.objects.get_for_id(base).model_class()
        if source is Page:
            found.add(int(pk))
        elif source in shown():
            found |= {page for row in source.objects.filter(pk=pk) for page in shown()[source](row)}
    for page_model in get_page_models():
        for field in page_model._meta.local_many_to_many:
            if field.related_model is model:
                through = field.remote_field.through.objects.filter(**{f"{field.m2m_reverse_field_name()}__in": texts})
                found |= set(through.values_list(f"{field.m2m_field_name()}_id", flat=True))
    return found


def around(ids: Iterable[int], keys: Iterable[UUID | None]) -> set[int]:
    """The pages that show something of some pages, of which one may be gone: versions, children, whoever refers."""
    known = list(ids)
    versions = set(Page.objects.filter(translation_key__in=[key for key in keys if key]).values_list("pk", flat=True))
    parents = Page.objects.filter(pk__in=known, numchild__gt=0).values_list("path", "depth")
    children = reduce(
        or_, (Q(path__startswith=path, depth=depth + 1) for path, depth in parents), Q(alias_of__in=known)
    )
    nearby = set(Page.objects.filter(children).values_list("pk", flat=True))
    every = versions.union(known)
    return versions | nearby | showing(Page, every) | showing_pages(every)
