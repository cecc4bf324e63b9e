"""Load the vocabulary rows that a page refers to, each vocabulary once, however many relations lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import ForeignKey, Prefetch, prefetch_related_objects
from modelcluster.models import get_all_child_relations

from cms.core.labels import Labelled

if TYPE_CHECKING:
    from collections.abc import Iterable


def load_vocabulary(page: Any) -> None:
    """Fill in the rows behind the page's own references and those of what is edited with it, once per object.

    Takes a query for each relation and two for each vocabulary (its rows, their labels).
    """
    if hasattr(page, "has_vocabulary"):
        return
    page.has_vocabulary = True
    relations = get_all_child_relations(type(page))
    names = [relation.get_accessor_name() for relation in relations if keys(relation.related_model)]
    many = [field for field in page._meta.many_to_many if issubclass(field.related_model, Labelled)]
    if page.pk:  # the preview of a page that was never saved has everything in memory
        prefetch_related_objects(
            [page],
            *names,
            *(Prefetch(field.name, field.related_model._base_manager.all()) for field in many),
        )
    children = [child for name in names for child in getattr(page, name).all()]
    rows = referred([page, *children])
    for field in many:
        rows.setdefault(field.related_model, []).extend(getattr(page, field.name).all())
    for found in rows.values():
        prefetch_related_objects(found, "labels")


def keys(model: Any) -> list[Any]:
    """The foreign keys of a model that lead to vocabularies."""
    fields = model._meta.concrete_fields
    return [field for field in fields if isinstance(field, ForeignKey) and issubclass(field.related_model, Labelled)]


def referred(holders: Iterable[Any]) -> dict[Any, list[Any]]:
    """The vocabulary rows behind the foreign keys of objects, set on these objects, by model."""
    wanted: dict[Any, list[tuple[Any, Any]]] = {}
    for holder in holders:
        for field in keys(type(holder)):
            if getattr(holder, field.attname) is not None:
                wanted.setdefault(field.related_model, []).append((holder, field))
    found = {
        model: model._base_manager.in_bulk({getattr(holder, field.attname) for holder, field in places})
        for model, places in wanted.items()
    }
    for model, places in wanted.items():
        for holder, field in places:
            setattr(holder, field.name, found[model][getattr(holder, field.attname)])
    return {model: list(rows.values()) for model, rows in found.items()}
