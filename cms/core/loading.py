"""Load what a page refers to by rows that hold nothing but the reference: all kinds of them in one query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import CharField, ForeignKey, IntegerField, Value
from django.db.models.functions import Cast
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

from cms.core.bodies import load_shown
from cms.core.labels import Labelled

if TYPE_CHECKING:
    from collections.abc import Sequence

# Beside the page and what it refers to, such a row has at most its place and the part that the other plays.
PLACE, ROLE = "sort_order", "role"


class Row(NamedTuple):
    key: int
    target: int
    place: int | None
    role: str


@dataclass(frozen=True)
class References:
    """A relation of a page: the model of its rows, and its columns for the page and for what is referred to."""

    name: str
    model: Any
    owner: str
    target: str
    vocabulary: Any = None

    @property
    def names(self) -> list[str]:
        return [field.attname for field in self.model._meta.concrete_fields]

    @property
    def leads_to_pages(self) -> bool:
        return issubclass(self.model._meta.get_field(self.target.removesuffix("_id")).related_model, Page)

    def select(self, number: int, page: Any) -> Any:
        """The rows of a page, each after the number of the relation."""
        place = Cast(PLACE if PLACE in self.names else Value(None), IntegerField())
        role = Cast(ROLE if ROLE in self.names else Value(""), CharField())
        rows = self.model._base_manager.order_by().filter(**{self.owner: page.pk})
        return rows.values_list(Value(number, IntegerField()), "pk", self.target, place, role)

    def keep(self, page: Any, rows: Sequence[Row]) -> None:
        """Let the page answer from these rows instead of asking the database."""
        if self.vocabulary:
            wanted = {row.target for row in rows}
            fill(
                page, self.name, self.vocabulary, [one for one in self.vocabulary.vocabulary().rows if one.pk in wanted]
            )
        else:
            ordered = sorted(rows, key=lambda row: (row.place or 0, row.key))
            fill(page, self.name, self.model, [self._object(page, row) for row in ordered])

    def _object(self, page: Any, row: Row) -> Any:
        values = {"id": row.key, self.owner: page.pk, self.target: row.target, PLACE: row.place, ROLE: row.role}
        names = self.names
        return self.model.from_db(page._state.db, names, [values[name] for name in names])  # noqa: SLF001 - as querysets do


def load_references(page: Any) -> None:
    """Load all relations of a page that are mere references, and what they lead to where that is a vocabulary."""
    if hasattr(page, "has_references") or not page.pk:
        return
    page.has_references = True
    relations = references_of(page._meta.model)
    selects = [relation.select(number, page) for number, relation in enumerate(relations)]
    found: list[list[Row]] = [[] for _relation in relations]
    for number, *values in selects[0].union(*selects[1:], all=True):
        found[number].append(Row(*values))
    for relation, rows in zip(relations, found, strict=True):
        relation.keep(page, rows)
    pages = [
        row.target for relation, rows in zip(relations, found, strict=True) if relation.leads_to_pages for row in rows
    ]
    load_shown(page, pages)


@cache
def references_of(model: Any) -> list[References]:
    """The relations of a page model whose rows are mere references."""
    children = (
        _child_references(relation.get_accessor_name(), relation.related_model)
        for relation in get_all_child_relations(model)
    )
    many = [
        References(
            field.name,
            field.remote_field.through,
            f"{field.m2m_field_name()}_id",
            f"{field.m2m_reverse_field_name()}_id",
            field.related_model,
        )
        for field in model._meta.many_to_many
        if issubclass(field.related_model, Labelled)
    ]
    return [*(relation for relation in children if relation), *many]


def _child_references(name: str, model: Any) -> References | None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    owners = [field for field in fields if isinstance(field, ParentalKey)]
    targets = [field for field in fields if isinstance(field, ForeignKey) and field not in owners]
    rest = {field.name for field in fields if field not in [*owners, *targets]}
    if len(owners) != 1 or len(targets) != 1 or not rest <= {PLACE, ROLE}:
        return None
    return References(name, model, owners[0].attname, targets[0].attname)


def fill(page: Any, name: str, model: Any, found: list[Any]) -> None:
    """As `prefetch_related` does with what it has loaded."""
    queryset = model._base_manager.all()
    queryset._result_cache = found  # noqa: SLF001 - Django offers no public way to hand over rows
    queryset._prefetch_done = True  # noqa: SLF001 - as above
    page.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset
