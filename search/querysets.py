"""Reads over pages of several types at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from wagtail.models import get_page_models

from cms.core.models import BasePage
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Iterable

ROW_FIELDS = ("summary", "country_id", "review_state", "is_illustrative", "source_language", "cover_image_id")


def with_row_facts(pages: Iterable[Any]) -> list[Any]:
    """Fill deferred pages of several types with what a row shows: one query for their fields, two for countries."""
    items = list(pages)
    ids = [item.pk for item in items]
    models = [model for model in get_page_models() if issubclass(model, BasePage)]
    rows = [model.objects.order_by().filter(pk__in=ids).values_list("pk", *ROW_FIELDS) for model in models]
    facts = {pk: values for pk, *values in rows[0].union(*rows[1:], all=True)} if items else {}
    countries = Country.objects.in_bulk({values[ROW_FIELDS.index("country_id")] for values in facts.values()} - {None})
    for item in items:
        for name, value in zip(ROW_FIELDS, facts[item.pk], strict=True):
            setattr(item, name, value)
        item.country = countries.get(item.country_id)
    prefetch_related_objects(items, "page_themes__theme__labels")
    return items
