"""Reads over pages of several types at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from wagtail.models import get_page_models

from cms.core.models import BasePage
from cms.core.querysets import ROW_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Locale

ROW_FIELDS = ("summary", "country_id", "review_state", "is_illustrative", "source_language", "cover_image_id")


def with_row_facts(pages: Iterable[Any], locale: Locale) -> list[Any]:
    """Fill deferred pages of one language with what a row shows, in as many queries for many types as for one."""
    items = list(pages)
    ids = [item.pk for item in items]
    models = [model for model in get_page_models() if issubclass(model, BasePage)]
    rows = [model.objects.order_by().filter(pk__in=ids).values_list("pk", *ROW_FIELDS) for model in models]
    facts = {pk: values for pk, *values in rows[0].union(*rows[1:], all=True)} if items else {}
    for item in items:
        item.locale = locale
        for name, value in zip(ROW_FIELDS, facts[item.pk], strict=True):
            setattr(item, name, value)
    prefetch_related_objects(items, *ROW_FACTS)
    return items
