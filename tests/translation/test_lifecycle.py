"""Moving, unpublishing and deleting an original: what becomes of its translations is asked, and done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.models import Page

from tests.factories.pages import make_standard_page
from tests.factories.translations import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

@pytest.fixture
def page(site, db):
    page = make_standard_page(title="Counters", slug="counters")
    translated(page), translated(page, "kk")
    return page

def address(action: str, page: Any, *places: Any) -> str:
    name = "move_confirm" if action == "move" else action
    return reverse(f"wagtailadmin_pages:{name}", args=(page.pk, *(one.pk for one in places)))

def test_x(admin_client, page):
    other = make_standard_page(title="Other", slug="other")
    for a, args in (("delete", ()), ("unpublish", ()), ("move", (other,))):
        html = admin_client.get(address(a, page, *args)).content.decode()
        i = html.find("translations-question")
        print(html[i-200:i+3000])
    r = admin_client.post(address("move", page, other), {"translations": "follow"}, follow=True)
    print([str(m) for m in r.context["messages"]], r.redirect_chain)
    for p in Page.objects.filter(translation_key=page.translation_key): print(p.url_path, p.live)
    r = admin_client.post(address("unpublish", page), {"translations": "follow"}, follow=True)
    print([str(m) for m in r.context["messages"]], r.redirect_chain)
    for p in Page.objects.filter(translation_key=page.translation_key): print(p.url_path, p.live)
    r = admin_client.post(address("delete", page), {"translations": "follow"}, follow=True)
    print([str(m) for m in r.context["messages"]], r.redirect_chain)
    for p in Page.objects.filter(translation_key=page.translation_key): print(p.url_path, p.live)
    assert 0
