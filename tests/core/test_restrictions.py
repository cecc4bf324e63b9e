"""Pages that not everybody may read: what stands in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import PageViewRestriction

from tests.factories.pages import make_practice

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

WORD = "open-sesame"


@pytest.fixture
def guarded(site: Site) -> Any:
    practice = make_practice(title="Hidden title", summary="Hidden summary.", slug="hidden-place")
    PageViewRestriction.objects.create(page=practice, restriction_type=PageViewRestriction.PASSWORD, password=WORD)
    return practice


def test_a_password_is_asked_for_in_the_face_of_the_site(client: Client, guarded: Any) -> None:
    html = client.get("/en/practices/hidden-place/").content.decode()
    assert 'class="masthead"' in html
    assert 'type="password"' in html
    assert 'content="noindex"' in html


def test_nothing_of_the_page_shows_before_the_password(client: Client, guarded: Any) -> None:
    html = client.get("/en/practices/hidden-place/").content.decode()
    assert "Hidden" not in html
    assert "application/ld+json" not in html
    assert str(guarded.translation_key) not in html


def test_a_wrong_password_is_refused_and_a_right_one_opens_the_page(client: Client, guarded: Any) -> None:
    restriction = PageViewRestriction.objects.get()
    url = f"/en/_util/authenticate_with_password/{restriction.pk}/{guarded.pk}/"
    answer = {"return_url": "/en/practices/hidden-place/"}
    refused = client.post(url, answer | {"password": "wrong"})
    assert "error-summary" in refused.content.decode()
    opened = client.post(url, answer | {"password": WORD}, follow=True)
    assert opened.redirect_chain == [("/en/practices/hidden-place/", 302)]
    assert "Hidden title" in opened.content.decode()
    assert "application/ld+json" not in opened.content.decode()


def test_a_page_for_staff_leads_to_the_sign_in_and_from_there_back(client: Client, site: Site) -> None:
    practice = make_practice(title="Hidden title", slug="staff-only")
    PageViewRestriction.objects.create(page=practice, restriction_type=PageViewRestriction.LOGIN)
    response = client.get("/en/practices/staff-only/", follow=True)
    assert [address for address, _status in response.redirect_chain] == [
        "/en/_util/login/?next=/en/practices/staff-only/",
        "/en/account/login/?next=%2Fen%2Fpractices%2Fstaff-only%2F",
    ]
    html = response.content.decode()
    assert 'name="next" value="/en/practices/staff-only/"' in html
    assert "Hidden title" not in html
