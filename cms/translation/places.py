"""Where the segments of a page stand: what editors call the place, in which order they meet it, and what fits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ManyToOneRel
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.fields import StreamField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AFTER_ALL = 10_000  # of fields that no panel shows


@dataclass(frozen=True)
class Place:
    """A field of a page, of a row that belongs to it, or of a block; `longest` in characters, None where any number."""

    label: str
    order: int = AFTER_ALL
    longest: int | None = None


def places_of(page: Any, paths: Iterable[str]) -> dict[str, Place]:
    """The places of a page of its specific type by their paths, as wagtail-localize writes them: `body.<id>.text`."""
    order = {name: number for number, name in enumerate(_panels(page))}
    return {path: _place(page, path.split("."), order) for path in paths}


def _panels(page: Any) -> Iterator[str]:
    """The names of fields and of relations in the order of the edit view."""
    for tab in page.get_edit_handler().children:
        options = tab.get_form_options()
        yield from options.get("fields", ())
        yield from options.get("formsets", ())


def _place(page: Any, steps: list[str], order: dict[str, int]) -> Place:
    try:
        field: Any = page._meta.get_field(steps[0])
        child: Any = field.related_model._meta.get_field(steps[-1]) if isinstance(field, ManyToOneRel) else None
    except FieldDoesNotExist:
        return Place(".".join(steps))
    number = order.get(steps[0], AFTER_ALL)
    if isinstance(field, StreamField):
        names, longest = _in_blocks(getattr(page, steps[0]), steps[1:])
        return Place(" › ".join(names), number, longest)
    if child:
        label = f"{capfirst(field.related_model._meta.verbose_name)} › {capfirst(child.verbose_name)}"
        return Place(label, number, child.max_length)
    return Place(capfirst(field.verbose_name), number, getattr(field, "max_length", None))


def _in_blocks(value: Any, steps: list[str]) -> tuple[list[str], int | None]:
    """The labels on the way down to a block, and how many characters it takes."""
    names: list[str] = []
    block: Any = None
    for step in steps:
        if isinstance(value, blocks.StructValue):
            if step not in value.block.child_blocks:
                break
            block, value = value.block.child_blocks[step], value.get(step)
        elif isinstance(value, blocks.StreamValue | blocks.list_block.ListValue):
            rows = value if isinstance(value, blocks.StreamValue) else value.bound_blocks
            row = next((one for one in rows if one.id == step), None)
            if row is None:
                break
            block, value = row.block, row.value
        else:
            break
        if block.label:
            names.append(capfirst(str(block.label)))
    return names, getattr(getattr(block, "field", None), "max_length", None)
