"""Which public objects show something of another one, by Wagtail's index of references and by the tree of pages."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Collection, CollectionMember, Page, ReferenceIndex, get_page_models

from cms.delivery.choices import Scope
from cms.delivery.registries import kinds, showing_pages, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from cms.delivery.models import Mark

Objects = set[tuple[str, int]]
COLLECTIONS = "collections"


def objects_of(mark: Mark) -> Objects:
    """The objects that a mark concerns."""
    if mark.scope == Scope.ALL:
        return {(kind.name, pk) for kind in kinds().values() for pk in kind.public().values_list("pk", flat=True)}
    name, _colon, pk = mark.key.partition(":")
    if mark.scope == Scope.TREE and name == COLLECTIONS:
        return inside(Collection.objects.filter(pk=pk))
    if mark.scope == Scope.TREE:
        return pages(below(Page.objects.filter(pk=pk)))
    if mark.scope == Scope.SHOWN:
        model = apps.get_model(name)
        own = {(kind.name, int(pk)) for kind in kinds().values() if kind.model is model}
        return own | showing(model, [pk])
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


def inside(collections: Any) -> Objects:
    """The files in collections and in those below them, and what shows these."""
    found: Objects = set()
    for path in collections.values_list("path", flat=True):
        for kind in kinds().values():
            if issubclass(kind.model, CollectionMember):
                rows = kind.model.objects.filter(collection__path__startswith=path)
                ids = list(rows.values_list("pk", flat=True))
                found |= {(kind.name, one) for one in ids} | showing_rows(kind.model, ids)
    return found


def files_of(ids: Iterable[int]) -> dict[int, Objects]:
    """By page, the objects to which it refers and that are public only because of such pages."""
    owner, texts = base_type(Page), [str(pk) for pk in ids]
    known = {base_type(kind.model).pk: kind.name for kind in kinds().values() if kind.of_pages}
    rows = ReferenceIndex.objects.filter(base_content_type=owner, object_id__in=texts, to_content_type__in=list(known))
    found: dict[int, Objects] = {}
    for page, target, pk in rows.values_list("object_id", "to_content_type", "to_object_id"):
        found.setdefault(int(page), set()).add((known[target], int(pk)))
    return found


def base_type(model: Any) -> ContentType:
    found: ContentType = ReferenceIndex._get_base_content_type(model)  # noqa: SLF001 - the index is keyed by it
    return found


def showing(model: Any, keys: Iterable[object]) -> Objects:
    """Whatever shows something of rows of a model."""
    listed = list(keys)
    return pages(referring(model, listed)) | showing_rows(model, listed)


def showing_rows(model: Any, keys: Iterable[object]) -> Objects:
    """The objects other than pages that show something of rows of a model."""
    listed = list(keys)
    pairs = [(kind, lookup) for kind in kinds().values() for shown_model, lookup in kind.shows if shown_model is model]
    return {
        (kind.name, pk)
        for kind, lookup in pairs
        for pk in kind.model._base_manager.filter(**{lookup: listed}).values_list("pk", flat=True)
    }


def referring(model: Any, keys: Iterable[object]) -> set[int]:
    """The ids of the pages that refer to rows of a model."""
    texts = [str(key) for key in keys]
    rows = ReferenceIndex.objects.filter(to_content_type=base_type(model), to_object_id__in=texts)
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


def around(ids: Iterable[int], keys: Iterable[UUID | None]) -> Objects:
    """What shows something of some pages, of which one may be gone: versions, children, whoever refers."""
    known = list(ids)
    versions = set(Page.objects.filter(translation_key__in=[key for key in keys if key]).values_list("pk", flat=True))
    parents = Page.objects.filter(pk__in=known, numchild__gt=0).values_list("path", "depth")
    children = reduce(
        or_, (Q(path__startswith=path, depth=depth + 1) for path, depth in parents), Q(alias_of__in=known)
    )
    nearby = set(Page.objects.filter(children).values_list("pk", flat=True))
    every = versions.union(known)
    return pages(versions | nearby) | showing(Page, every) | showing_pages(every)
