"""What a page shows of other things (pictures, files, other pages), found in its body before it is rendered.

Blocks ask for what they show one kind of block after the other. What `load_shown` has loaded for the request is there
already when they ask: the number of queries depends on the kinds of things, and not on how often they occur.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.core import memory
from cms.core.querysets import rows_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def blocks_of(page: Any, kind: str) -> list[Any]:
    """The values of all blocks of a kind in the body of a page, in their order."""
    return [page.body[place].value for place, raw in enumerate(page.body.raw_data) if raw["type"] == kind]


def chosen_in(page: Any) -> Iterator[tuple[Any, int]]:
    """Model and id of everything that choosers in the text of a page lead to, without loading any of it."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            for child in getattr(page, field.name).raw_data:
                yield from chosen(field.stream_block.child_blocks.get(child["type"]), child["value"])


def chosen(block: Any, value: Any) -> Iterator[tuple[Any, int]]:
    """Model and id of what the choosers in the stored value of a block lead to."""
    if not value:
        return
    if isinstance(block, blocks.ChooserBlock):
        yield block.model_class, value
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from chosen(child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            # Wagtail stores a row with its id; a value that was written otherwise may be bare.
            is_wrapped = isinstance(item, dict) and item.get("type") == "item"
            yield from chosen(block.child_block, item["value"] if is_wrapped else item)


def load_shown(page: Any, pages: Iterable[int]) -> None:
    """Load the pictures and files in a page, and the rows of other pages: of these in its body and of some more."""
    image = get_image_model()
    wanted: dict[Any, set[int]] = {image: {page.cover_image_id} - {None}, get_document_model(): set()}
    ids = set(pages)
    for model, pk in chosen_in(page):
        if model is Page:
            ids.add(pk)
        elif model in wanted:
            wanted[model].add(pk)
    known = memory.objects()
    for model, keys in wanted.items():
        found = model.objects.in_bulk(keys) if keys else {}
        known.update({(model, pk): found.get(pk) for pk in keys})
    if page.cover_image_id and known.get((image, page.cover_image_id)):
        page.cover_image = known[image, page.cover_image_id]
    rows_shown(ids)


def rows_shown(ids: Iterable[int]) -> list[Any]:
    """As `rows_at`, but what was loaded in this request before is not loaded again."""
    order = list(ids)
    known = memory.objects()
    if missing := [pk for pk in order if (Page, pk) not in known]:
        found = {row.chosen_pk: row for row in rows_at(missing)}
        rows = {(Page, pk): found.get(pk) for pk in missing}
        known.update(rows)
        known = known | rows  # outside of a request nothing is kept
    return [row for pk in order if (row := known[Page, pk])]
