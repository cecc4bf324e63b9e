"""Comments, comparison, history and autosave on every type of page that people write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import COMMENTS_RELATION_NAME, Comment, Page

from home.models import StandardPage
from tests.editing import edit_url, rendered_data
from tests.factories.pages import make_country_page, make_event, make_news, make_practice, make_report

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
MAKERS: dict[str, Any] = {
    "practice": make_practice,
    "country profile": make_country_page,
    "country report": make_report,
    "news": make_news,
    "event": make_event,
}


@pytest.fixture(params=MAKERS)
def page(request: pytest.FixtureRequest, site: Any) -> Any:
    made = MAKERS[request.param]()
    made.save_revision(changed=False)
    return type(made).objects.get(pk=made.pk)


@pytest.fixture
def text(site: Any) -> Any:
    home: Any = Page.objects.get(slug="home", locale__language_code="en")
    return home.add_child(instance=StandardPage(title="About", slug="about", source_language="en", summary="Words."))


def save(client: Client, page: Any, changes: dict[str, str], **headers: str) -> Any:
    data = rendered_data(client, edit_url(page), type(page)) | changes
    return client.post(edit_url(page), data, headers=headers or None)


def comment_data(text: str, path: str = "title") -> dict[str, str]:
    return {
        "comments-TOTAL_FORMS": "1",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "comments-0-text": text,
        "comments-0-contentpath": path,
        "comments-0-resolved": "",
        "comments-0-id": "",
        "comments-0-position": "",
        "comments-0-DELETE": "",
        "comments-0-replies-TOTAL_FORMS": "0",
        "comments-0-replies-INITIAL_FORMS": "0",
        "comments-0-replies-MIN_NUM_FORMS": "0",
        "comments-0-replies-MAX_NUM_FORMS": "",
    }


def test_a_comment_is_kept_with_its_place_and_its_author(admin_client: Client, admin_user: Any, page: Any) -> None:
    assert save(admin_client, page, comment_data("Which year?")).status_code == 302
    comment = Comment.objects.get()
    assert (comment.text, comment.contentpath, comment.user) == ("Which year?", "title", admin_user)
    assert comment.page_id == page.pk
    shown = BeautifulSoup(admin_client.get(edit_url(page)).content.decode(), "html5lib")
    data = shown.select_one("#comments-data")
    assert data
    assert [one["text"] for one in json.loads(str(data.string))["comments"]] == ["Which year?"]


def test_comments_reach_no_reader(admin_client: Client, client: Client, page: Any) -> None:
    save(admin_client, page, comment_data("Not for readers"))
    type(page).objects.get(pk=page.pk).get_latest_revision().publish()
    assert getattr(Page.objects.get(pk=page.pk), COMMENTS_RELATION_NAME).count() == 1
    client.logout()
    assert "Not for readers" not in client.get(page.url).content.decode()
    assert "Not for readers" not in client.get(f"/api/v2/pages/{page.pk}/").content.decode()


def test_two_states_are_compared_field_by_field(admin_client: Client, page: Any) -> None:
    save(admin_client, page, {"title": "Before the change"})
    save(admin_client, page, {"title": "After the change"})
    first, second = list(page.revisions.order_by("-created_at", "-pk")[:2])[::-1]
    address = reverse("wagtailadmin_pages:revisions_compare", args=(page.pk, first.pk, second.pk))
    compared = BeautifulSoup(admin_client.get(address).content.decode(), "html5lib")
    title = compared.select_one(".comparison")
    assert title
    words = compared.select_one("main")
    assert words
    assert {mark.get_text(strip=True) for mark in words.select(".deletion")} == {"Before"}
    assert {mark.get_text(strip=True) for mark in words.select(".addition")} == {"After"}


def test_the_history_says_who_did_what(admin_client: Client, admin_user: Any, page: Any) -> None:
    save(admin_client, page, {"title": "A new title"})
    save(admin_client, page, {"title": "A newer title", "action-publish": "1"})
    history = BeautifulSoup(
        admin_client.get(reverse("wagtailadmin_pages:history", args=(page.pk,))).content.decode(), "html5lib"
    )
    words = " ".join(history.get_text().split())
    for expected in ("Draft saved", "Published", admin_user.get_username()):
        assert expected in words


def test_an_earlier_state_comes_back(admin_client: Client, page: Any) -> None:
    save(admin_client, page, {"title": "The first words"})
    first = page.revisions.latest("created_at")
    save(admin_client, page, {"title": "The second words"})
    address = reverse("wagtailadmin_pages:revisions_revert", args=(page.pk, first.pk))
    data = rendered_data(admin_client, address, type(page))
    assert data["title"] == ["The first words"]
    assert admin_client.post(edit_url(page), data | {"revision": first.pk}).status_code == 302
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().title == "The first words"


def test_the_form_is_saved_by_itself_into_the_same_draft(admin_client: Client, page: Any) -> None:
    saved = save(admin_client, page, {"title": "Typed"}, accept="application/json")
    assert saved.status_code == 200, saved.content
    answer = saved.json()
    assert answer["success"]
    count = page.revisions.count()
    again = {"title": "Typed on", "overwrite_revision_id": str(answer["revision_id"])}
    assert save(admin_client, page, again, accept="application/json").json()["success"]
    assert page.revisions.count() == count
    kept = type(page).objects.get(pk=page.pk)
    assert kept.get_latest_revision_as_object().title == "Typed on"
    assert kept.title != "Typed on", "what is public stays"


def test_two_people_who_edit_at_once_are_told(admin_client: Client, page: Any) -> None:
    shown = BeautifulSoup(admin_client.get(edit_url(page)).content.decode(), "html5lib")
    session = shown.select_one("[data-controller~=w-session]")
    assert session
    assert session.get("data-w-session-interval-value") == "15000"


def test_plain_pages_have_the_same_tools(admin_client: Client, text: Any) -> None:
    assert save(admin_client, text, comment_data("Which law?", "summary")).status_code == 302
    assert Comment.objects.get().text == "Which law?"
    assert admin_client.get(reverse("wagtailadmin_pages:history", args=(text.pk,))).status_code == 200
