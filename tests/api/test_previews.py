"""Drafts in another front end: shown to whoever has a token, for a time, and to nobody else."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory
from django.utils import timezone
from wagtail.models import Revision

from cms.core.previews import ELSEWHERE
from tests.factories.examples import CONTACT_EMAIL, full_practice
from tests.factories.pages import make_news
from tests.factories.site import index_page

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

pytestmark = pytest.mark.django_db
FRONT = "https://front.example.org/preview/"
PREVIEW = "/api/v2/page_preview/"


@pytest.fixture(autouse=True)
def front_end(site: Site, settings: Any) -> None:
    settings.HEADLESS_PREVIEW_URL = FRONT


def token_for(page: Any) -> str:
    """The token with which an editor is sent to the front end."""
    answer = page.serve_preview(RequestFactory().get("/"), ELSEWHERE)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{FRONT}?")
    return parse_qs(urlsplit(answer["Location"]).query)["token"][0]


def read(client: Client, token: str, **query: str) -> Any:
    return client.get(PREVIEW, {"token": token} | query)


def test_an_editor_sees_the_draft_in_the_front_end(client: Client, admin_user: Any) -> None:
    page: Any = make_news(title="As published")
    page.title, page.body = "As drafted", [{"type": "heading", "value": "New heading"}]
    answer = read(client, token_for(page))
    assert (answer.status_code, answer["Cache-Control"], answer["X-Robots-Tag"]) == (200, "no-store", "noindex")
    found = answer.json()
    assert (found["id"], found["title"], found["meta"]["type"]) == (page.pk, "As drafted", "news.NewsPage")
    assert found["body"][0]["value"] == "New heading"
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["title"] == "As published"
    assert "As drafted" not in client.get("/api/v2/pages/?type=news.NewsPage").content.decode()


def test_a_preview_has_every_public_field_and_no_other(client: Client) -> None:
    page = full_practice()
    answer = read(client, token_for(page))
    public = set(client.get(f"/api/v2/pages/{page.pk}/").json()) - {"meta"}
    assert set(answer.json()) - {"meta"} == public
    assert answer.json()["results"][0]["text"] == "Waiting fell."
    assert [one["code"] for one in answer.json()["levels"]] == ["local", "national"]
    assert CONTACT_EMAIL not in answer.content.decode()


def test_a_page_that_was_never_saved_is_shown(client: Client) -> None:
    model = type(make_news())
    parent = index_page(type(make_news().get_parent().specific))
    page = model(title="Not yet there", slug="not-yet", summary="x", locale=parent.locale)
    page.path, page.depth = f"{parent.path}9999", parent.depth + 1
    answer = read(client, token_for(page))
    assert (answer.status_code, answer.json()["id"], answer.json()["title"]) == (200, 0, "Not yet there")
    assert not Revision.objects.filter(object_str="Not yet there").exists()


def test_a_token_ends(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HEADLESS_PREVIEW_MINUTES = 5
    token = token_for(make_news())
    later = (timezone.now() + datetime.timedelta(minutes=5, seconds=5)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    answer = read(client, token)
    assert (answer.status_code, "preview is over" in answer.json()["message"]) == (404, True)


@pytest.mark.parametrize("change", [str.upper, lambda token: f"{token}x", lambda token: token.replace(":", "-")])
def test_a_token_that_was_not_given_shows_nothing(client: Client, change: Any) -> None:
    assert read(client, change(token_for(make_news()))).status_code == 404
    assert client.get(PREVIEW).status_code == 404


def test_each_preview_keeps_its_own_words(client: Client) -> None:
    page = make_news()
    page.title = "First editor"
    first = token_for(page)
    page.title = "Second editor"
    second = token_for(page)
    assert first != second
    assert [read(client, token).json()["title"] for token in (first, second)] == ["First editor", "Second editor"]


def test_without_a_front_end_there_is_the_preview_of_the_site_alone(client: Client, settings: Any) -> None:
    page = make_news()
    assert ELSEWHERE in dict(page.preview_modes)
    settings.HEADLESS_PREVIEW_URL = ""
    assert ELSEWHERE not in dict(page.preview_modes)
    assert page.make_preview_request(preview_mode="").status_code == 200


def test_unknown_parameters_are_refused(client: Client) -> None:
    token = token_for(make_news())
    assert read(client, token, content_type="news.newspage", fields="title").status_code == 200
    answer = read(client, token, colour="red")
    assert (answer.status_code, "colour" in answer.json()["message"]) == (400, True)
