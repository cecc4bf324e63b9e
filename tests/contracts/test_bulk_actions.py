"""Roles x bulk actions x pages: what is marked in a list is changed only where each single page may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from cms.users.choices import Role
from tests.contracts.test_permission_matrix import MATRIX, NOBODY, allowed, content, enter
from tests.factories.site import index_page

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["content"]
pytestmark = pytest.mark.django_db

PAGES = ("own practice", "other practice", "own report", "news", "practice in ru")
# The state of the pages that an action is for, and the right that it needs. Deleting a draft takes the right to change
# it; a public page is deleted by those who may publish it.
ACTIONS = {
    "publish": ("draft", None),
    "unpublish": ("live", "publish"),
    "delete": ("draft", "edit"),
}
TRANSLATED = {"practice in ru"}


def may(role: str, action: str, name: str) -> bool:
    """Publishing past a review is for translations only, which are reviewed elsewhere."""
    if action == "publish":
        return name in TRANSLATED and "publish" in allowed(role, name)
    needed = ACTIONS[action][1]
    return needed in allowed(role, name)


def send(client: Client, action: str, *pages: Any) -> Any:
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", action))
    query = urlencode([("next", "/admin/"), *(("id", page.pk) for page in pages)])
    return client.post(f"{address}?{query}", {"include_descendants": ""})


def state_of(page: Any) -> tuple[bool, bool]:
    found = Page.objects.filter(pk=page.pk).first()
    return found is not None, bool(found and found.live)


@pytest.mark.parametrize("role", MATRIX)
@pytest.mark.parametrize("action", ACTIONS)
def test_one_page_is_changed_by_those_who_may(client: Client, content: dict[Any, Any], role: str, action: str) -> None:
    enter(client, role)
    wrong = []
    for name in PAGES:
        page = content[ACTIONS[action][0], name]
        before = state_of(page)
        send(client, action, page)
        if (state_of(page) != before) != may(role, action, name):
            wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.TRANSLATION_REVIEWER, Role.EDITOR, NOBODY])
@pytest.mark.parametrize("action", ACTIONS)
def test_among_others_a_page_is_safe_too(client: Client, content: dict[Any, Any], role: str, action: str) -> None:
    enter(client, role)
    pages = {name: content[ACTIONS[action][0], name] for name in PAGES}
    before = {name: state_of(page) for name, page in pages.items()}
    send(client, action, *pages.values())
    changed = {name for name, page in pages.items() if state_of(page) != before[name]}
    assert changed <= {name for name in PAGES if may(role, action, name)}


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.TRANSLATOR, Role.DATA_MANAGER, NOBODY])
def test_nothing_is_moved_by_those_who_may_not(client: Client, content: dict[Any, Any], role: str) -> None:
    from news.models import NewsIndexPage

    enter(client, role)
    page = content["draft", "other practice"]
    before = Page.objects.get(pk=page.pk).path
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "move"))
    client.post(f"{address}?id={page.pk}&next=/admin/", {"chooser": index_page(NewsIndexPage).pk})
    assert Page.objects.get(pk=page.pk).path == before


def test_what_is_done_in_bulk_is_in_the_log_of_each_page(client: Client, content: dict[Any, Any]) -> None:
    enter(client, Role.PUBLISHER)
    pages = [content["live", name] for name in ("own practice", "news")]
    send(client, "unpublish", *pages)
    for page in pages:
        entry = PageLogEntry.objects.filter(page=page.pk, action="wagtail.unpublish").latest("timestamp")
        assert entry.user
        assert entry.user.username == Role.PUBLISHER
