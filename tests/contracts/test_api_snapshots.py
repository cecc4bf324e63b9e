"""The shape of the public JSON of each page type: what partners read does not change by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import get_page_models

from cms.core.models import BasePage
from reports.models import KeyIndicator, Recommendation, ReportIndicator, ReportSource
from tests.contracts.snapshots import assert_matches
from tests.factories.ideas import make_campaign, make_published_idea
from tests.factories.pages import (
    make_adaptation,
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

NAMES = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "NoneType": "null"}


@pytest.fixture
def content(site: Site) -> None:
    indicator = make_indicator()
    facts: dict[str, Any] = {"themes": [make_theme()], "organisations": [(make_organisation(), "author")]}
    practice = make_practice(**facts)
    make_adaptation(practice)
    profile = make_country_page(key_indicators=[KeyIndicator(indicator=indicator)], related=[practice], **facts)
    make_report(
        profile,
        indicator_panel=[ReportIndicator(indicator=indicator)],
        recommendations=[Recommendation(text="Publish the waiting times.")],
        sources=[ReportSource(title="Statistical yearbook")],
        **facts,
    )
    make_news(**facts)
    make_event(**facts)
    make_standard_page()
    make_published_idea(theme=make_theme(), country=make_country(), stage="tried")
    make_campaign(**facts)


def shape(value: Any) -> Any:
    """Names and kinds without the values; a list is described by its first element."""
    if isinstance(value, dict):
        return {name: shape(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return NAMES[type(value).__name__]


def test_shapes_are_those_of_the_snapshot(client: Client, content: None) -> None:
    labels = sorted(model._meta.label for model in get_page_models() if issubclass(model, BasePage))
    found = {}
    for label in labels:
        answer = client.get("/api/v2/pages/", {"type": label, "fields": "*", "locale": "en", "order": "id", "limit": 1})
        assert answer.status_code == 200, label
        assert answer.json()["items"], label
        found[label] = shape(answer.json()["items"][0])
    assert_matches("api_shapes.json", found)
