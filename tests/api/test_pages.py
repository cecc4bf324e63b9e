"""Wagtail API v2: every page type is read by its documented names, and what is not public is nowhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import PageViewRestriction

from home.models import HomePage
from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage
from reports.models import CountryIndexPage, IndicatorIndexPage, ReportIndexPage
from tests.factories.examples import CONTACT_EMAIL, CONTACT_NAME, FULL, JOIN_URL, NOON, full_event, full_practice
from tests.factories.pages import make_adaptation, make_event, make_news, make_practice, make_standard_page
from tests.factories.site import index_page, translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

PAGES = "/api/v2/pages/"
SECRETS = [CONTACT_NAME, CONTACT_EMAIL, JOIN_URL]
INTERNAL = ["contact_name", "contact_email", "join_url", "owner", "has_contact_form"]
INDEXES = [PracticeIndexPage, CountryIndexPage, ReportIndexPage, IndicatorIndexPage, NewsIndexPage, EventIndexPage]


def detail(client: Client, page: Any, query: str = "fields=*", **headers: str) -> Any:
    response = client.get(f"{PAGES}{page.pk}/?{query}", headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return response.json()


def declared(page: Any) -> set[str]:
    return {field.name for field in page.api_fields} | {"id", "meta", "title"}


@pytest.mark.parametrize("kind", FULL)
def test_a_page_is_given_with_all_that_its_type_declares_and_nothing_else(
    client: Client, site: Site, kind: str
) -> None:
    page = FULL[kind]()
    answer = detail(client, page)
    assert set(answer) == declared(page)
    assert answer["meta"]["type"] == page._meta.label
    assert answer["meta"]["locale"] == "en"
    assert answer["meta"]["html_url"] == page.full_url
    assert answer["uid"] == str(page.translation_key)
    assert answer["country"] == {"code": "KZ", "label": "Kazakhstan"}
    assert answer["licence"]["code"] == "CC-BY-SA-4.0"
    assert answer["cover_image"]["url"].startswith("/media/")
    assert [block["type"] for block in answer["body"]] == [block.block_type for block in page.body]


@pytest.mark.parametrize("model", [HomePage, *INDEXES], ids=lambda model: model.__name__)
def test_an_index_is_a_page_too(client: Client, site: Site, model: Any) -> None:
    page = index_page(model, "kk")
    answer = detail(client, page)
    assert set(answer) == declared(page)
    assert answer["meta"]["locale"] == "kk"


def test_a_practice_has_its_rows_expanded(client: Client, site: Site) -> None:
    page = full_practice()
    make_adaptation(page, make_country("UZ"))
    (row,) = client.get(f"{PAGES}?type=practices.PracticePage&fields=*").json()["items"]
    assert row["lead_organisation"] == {"code": "ministry-of-order", "label": "Ministry of order"}
    assert row["countries"] == [{"code": "GE", "label": "Georgia"}, {"code": "KZ", "label": "Kazakhstan"}]
    assert row["themes"] == [{"code": "budget", "label": "Budget"}, {"code": "open-data", "label": "Open data"}]
    assert [level["code"] for level in row["levels"]] == ["local", "national"]
    assert row["functions_of_government"] == [{"code": "01.3", "label": "01.3"}]
    assert row["status"] == {"code": "scaled", "label": "Scaled up"}
    assert row["organisations"] == [{"code": "agency", "name": "Agency", "role": "funder"}]
    assert row["adaptations"][0]["country"] == {"code": "UZ", "label": "Uzbekistan"}
    assert row["related_pages"][0]["type"] == "news.NewsPage"
    assert row["problem"] == "<p>The problem of it.</p>"
    assert [result["text"] for result in row["results"]] == ["Waiting fell.", "Nobody lost a file."]
    assert (row["results"][0]["before"], row["results"][0]["after"]) == ("14.0000", "3.0000")
    assert row["results"][0]["indicator"]["code"] == "OXCGRT.STRINGENCY"
    assert row["links"][0]["url"] == "https://example.org/data"
    assert row["files"][0]["document"]["meta"]["type"] == "media.Document"


def test_a_report_gives_its_findings(client: Client, site: Site) -> None:
    answer = detail(client, FULL["report"]())
    assert (answer["period_start"], answer["period_end"], answer["edition"]) == ("2021-01-01", "2021-12-31", 2)
    assert answer["clearance"] == {"code": "cleared", "label": "Cleared"}
    assert answer["indicator_panel"][0]["indicator"]["code"] == "OXCGRT.STRINGENCY"
    assert answer["recommendations"][0]["addressed_to"] == ["hub", "ministries"]
    assert answer["recommendations"][0]["priority"] == {"code": "high", "label": "High"}
    assert answer["sources"][0]["year"] == 2021


def test_a_country_gives_its_key_indicators(client: Client, site: Site) -> None:
    assert detail(client, FULL["country"]())["key_indicators"][0]["indicator"]["code"] == "OXCGRT.STRINGENCY"


def test_an_event_gives_its_times_with_their_offset(client: Client, site: Site) -> None:
    answer = detail(client, make_event(start=NOON, time_zone="Asia/Almaty"))
    assert (answer["start"], answer["end"]) == ("2022-06-01T12:00:00Z", "2022-06-01T14:00:00Z")
    assert answer["time_zone"] == "Asia/Almaty"


def test_labels_come_in_the_language_of_the_page_whatever_the_client_speaks(client: Client, site: Site) -> None:
    theme = make_theme("digital", labels={"en": "Digital", "ru": "Цифровизация"})
    page = make_practice(country=make_country("GE"), themes=[theme])
    for language in ("en", "ru", "xx"):
        answer = detail(client, page, accept_language=language)
        assert (answer["country"]["label"], answer["themes"][0]["label"]) == ("Georgia", "Digital")
    answer = detail(client, translate(page, "ru"), accept_language="en")
    assert (answer["country"]["label"], answer["themes"][0]["label"]) == ("Грузия", "Цифровизация")


@pytest.mark.parametrize("make", [full_practice, full_event], ids=["practice", "event"])
@pytest.mark.parametrize("query", ["fields=*", "fields=*,-title", ""])
def test_internal_fields_are_nowhere(client: Client, site: Site, make: Any, query: str) -> None:
    page = make()
    for path in (f"{PAGES}{page.pk}/?{query}", f"{PAGES}?type={page._meta.label}&{query}", page.url):
        response = client.get(path)
        text = response.content.decode()
        assert not [secret for secret in SECRETS if secret in text]
        if response["Content-Type"] == "application/json":
            assert not [name for name in INTERNAL if f'"{name}"' in text]


@pytest.mark.parametrize("name", INTERNAL)
@pytest.mark.parametrize("query", ["fields={}", "order={}", "{}=x"])
def test_asking_for_an_internal_field_is_an_error(client: Client, site: Site, name: str, query: str) -> None:
    model = "news.EventPage" if name == "join_url" else "practices.PracticePage"
    response = client.get(f"{PAGES}?type={model}&{query.format(name)}")
    assert response.status_code == 400
    assert name in response.json()["message"]


@pytest.mark.parametrize("words", SECRETS)
def test_search_does_not_find_a_page_by_what_is_internal(client: Client, site: Site, words: str) -> None:
    full_practice()
    full_event()
    assert client.get(PAGES, {"search": words}).json()["items"] == []
    assert client.get(PAGES, {"search": "window"}).json()["meta"]["total_count"] == 1


def titles(client: Client, query: str) -> list[str]:
    return [item["title"] for item in client.get(f"{PAGES}?{query}").json()["items"]]


def test_pages_are_found_by_type_language_and_fact(client: Client, site: Site) -> None:
    pilot = make_practice(title="Pilot", status="pilot", start_year=2020)
    make_practice(title="Scaled", status="scaled", start_year=2021)
    translate(pilot, "ru", title="Пилот")
    practices = "type=practices.PracticePage"
    assert titles(client, f"{practices}&locale=en&status=pilot") == ["Pilot"]
    assert titles(client, f"{practices}&start_year=2021") == ["Scaled"]
    assert titles(client, f"{practices}&locale=ru") == ["Пилот"]
    assert titles(client, f"{practices}&translation_of={pilot.pk}") == ["Пилот"]
    assert titles(client, f"{practices}&locale=en&order=-title") == ["Scaled", "Pilot"]
    assert titles(client, f"{practices}&locale=en&order=title&limit=1&offset=1") == ["Scaled"]
    assert titles(client, f"{practices}&slug={pilot.slug}&locale=en") == ["Pilot"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("no_such_filter=1", "no_such_filter"),
        ("fields=no_such_field", "no_such_field"),
        ("type=practices.NoSuchPage", "type"),
        ("limit=-1", "limit"),
        ("limit=10000", "limit"),
        ("limit=many", "limit"),
        ("offset=x", "offset"),
        ("order=no_such_field", "no_such_field"),
        ("child_of=x", "child_of"),
        ("translation_of=x", "translation_of"),
        ("fields=title(", "fields"),
    ],
)
def test_what_cannot_be_understood_is_named(client: Client, site: Site, query: str, named: str) -> None:
    response = client.get(f"{PAGES}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert named in response.json()["message"]


@pytest.mark.parametrize(
    "path", [f"{PAGES}0/", f"{PAGES}999999/", f"{PAGES}find/?id=0", f"{PAGES}?locale=xx", "/api/v2/x/"]
)
def test_what_does_not_exist_is_a_404_in_json(client: Client, site: Site, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response["Content-Type"].endswith("json")
    assert response.json()["message"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(admin_client: Client, site: Site, method: str) -> None:
    page = make_news()
    response = getattr(admin_client, method)(f"{PAGES}{page.pk}/", data={"title": "Changed"})
    assert response.status_code == 405
    page.refresh_from_db()
    assert page.title == "Handbook published"


def hide(page: Any, how: str) -> None:
    if how == "draft":
        page.unpublish()
    elif how == "expired":
        page.live, page.expired = False, True
        page.save()
    else:
        PageViewRestriction.objects.create(page=page if how == "login" else page.get_parent(), restriction_type="login")


@pytest.mark.parametrize("how", ["draft", "expired", "login", "restricted section"])
def test_what_is_not_public_is_nowhere(client: Client, site: Site, how: str) -> None:
    hidden = make_news(title="Hidden words")
    about = make_standard_page(related=[hidden], body=[{"type": "related_pages", "value": {"pages": [hidden.pk]}}])
    hide(hidden, how)
    assert client.get(f"{PAGES}{hidden.pk}/").status_code == 404
    for query in ("", "?type=news.NewsPage", "?search=Hidden", f"?slug={hidden.slug}", "?fields=*"):
        assert "Hidden words" not in json.dumps(client.get(f"{PAGES}{query}").json())
    assert "Hidden words" not in json.dumps(detail(client, about))


def test_an_unpublished_change_is_not_told(client: Client, site: Site) -> None:
    page = make_news()
    page.title = "Not yet"
    page.save_revision()
    assert detail(client, page)["title"] == "Handbook published"
