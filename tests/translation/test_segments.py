"""What is kept of a page is what wagtail-localize would keep, in few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    StringSegment,
    TemplateSegment,
    TranslationContext,
    TranslationSource,
)

from cms.translation.segments import keep
from tests.factories.examples import FULL

if TYPE_CHECKING:
    from wagtail.models import Site

FACTS = {
    StringSegment: ("string__data", "string__locale", "attrs"),
    TemplateSegment: ("template__template", "template__template_format", "template__string_count", "template__uuid"),
    RelatedObjectSegment: ("object", "object__content_type"),
    OverridableSegment: ("data_json",),
}
every_type = pytest.mark.parametrize("kind", FULL)
pytestmark = pytest.mark.one_database  # a database without an order of rows gives them twice in two orders


def rows(source: TranslationSource) -> dict[Any, Any]:
    return {
        model: list(
            model._default_manager.filter(source=source)
            .order_by("order")
            .values_list("order", "context__path", "context__path_id", *names)
        )
        for model, names in FACTS.items()
    }


def fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


@every_type
def test_the_rows_are_those_of_the_package(site: Site, kind: str) -> None:
    page = fresh(FULL[kind]())
    source = keep(page)
    ours = rows(source), source.content_json, source.schema_version, source.object_repr
    source.delete()
    TranslationContext.objects.all().delete()
    theirs, _created = TranslationSource.get_or_create_from_instance(page)
    assert (rows(theirs), theirs.content_json, theirs.schema_version, theirs.object_repr) == ours
    assert ours[0][StringSegment]


@every_type
def test_what_did_not_change_is_not_written_anew(site: Site, kind: str) -> None:
    page = fresh(FULL[kind]())
    ids = {model: set(model._default_manager.filter(source=keep(page)).values_list("pk", flat=True)) for model in FACTS}
    again = {
        model: set(model._default_manager.filter(source=keep(page)).values_list("pk", flat=True)) for model in FACTS
    }
    assert again == ids


def test_what_changed_is_followed(site: Site) -> None:
    page = fresh(FULL["practice"]())
    keep(page)
    page.title, page.summary, page.advice = (
        page.summary,
        page.title,
        "<p>One.</p><p>Two <a href='/x'>x</a>.</p><p>One.</p>",
    )
    page.body = [*reversed(page.body.raw_data)]
    page.results = list(page.results.all())[:1]
    ours = rows(keep(page))
    TranslationSource.objects.all().delete()
    page.save()
    assert rows(TranslationSource.get_or_create_from_instance(fresh(page))[0]) == ours


def test_the_queries_do_not_grow_with_the_text(site: Site) -> None:
    page = fresh(FULL["practice"]())
    keep(page)
    counts = []
    for paragraphs in (2, 40):
        page.advice = "".join(f"<p>Sentence {number} of {paragraphs}.</p>" for number in range(paragraphs))
        with CaptureQueriesContext(connection) as captured:
            keep(page)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 48
