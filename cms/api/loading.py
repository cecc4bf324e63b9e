"""What the pages of a list show, loaded for all of them together: as many queries for a hundred as for one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import ForeignKey, prefetch_related_objects
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.api.registries import page_loaders
from cms.core import links, memory
from cms.core.bodies import chosen_in
from cms.core.fields import VocabularyKey
from cms.core.labels import Labelled
from cms.core.loading import fill
from cms.core.querysets import language_of, locales

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

# Public fields that are made of the rows of a relation with another name.
MADE_OF = {
    "countries": "page_countries",
    "themes": "page_themes",
    "organisations": "page_organisations",
    "related_pages": "page_relations",
}


def load_pages(pages: Sequence[Any], fields: Container[str]) -> None:
    """Load what these public fields show of pages of one type."""
    if not pages:
        return
    by_id = {locale.pk: locale for locale in locales().values()}
    for page in pages:
        page.locale = by_id[page.locale_id]
    model: Any = type(pages[0])
    relations = relations_of(model)
    names = [name for name in relations if name in fields]
    names += [name for field, name in MADE_OF.items() if field in fields and name in relations]
    prefetch_related_objects(pages, *(path for name in names for path in relations[name]))
    for field in model._meta.many_to_many:
        if field.name in fields and issubclass(field.related_model, Labelled):
            load_concepts(pages, field)
    load_chosen(pages, fields)
    for name, load in page_loaders(model).items():
        if name in fields:
            load(pages)


@cache
def relations_of(model: Any) -> dict[str, list[str]]:
    """By the name of a relation whose rows belong to a page: what to load, the rows and that to which they lead."""
    return {relation.get_accessor_name(): paths_of(relation) for relation in get_all_child_relations(model)}


def paths_of(relation: Any) -> list[str]:
    name = relation.get_accessor_name()
    public = {getattr(one, "name", one) for one in getattr(relation.related_model, "api_fields", [])}
    keys = [one for one in relation.related_model._meta.fields if isinstance(one, ForeignKey) and one.name in public]
    return [name, *(f"{name}__{key.name}" for key in keys if not isinstance(key, ParentalKey | VocabularyKey))]


def load_concepts(pages: Sequence[Any], field: Any) -> None:
    """The rows of a vocabulary that are ticked on each page, in the order of the vocabulary."""
    owner, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    ticked = field.remote_field.through._base_manager.filter(**{f"{owner}__in": [page.pk for page in pages]})
    pairs = set(ticked.values_list(owner, target))
    for page in pages:
        rows = field.related_model.vocabulary().rows
        fill(page, field.name, field.related_model, [row for row in rows if (page.pk, row.pk) in pairs])


def load_chosen(pages: Sequence[Any], fields: Container[str]) -> None:
    """The pictures and files that pages show, and where their links lead."""
    image, known = get_image_model(), memory.objects()
    wanted: dict[Any, set[int]] = {image: set(), get_document_model(): set()}
    linked: dict[str, set[int]] = {}
    for page in pages:
        for model, pk in shown_in(page, fields):
            if model in wanted:
                wanted[model].add(pk)
            elif model in (None, Page):
                linked.setdefault(language_of(page), set()).add(pk)
    for model, keys in wanted.items():
        found = model.objects.in_bulk(keys) if keys else {}
        known.update({(model, pk): found.get(pk) for pk in keys})
    for page in pages:
        if "cover_image" in fields and known.get((image, page.cover_image_id)):
            page.cover_image = known[image, page.cover_image_id]
    for language, ids in linked.items():
        with links.published_in(language):
            links.targets(ids)


def shown_in(page: Any, fields: Container[str]) -> Iterator[tuple[Any, int]]:
    """Model and id of what some public fields of a page lead to; None is the model of pages named in rich text."""
    if "cover_image" in fields and page.cover_image_id:
        yield get_image_model(), page.cover_image_id
    if "related_pages" in fields:
        yield from ((Page, link.related_id) for link in page.page_relations.all())
    yield from chosen_in(page, fields)
