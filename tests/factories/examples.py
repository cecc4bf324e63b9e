"""A page of each type with something in every field, row and block."""

from __future__ import annotations

import datetime
from typing import Any

from cms.core.choices import Licence, OrganisationRole, ReviewState
from home.models import Door, HomeFigureLink, HomePage
from news.models import EventLanguage, EventMaterial, EventSpeaker
from practices.models import PracticeFile, PracticeFunction, PracticeLink, PracticeResult, PracticeTarget
from reports.models import KeyIndicator, Recommendation, ReportIndicator, ReportMeasure, ReportPractice, ReportSource
from taxonomy.choices import Scheme
from tests.factories.media import make_document, make_image
from tests.factories.pages import (
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import homes, published
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

CONTACT_NAME = "Aigerim Internal"
CONTACT_EMAIL = "internal@example.org"
JOIN_URL = "https://join.example.org/internal"
NOON = datetime.datetime(2022, 6, 1, 12, tzinfo=datetime.UTC)


def full_practice(**facts: Any) -> Any:
    sections = ("methods", "conditions", "advice", "needs")
    given: dict[str, Any] = shared_facts() | {name: f"<p>About <b>{name}</b>.</p>" for name in sections}
    given |= {
        "funding": "State budget",
        "start_year": 2019,
        "end_year": 2021,
        "status": "scaled",
        "cost_band": "100k-1m",
        "levels": [make_concept(Scheme.LEVEL, "local"), make_concept(Scheme.LEVEL, "national")],
        "stages": [make_concept(Scheme.STAGE, "evaluating")],
        "innovation_types": [make_concept(Scheme.INNOVATION_TYPE, "service")],
        "functions": [PracticeFunction(concept=make_concept(Scheme.COFOG, "01.3"))],
        "sdg_targets": [PracticeTarget(concept=make_concept(Scheme.SDG, "16.6"))],
        "results": [
            PracticeResult(text="Waiting fell.", before=14, after=3, unit="days", indicator=make_indicator()),
            PracticeResult(text="Nobody lost a file.", date=NOON.date(), evidence_url="https://example.org/evidence"),
        ],
        "files": [PracticeFile(document=make_document(), language="en", title="Handbook of desks")],
        "links": [PracticeLink(url="https://example.org/data", title="Open data of the desks")],
        "contact_name": CONTACT_NAME,
        "contact_email": CONTACT_EMAIL,
        "has_contact_form": True,
    }
    return make_practice(**(given | facts))


def full_country(**facts: Any) -> Any:
    given = shared_facts() | {
        "country": make_country("KZ"),
        "civil_service": "<p>Two corps.</p>",
        "map_disclaimer": "Borders as the source shows them.",
        "key_indicators": [KeyIndicator(indicator=make_indicator())],
    }
    return make_country_page(**(given | facts))


def full_report(**facts: Any) -> Any:
    recommendation = Recommendation(
        text="Publish the register.",
        addressed_to=["hub", "ministries"],
        basis=make_indicator(),
        priority="high",
        deadline=NOON.date(),
        follow_up="accepted",
        note="Agreed in June.",
    )
    older = make_report(title="Report 2020")
    given = shared_facts() | {
        "edition": 2,
        "clearance": "cleared",
        "superseded_by": older.page_ptr,
        "indicator_panel": [ReportIndicator(indicator=make_indicator(), chart_type="bar", note="Monthly means.")],
        "measures": [ReportMeasure(measure=make_measure())],
        "recommendations": [recommendation],
        "practices": [ReportPractice(practice=make_practice().page_ptr)],
        "sources": [ReportSource(title="Statistical yearbook", url="https://example.org/yearbook", year=2021)],
    }
    return make_report(**(given | facts))


def full_news(**facts: Any) -> Any:
    given = shared_facts() | {
        "kind": "announcement",
        "valid_from": datetime.date(2022, 1, 1),
        "valid_until": datetime.date(2999, 1, 1),
        "is_pinned": True,
        "action_url": "https://example.org/register",
        "action_label": "Register now",
    }
    return make_news(**(given | facts))


def full_event(**facts: Any) -> Any:
    speaker = EventSpeaker(name="A. Serikova", role="Head of the registry", organisation=make_organisation())
    given = shared_facts() | {
        "start": NOON,
        "kind": "conference",
        "mode": "hybrid",
        "time_zone": "Europe/Tallinn",
        "place": "Tallinn, the old town hall",
        "registration_url": "https://example.org/register",
        "registration_opens": NOON - datetime.timedelta(days=30),
        "registration_closes": NOON - datetime.timedelta(days=1),
        "join_url": JOIN_URL,
        "capacity": 80,
        "status": "held",
        "agenda": "<ul><li>Opening words</li><li>Discussion of waiting</li></ul>",
        "languages": [EventLanguage(language="en"), EventLanguage(language="kk", is_interpretation=True)],
        "speakers": [speaker],
        "materials": [EventMaterial(kind="slides", language="en", title="Slides", url="https://example.org/slides")],
    }
    return make_event(**(given | facts))


def full_standard_page(**facts: Any) -> Any:
    return make_standard_page(**(shared_facts() | {"show_in_footer": True} | facts))


def full_home(**facts: Any) -> HomePage:
    """The English home page, completed."""
    home = homes()["en"]
    for name, value in (shared_facts() | facts).items():
        if name not in {"countries", "themes", "organisations", "related"}:
            setattr(home, name, value)
    home.doors = [Door(kind="practices", title="What others did", text="Practices that were tried.")]
    home.figures = [HomeFigureLink(indicator=make_indicator())]
    page: HomePage = published(home)
    return page


FULL = {
    "practice": full_practice,
    "country": full_country,
    "report": full_report,
    "news": full_news,
    "event": full_event,
    "standard": full_standard_page,
    "home": full_home,
}


def shared_facts() -> dict[str, Any]:
    kazakhstan, georgia = make_country("KZ"), make_country("GE")
    return {
        "country": kazakhstan,
        "countries": [georgia, kazakhstan],
        "themes": [make_theme("budget"), make_theme("open-data")],
        "organisations": [(make_organisation("agency"), OrganisationRole.FUNDER)],
        "related": [make_news(title="Related news").page_ptr],
        "cover_image": make_image(),
        "cover_alt": "Three desks in a bright hall",
        "licence": Licence.CC_BY_SA,
        "attribution": "Agency of Desks",
        "review_state": ReviewState.VERIFIED,
        "is_illustrative": True,
        "seo_title": "Desks that work",
        "search_description": "How three desks became one.",
        "body": full_body(),
    }


def full_body() -> list[dict[str, Any]]:
    """A block of every kind; where a word stands twice, the other one is meant."""
    indicator, country, document = make_indicator(), make_country("KZ"), make_document()
    if not indicator.observations.exists():
        observe(indicator, country, {"2021-01-01": 40, "2021-02-01": 55, "2021-03-01": None, "2021-04-01": 0})
    values: dict[str, Any] = {
        "heading": "How it began",
        "text": "<p>First a <b>count</b>, then a plan.</p><ul><li>Ask</li><li>Listen</li></ul>",
        "quote": {"text": "It saved us a day.", "attribution": "A registrar"},
        "figure": {"image": make_image().pk, "alternative_text": "A desk", "caption": "The desk", "credit": "Press"},
        "file": {"document": document.pk, "title": "The plan"},
        "table": {
            "data": [["Year", "Days"], ["2020", "fourteen"], ["2021", "three"]],
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_header_choice": "row",
            "table_caption": "Days to a decision",
        },
        "callout": {"title": "Mind", "text": "<p>Figures are provisional.</p>"},
        "video": {
            "video": document.pk,
            "url": "",
            "title": "How it works",
            "captions": None,
            "transcript": "<p>Good morning.</p>",
        },
        "key_figures": {"figures": items({"value": "3 days", "label": "Waiting time", "source": "illustrative"})},
        "indicator_chart": {
            "indicators": items(indicator.pk),
            "countries": items(country.pk),
            "start": "2021-01-01",
            "end": None,
            "chart_type": "line",
            "note": "Monthly values",
        },
        "measure_timeline": {"country": country.pk, "start": None, "end": None},
        "related_pages": {"title": "See also", "pages": items(make_news(title="Another item").pk)},
        "call_to_action": {
            "text": "Do you want to join?",
            "button": "Write to us",
            "page": None,
            "url": "https://e.org/",
        },
    }
    return [{"type": kind, "value": value, "id": f"block-{kind}"} for kind, value in values.items()]


def items(*values: Any) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value, "id": f"item-{number}"} for number, value in enumerate(values)]
