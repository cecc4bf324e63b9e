"""What no page of a type may say, published or not; what counts as empty; and that a refusal loses nothing."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from home.models import HomePage, StandardPage
from news.models import EventPage, NewsPage
from practices.models import PracticePage
from reports.models import CountryPage, CountryReportPage
from tests.admin_forms import changed, errors, not_refused
from tests.editing import add_url, edit_url, rendered_data
from tests.factories.pages import (
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import homes
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

PUBLISH = {"action-publish": "action-publish"}
REQUIRED, NO_CHOICE, NO_URL = "This field is required.", "is not one of the available choices.", "Enter a valid URL."
NO_DATE, NO_NUMBER = "Enter a valid date", "Enter a number."
BEFORE = "The go-live date must be before the expiry date"

Case = tuple[dict[str, Any], str, str]


def row(**facts: Any) -> Any:
    return inline_formset([facts])


SHARED: list[Case] = [
    ({"title": ""}, "title", REQUIRED),
    ({"title": "x" * 256}, "title", "at most 255 characters"),
    ({"slug": "two words"}, "slug", "valid"),
    ({"slug": "a/b"}, "slug", "valid"),
    ({"summary": "x" * 401}, "summary", "at most 400 characters"),
    ({"licence": "mine"}, "licence", NO_CHOICE),
    ({"review_state": "perfect"}, "review_state", NO_CHOICE),
    *[({"country": wrong}, "country", "Select a valid choice.") for wrong in ("999999", "abc", "9" * 40, "-1", "٣")],
    ({"cover_image": "999999"}, "cover_image", "Select a valid choice."),
    ({"attribution": "x" * 256}, "attribution", "at most 255 characters"),
    ({"go_live_at": "2031-01-01 10:00", "expire_at": "2030-01-01 10:00"}, "go_live_at", "before"),
    ({"expire_at": "2001-01-01 10:00", "go_live_at": ""}, "expire_at", "future"),
    ({"go_live_at": "soon"}, "go_live_at", NO_DATE),
    ({"page_themes": row(theme="999999")}, "page_themes.theme", "Select a valid choice."),
    ({"page_organisations": row(organisation="", role="lead")}, "page_organisations.organisation", REQUIRED),
    ({"page_relations": row(related="999999")}, "page_relations.related", "Select a valid choice."),
]
PRACTICE: list[Case] = [
    ({"start_year": "1949", "end_year": ""}, "start_year", "greater than or equal to 1950"),
    ({"end_year": "2101", "start_year": ""}, "end_year", "less than or equal to 2100"),
    ({"start_year": "2020", "end_year": "2019"}, "end_year", "The end year cannot be before the start year."),
    ({"start_year": "last", "end_year": ""}, "start_year", "Enter a whole number."),
    ({"status": "finished"}, "status", NO_CHOICE),
    ({"cost_band": "much"}, "cost_band", NO_CHOICE),
    ({"levels": "999999"}, "levels", NO_CHOICE),
    ({"lead_organisation": "999999"}, "lead_organisation", "Select a valid choice."),
    ({"contact_email": "nobody"}, "contact_email", "Enter a valid email address."),
    ({"results": row(text="Better.", before="many")}, "results.before", NO_NUMBER),
    ({"results": row(text="Better.", after="1e99")}, "results.after", "Ensure that there are no more than"),
    ({"results": row(text="Better.", evidence_url="nowhere at all")}, "results.evidence_url", NO_URL),
    ({"links": row(url="javascript:alert(1)", title="Bad")}, "links.url", NO_URL),
    ({"files": row(document="999999", language="en", title="A")}, "files.document", "Select a valid choice."),
    ({"functions": row(concept="999999")}, "functions.concept", "Select a valid choice."),
]
REPORT: list[Case] = [
    (
        {"period_start": "2021-12-31", "period_end": "2021-01-01"},
        "period_end",
        "The reporting period cannot end before it begins.",
    ),
    ({"period_start": "2021-02-30"}, "period_start", NO_DATE),
    ({"edition": "-1"}, "edition", "greater than or equal to 0"),
    ({"edition": "first"}, "edition", "Enter a whole number."),
    ({"clearance": "secret"}, "clearance", NO_CHOICE),
    ({"superseded_by": "999999"}, "superseded_by", "Select a valid choice."),
    ({"indicator_panel": row(indicator="999999", chart_type="line")}, "indicator_panel.indicator", "Select a valid"),
    ({"indicator_panel": row(indicator="", chart_type="pie")}, "indicator_panel.chart_type", NO_CHOICE),
    ({"recommendations": row(text="Do.", addressed_to="everybody")}, "recommendations.addressed_to", NO_CHOICE),
    ({"recommendations": row(text="Do.", deadline="never")}, "recommendations.deadline", NO_DATE),
    ({"measures": row(measure="999999")}, "measures.measure", "Select a valid choice."),
    ({"practices": row(practice="999999")}, "practices.practice", "Select a valid choice."),
    ({"sources": row(title="Yearbook", url="no address")}, "sources.url", NO_URL),
    ({"sources": row(title="Yearbook", year="-5")}, "sources.year", "greater than or equal to 0"),
]
NEWS: list[Case] = [
    ({"kind": "rumour"}, "kind", NO_CHOICE),
    ({"date": "05.2022"}, "date", NO_DATE),
    ({"date": "0000-00-00"}, "date", NO_DATE),
    (
        {"valid_from": "2022-05-04", "valid_until": "2022-05-03"},
        "valid_until",
        "The announcement cannot end before it begins.",
    ),
    ({"action_url": "javascript:alert(1)", "action_label": "Go"}, "action_url", NO_URL),
    ({"action_label": "x" * 81}, "action_label", "at most 80 characters"),
]
EVENT: list[Case] = [
    ({"start": "2030-03-01 10:00", "end": "2030-03-01 10:00"}, "end", "The event must end after it begins."),
    ({"start": "2030-03-01 10:00", "end": "2029-03-01 10:00"}, "end", "The event must end after it begins."),
    ({"start": "2030-03-01 25:00"}, "start", NO_DATE),
    ({"time_zone": "Mars/Olympus"}, "time_zone", NO_CHOICE),
    ({"mode": "telepathy"}, "mode", NO_CHOICE),
    ({"status": "rained-off"}, "status", NO_CHOICE),
    ({"capacity": "-1"}, "capacity", "greater than or equal to 0"),
    ({"registration_url": "mailto:a@example.org"}, "registration_url", NO_URL),
    ({"join_url": "javascript:alert(1)"}, "join_url", NO_URL),
    ({"registration_opens": "31 February"}, "registration_opens", NO_DATE),
    ({"speakers": row(name="", role="")}, "speakers.name", "Give the speaker's name or position."),
    (
        {"materials": row(kind="slides", language="en", title="Slides", url="")},
        "materials.url",
        "Give an address or choose a file.",
    ),
    ({"materials": row(kind="gossip", language="en", title="A", url="https://e.org")}, "materials.kind", NO_CHOICE),
    ({"languages": row(language="xx")}, "languages.language", NO_CHOICE),
]
HOME: list[Case] = [
    ({"doors": row(kind="cellar", title="Down", text="Dark.")}, "doors.kind", NO_CHOICE),
    ({"doors": row(kind="news", title="x" * 81, text="News.")}, "doors.title", "at most 80 characters"),
    ({"figures": row(indicator="999999")}, "figures.indicator", "Select a valid choice."),
]
TYPES: dict[Any, tuple[Any, list[Case]]] = {
    PracticePage: (make_practice, PRACTICE),
    CountryReportPage: (make_report, REPORT),
    NewsPage: (make_news, NEWS),
    EventPage: (make_event, EVENT),
    HomePage: (lambda: homes()["en"], HOME),
    StandardPage: (make_standard_page, SHARED),
}


@pytest.fixture(scope="module")
def pages(made_once: Callable[[Callable[[], Any]], Any]) -> dict[Any, Any]:
    def make() -> dict[Any, Any]:
        profile = make_country_page()
        return {model: make_one() for model, (make_one, _cases) in TYPES.items()} | {CountryPage: profile}

    found: dict[Any, Any] = made_once(make)
    return found


def form_of(client: Client, page: Any) -> tuple[str, dict[str, Any]]:
    url = edit_url(page)
    return url, rendered_data(client, url, type(page))


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)
def test_what_no_page_may_say_is_refused(admin_client: Client, pages: dict[Any, Any], model: Any) -> None:
    page, cases = pages[model], TYPES[model][1]
    url, data = form_of(admin_client, page)
    before = page.get_latest_revision().pk

    assert not_refused(admin_client, url, cases, data | PUBLISH) == []
    drafts = [case for case in cases if "before" in case[2]]
    assert not_refused(admin_client, url, drafts, data) == [], "a contradiction is none of what may wait"

    assert type(page).objects.get(pk=page.pk).latest_revision_id == before


EMPTY = ("", "   ", "\n\n", "\u00a0")
EMPTY_TEXTS = ("", "<p></p>", "<p>\u00a0</p>", "<p><br/></p>", "<ul><li></li></ul>")


def test_a_text_without_a_word_is_no_text(admin_client: Client, pages: dict[Any, Any]) -> None:
    page = pages[PracticePage]
    url, data = form_of(admin_client, page)
    names = ("problem", "approach", "novelty", "challenges", "lessons")
    emptied = changed(data, {name: rich_text(text) for name, text in zip(names, EMPTY_TEXTS, strict=True)})

    refused = errors(admin_client.post(url, emptied | PUBLISH))

    assert set(refused) == set(names)
    assert errors(admin_client.post(url, emptied)) == {}, "a draft may wait for its texts"
    assert PracticePage.objects.get(pk=page.pk).problem == "<p>The problem of it.</p>", "readers keep what they had"


def test_a_summary_of_nothing_is_none(admin_client: Client, pages: dict[Any, Any]) -> None:
    url, data = form_of(admin_client, pages[NewsPage])
    for text in EMPTY:
        assert set(errors(admin_client.post(url, data | {"summary": text} | PUBLISH))) == {"summary"}, repr(text)


def test_a_refused_form_comes_back_with_all_that_was_written(admin_client: Client, pages: dict[Any, Any]) -> None:
    url, data = form_of(admin_client, pages[EventPage])
    written = {"title": "Забытое слово", "place": "Hall 2", "end": "2001-01-01 10:00", "start": "2030-03-01 10:00"}

    html = admin_client.post(url, data | written | PUBLISH).content.decode()

    for text in ("Забытое слово", "Hall 2", "2001-01-01 10:00", "The event must end after it begins."):
        assert text in html
    assert "could not be" in html


def body(*pieces: tuple[str, Any]) -> dict[str, Any]:
    return nested_form_data({"body": streamfield(list(pieces))})


def listed(*values: str) -> dict[str, Any]:
    rows = {f"{number}": {"value": value, "deleted": "", "order": number} for number, value in enumerate(values)}
    return {**rows, "count": len(values)}


BLOCKS: dict[str, tuple[str, Any]] = {
    "a heading without words": ("heading", ""),
    "a quotation of nothing": ("quote", {"text": "", "attribution": "A registrar"}),
    "a picture that nobody can hear": ("figure", {"image": "999", "alternative_text": "", "caption": "", "credit": ""}),
    "a file that is gone": ("file", {"document": "999", "title": ""}),
    "a link that is none": ("call_to_action", {"text": "A", "button": "B", "page": "", "url": "javascript:alert(1)"}),
    "a button without words": ("call_to_action", {"text": "A", "button": "", "page": "", "url": ""}),
    "measures of no country": ("measure_timeline", {"country": "", "start": "", "end": ""}),
    "a date that is none": ("measure_timeline", {"country": "", "start": "2021-02-30", "end": ""}),
    "a chart of nothing": (
        "indicator_chart",
        {"indicators": listed(), "countries": listed(), "start": "", "end": "", "chart_type": "line", "note": ""},
    ),
    "a chart of an unknown form": (
        "indicator_chart",
        {"indicators": listed(), "countries": listed(), "start": "", "end": "", "chart_type": "pie", "note": ""},
    ),
    "related pages without any": ("related_pages", {"title": "", "pages": listed()}),
    "a related page that is gone": ("related_pages", {"title": "", "pages": listed("999999")}),
    "figures without any": ("key_figures", {"figures": {"count": 0}}),
}


def test_each_piece_of_the_body_that_lacks_something_is_refused(admin_client: Client, pages: dict[Any, Any]) -> None:
    page = pages[StandardPage]
    url, data = form_of(admin_client, page)

    answer = admin_client.post(url, data | body(*BLOCKS.values()) | PUBLISH)

    assert set(errors(answer)) == {"body"}
    (refused,) = answer.context["form"].errors.as_data()["body"]
    assert [name for number, name in enumerate(BLOCKS) if number not in refused.block_errors] == []
    assert not StandardPage.objects.get(pk=page.pk).body


def test_a_body_of_an_unknown_piece_is_saved_without_it(admin_client: Client, pages: dict[Any, Any]) -> None:
    page = pages[StandardPage]
    url, data = form_of(admin_client, page)
    unknown = body(("iframe", "https://evil.example")) | {"body-0-deleted": "1"}

    assert errors(admin_client.post(url, data | unknown | PUBLISH)) == {}
    assert not StandardPage.objects.get(pk=page.pk).body


SCRIPTS = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<a href="javascript:alert(1)">here</a>',
    '<iframe src="https://evil.example"></iframe>',
    '<embed embedtype="media" url="https://evil.example">',
    '<p onclick="alert(1)" style="position:fixed">words</p>',
    '<svg onload="alert(1)"></svg>',
]


def test_nothing_active_gets_into_a_text(admin_client: Client, pages: dict[Any, Any]) -> None:
    """The editor sends blocks of text; what looks like HTML in them stays text."""
    page = pages[PracticePage]
    url, data = form_of(admin_client, page)
    given = rich_text("<p>Harmless.</p>").replace("Harmless.", " ".join(SCRIPTS).replace('"', "'"))

    assert errors(admin_client.post(url, data | {"problem": given, "title": SCRIPTS[0]} | PUBLISH)) == {}

    html = admin_client.get(page.url).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    for tag in ("<script>alert", "<iframe", "<svg onload", "<img src='x'", "<a href='javascript", "<p onclick"):
        assert tag not in html, tag


def test_more_rows_than_there_may_be_are_refused(admin_client: Client, pages: dict[Any, Any]) -> None:
    themes = [make_theme(f"theme-{number}") for number in range(9)]
    indicators = [make_indicator(f"X.{number}") for number in range(7)]
    url, data = form_of(admin_client, pages[StandardPage])
    many = {"page_themes": inline_formset([{"theme": theme.pk} for theme in themes])}
    assert "Please submit at most 8 forms." in errors(admin_client.post(url, changed(data, many)))["page_themes"]
    url, data = form_of(admin_client, pages[CountryPage])
    many = {"key_indicators": inline_formset([{"indicator": indicator.pk} for indicator in indicators])}
    assert "Please submit at most 6 forms." in errors(admin_client.post(url, changed(data, many)))["key_indicators"]


def test_a_country_and_a_theme_are_named_once(admin_client: Client, pages: dict[Any, Any]) -> None:
    url, data = form_of(admin_client, pages[StandardPage])
    theme, country = make_theme(), make_country("MN")
    twice = {
        "page_themes": inline_formset([{"theme": theme.pk}, {"theme": theme.pk}]),
        "page_countries": inline_formset([{"country": country.pk}, {"country": country.pk}]),
    }
    found = errors(admin_client.post(url, changed(data, twice)))
    assert {"page_themes", "page_countries"} <= set(found)


def test_two_pages_of_one_place_have_different_addresses(admin_client: Client, pages: dict[Any, Any]) -> None:
    taken = pages[PracticePage]
    url = add_url(taken.get_parent(), PracticePage)
    data = rendered_data(admin_client, url, PracticePage) | {"title": "Another", "slug": taken.slug}
    found = errors(admin_client.post(url, data))
    assert list(found) == ["slug"]
    assert "already in use" in found["slug"][0]


def test_a_page_may_expire_only_after_it_has_begun(admin_client: Client, pages: dict[Any, Any]) -> None:
    page = pages[NewsPage]
    url, data = form_of(admin_client, page)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    days = {"go_live_at": f"{tomorrow:%Y-%m-%d %H:%M}", "expire_at": f"{tomorrow.year + 1}-01-02 10:00"}

    assert errors(admin_client.post(url, data | days | PUBLISH)) == {}

    news = NewsPage.objects.get(pk=page.pk)
    assert news.live, "the published version stays until the new one takes its place"
    assert news.get_latest_revision().approved_go_live_at is not None
