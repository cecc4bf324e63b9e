"""What wagtail-localize keeps of an original, written in a fixed number of queries.

The rows are those that `TranslationSource.refresh_segments` would write, which asks for each of them: a page of sixty
sentences would take four hundred queries whenever it is published.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    String,
    StringSegment,
    Template,
    TemplateSegment,
    TranslatableObject,
    TranslationContext,
    TranslationSource,
    get_schema_version,
)
from wagtail_localize.segments import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.segments.extract import extract_segments

from cms.translation.editor.memory import remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wagtail.models import Locale, Page

    Facts = dict[str, Any]


@transaction.atomic
def keep(page: Page) -> TranslationSource:
    """Keep what a page of its specific type says now, in the place of what was kept of it before."""
    TranslatableObject.objects.get_or_create_from_instance(page)
    source, _created = TranslationSource.objects.update_or_create(
        object_id=page.translation_key,
        locale=page.locale,
        specific_content_type=ContentType.objects.get_for_model(type(page)),
        defaults={
            "object_repr": str(page)[:200],
            "content_json": page.to_json(),
            "schema_version": get_schema_version(page._meta.app_label),
            "last_updated_at": timezone.now(),
        },
    )
    values = extract_segments(page)
    contexts = _contexts(source, {value.path for value in values})
    for model, kind, facts_of in (
        (StringSegment, StringSegmentValue, _facts_of_strings),
        (TemplateSegment, TemplateSegmentValue, _facts_of_templates),
        (RelatedObjectSegment, RelatedObjectSegmentValue, _facts_of_objects),
        (OverridableSegment, OverridableSegmentValue, _facts_of_overridables),
    ):
        found = [value for value in values if isinstance(value, kind)]
        places = [(contexts[value.path], value.order) for value in found]
        _replace(source, model, dict(zip(places, facts_of(found, source.locale), strict=True)))
    return source


def texts_by_place(page: Page) -> dict[str, list[str]]:
    """The sentences of a page by the path of their place, in their order."""
    texts: dict[str, list[str]] = {}
    for value in extract_segments(page):
        if isinstance(value, StringSegmentValue):
            texts.setdefault(value.path, []).append(value.string.data)
    return texts


def _replace(source: TranslationSource, model: Any, wanted: dict[tuple[int, int], Facts]) -> None:
    """Let the segments of one kind be these, by place and order. Rows that say the same already stay."""
    gone = []
    for row in model.objects.filter(source=source):
        facts = wanted.get((row.context_id, row.order))
        if facts and all(getattr(row, name) == value for name, value in facts.items()):
            del wanted[row.context_id, row.order]
        else:
            gone.append(row.pk)
    model.objects.filter(pk__in=gone).delete()
    model.objects.bulk_create(
        model(source=source, context_id=context, order=order, **facts) for (context, order), facts in wanted.items()
    )


def _contexts(source: TranslationSource, paths: set[str]) -> dict[str, int]:
    """The ids of the places of a page by their paths."""
    places = TranslationContext.objects.filter(object_id=source.object_id)

    def row(path: str) -> TranslationContext:
        path_id = TranslationContext._get_path_id(path)  # noqa: SLF001 - only `save` does it, and bulk_create does not
        return TranslationContext(object_id=source.object_id, path=path, path_id=path_id)

    return _ids(places, "path", paths, row)


def _facts_of_strings(values: list[Any], locale: Locale) -> list[Facts]:
    texts = {uuid5(String.UUID_NAMESPACE, value.string.data): value.string.data for value in values}
    known = String.objects.filter(locale=locale, data_hash__in=texts)
    before = set(known.values_list("pk", flat=True))
    ids = _ids(known, "data_hash", texts, lambda key: String(locale=locale, data_hash=key, data=texts[key]))
    remember(String(pk=ids[key], data=text) for key, text in texts.items() if ids[key] not in before)
    by_text = {text: ids[key] for key, text in texts.items()}
    return [{"string_id": by_text[value.string.data], "attrs": _json(value.attrs)} for value in values]


def _facts_of_templates(values: list[Any], _locale: Locale) -> list[Facts]:
    keys = [uuid5(uuid5(Template.BASE_UUID_NAMESPACE, value.format), value.template) for value in values]
    rows = {
        key: Template(uuid=key, template=value.template, template_format=value.format, string_count=value.string_count)
        for key, value in zip(keys, values, strict=True)
    }
    ids = _ids(Template.objects.filter(uuid__in=rows), "uuid", rows, lambda key: rows[key])
    return [{"template_id": ids[key]} for key in keys]


def _facts_of_objects(values: list[Any], _locale: Locale) -> list[Facts]:
    for key, content_type in {value.translation_key: value.content_type for value in values}.items():
        TranslatableObject.objects.get_or_create(translation_key=key, content_type=content_type)
    return [{"object_id": value.translation_key} for value in values]


def _facts_of_overridables(values: list[Any], _locale: Locale) -> list[Facts]:
    return [{"data_json": _json(value.data)} for value in values]


def _ids(rows: Any, name: str, keys: Iterable[Any], row: Callable[[Any], Any]) -> dict[Any, int]:
    """The ids of rows by the value of a field. Rows are shared: what is missing is added, unless others are quicker."""
    found = dict(rows.values_list(name, "pk"))
    missing = [row(key) for key in keys if key not in found]
    if missing:
        rows.model.objects.bulk_create(missing, ignore_conflicts=True)
        found = dict(rows.all().values_list(name, "pk"))
    return found


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)
