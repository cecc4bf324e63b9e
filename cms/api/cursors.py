"""Lists read page by page from where the last page ended: as quick at the end of a long list as at its beginning."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.utils import BadRequestError

from cms.core.addresses import absolute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

AFTER = "after"
LONGEST_CURSOR = 2000
Order = list[tuple[Any, bool]]


def written(values: Sequence[Any]) -> str:
    """A place in a list, as clients give it back."""
    text = json.dumps(list(values), default=str, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, length: int) -> list[Any]:
    """What `written` wrote. Raises `ValueError`."""
    if len(cursor) > LONGEST_CURSOR:
        raise ValueError("too long")
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, RecursionError) as error:
        raise ValueError("no cursor") from error
    if not isinstance(values, list) or len(values) != length:
        raise ValueError("no cursor of this list")
    return values


def beyond(order: Order, values: Sequence[Any]) -> Q:
    """What stands behind these values of the fields, rows without a value last."""
    condition, before = Q(pk__in=[]), Q()
    for (field, is_descending), value in zip(order, values, strict=True):
        if value is not None:
            further = Q(**{f"{field.name}__{'lt' if is_descending else 'gt'}": value})
            condition |= before & (further | Q(**{field.name: None}) if field.null else further)
        before &= Q(**{field.name: value})
    return condition


def next_address(request: HttpRequest, cursor: str) -> str:
    """Where the list goes on."""
    query = request.GET.copy()
    query[AFTER] = cursor
    return absolute(f"{request.path}?{query.urlencode()}")


def order_of(model: Any, names: str) -> Order:
    """The fields of `order`, which Wagtail's filter has accepted, and the id: no two rows are equal.

    Raises `BadRequestError`.
    """
    if names == "random":
        raise BadRequestError("after cannot be combined with order=random")
    fields = {one.name: one for one in model._meta.fields}
    wanted = [(name.lstrip("-"), name.startswith("-")) for name in names.split(",") if name]
    if unknown := [name for name, _down in wanted if name not in fields or fields[name].is_relation]:
        raise BadRequestError(f"after cannot be combined with order={unknown[0]}")
    order = [(fields[name], is_descending) for name, is_descending in wanted]
    key = model._meta.get_field("id")
    return order if any(field == key for field, _down in order) else [*order, (key, False)]


def following(queryset: Any, order: Order, cursor: str, size: int) -> tuple[list[Any], str | None]:
    """So many rows from a place on, and the place where the list goes on. Raises `BadRequestError`."""
    terms = [
        F(field.name).desc(nulls_last=True) if is_descending else F(field.name).asc(nulls_last=True)
        for field, is_descending in order
    ]
    behind = queryset.filter(place_behind(order, cursor))
    rows = list(behind.order_by(*terms)[: size + 1]) if size else []
    if len(rows) <= size:
        return rows, None
    return rows[:size], written([field.value_from_object(rows[size - 1]) for field, _down in order])


def place_behind(order: Order, cursor: str) -> Q:
    if not cursor:
        return Q()
    try:
        values = [field.to_python(one) for (field, _down), one in zip(order, read(cursor, len(order)), strict=True)]
    except (TypeError, ValueError, OverflowError, ValidationError) as error:
        raise BadRequestError("after must be empty, or come from the meta.next of the same list") from error
    return beyond(order, values)


class CursorPagination(WagtailPagination):
    """With `after`, empty at first, `meta.next` is the address at which the list goes on; None at its end."""

    next: str | None

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        self.is_asked = AFTER in request.GET
        if not self.is_asked:
            return super().paginate_queryset(queryset, request, view=view)
        if clash := {"offset", "search"} & set(request.GET):
            raise BadRequestError(f"after cannot be combined with {min(clash)}")
        order = order_of(queryset.model, request.GET.get("order", ""))
        size = super().paginate_queryset(queryset, request, view=view).query.high_mark
        rows, cursor = following(queryset, order, request.GET[AFTER], size)
        self.next = next_address(request, cursor) if cursor else None
        return rows

    def get_paginated_response(self, data: Any) -> Any:
        response = super().get_paginated_response(data)
        if self.is_asked:
            response.data["meta"]["next"] = self.next
        return response
