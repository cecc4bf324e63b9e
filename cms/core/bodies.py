"""What a page shows of other things (pictures, files, other pages), found in its body before it is rendered.

Blocks ask for what they show one kind of block after the other. What `load_shown` has loaded for the request is there
already when they ask: the number of queries depends on the kinds of things, and not on how often they occur.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.core import memory
from cms.core.links import linked_in, rows_to, targets

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator


def blocks_of(page: Any, kind: str) -> list[Any]:
    """The values of all blocks of a kind in the body of a page, in their order."""
    return [page.body[place].value for place, raw in enumerate(page.body.raw_data) if raw["type"] == kind]


def chosen_in(page: Any, fields: Container[str] | None = None) -> Iterator[tuple[Any, int]]:
    """Model and id of everything that the texts of a page, or these fields of it, lead to, without loading any of it.

    The model of pages to which rich text links is None: of these no more than the address is shown.
    """
    for field in page._meta.get_fields():
        if fields is not None and field.name not in fields:
            continue
        if isinstance(field, StreamField):
            for child in getattr(page, field.name).raw_data:
                yield from chosen(field.stream_block.child_blocks.get(child["type"]), child["value"])
        elif isinstance(field, RichTextField):
            yield from ((None, pk) for pk in linked_in(getattr(page, field.name) or ""))


def chosen(block: Any, value: Any) -> Iterator[tuple[Any, int]]:
    """Model and id of what the choosers in the stored value of a block lead to."""
    if not value:
        return
    if isinstance(block, blocks.ChooserBlock):
        yield block.model_class, value
    elif isinstance(block, blocks.RichTextBlock):
        yield from ((None, pk) for pk in linked_in(value))
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from chosen(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            # Wagtail stores a row with its id; a value that was written otherwise may be bare.
            is_wrapped = isinstance(item, dict) and item.get("type") == "item"
            yield from chosen(block.child_block, item["value"] if is_wrapped else item)


def load_shown(page: Any, pages: Iterable[int]) -> None:
    """Load the pictures and files in a page, where its links lead, and the rows of some more pages that it names."""
    image = get_image_model()
    wanted: dict[Any, set[int]] = {image: {page.cover_image_id} - {None}, get_document_model(): set()}
    rows = set(pages)
    linked = set()
    for model, pk in chosen_in(page):
        if model is None:
            linked.add(pk)
        elif model is Page:
            rows.add(pk)
        elif model in wanted:
            wanted[model].add(pk)
    known = memory.objects()
    for model, keys in wanted.items():
        found = model.objects.in_bulk(keys) if keys else {}
        known.update({(model, pk): found.get(pk) for pk in keys})
    if page.cover_image_id and known.get((image, page.cover_image_id)):
        page.cover_image = known[image, page.cover_image_id]
    targets(rows | linked)
    rows_to(rows)


def load_links(page: Any, fields: Container[str]) -> None:
    """Load where the links in some fields of a page lead, in one query."""
    targets({pk for model, pk in chosen_in(page, fields) if model in (None, Page)})
