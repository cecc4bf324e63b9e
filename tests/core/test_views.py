"""Pictures for social networks, and the style guide."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from django.core.cache import cache
from django.test import RequestFactory
from PIL import Image
from wagtail.models import PageViewRestriction

from cms.core.models import PageTheme
from cms.core.views import style_guide
from tests.factories.pages import make_practice
from tests.factories.site import published, translate
from tests.factories.vocabularies import make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


@pytest.fixture
def practice(site: Site) -> Any:
    return make_practice(themes=[make_theme("digital")])


def card(page: Any) -> str:
    return f"/social-card/{page.translation_key}.png"


def test_a_card_is_a_picture_that_others_may_keep(client: Client, practice: Any) -> None:
    response = client.get(card(practice))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert Image.open(BytesIO(response.content)).size == (1200, 630)


def test_pages_point_to_their_card(client: Client, practice: Any) -> None:
    html = client.get(practice.url).content.decode()
    assert f'<meta property="og:image" content="http://testserver{card(practice)}">' in html


def test_the_card_is_drawn_once(client: Client, practice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(card(practice)).content
    monkeypatch.setattr("cms.core.views.ornament_png", lambda *_args: pytest.fail("drawn again"))
    assert client.get(card(practice)).content == first


def test_a_new_theme_gives_a_new_card(client: Client, practice: Any) -> None:
    drawn = set()
    for number in range(4):
        practice.page_themes = [PageTheme(theme=make_theme(f"theme-{number}"))]
        published(practice)
        drawn.add(client.get(card(practice)).content)
    assert len(drawn) > 1


def test_one_card_serves_every_language(client: Client, practice: Any) -> None:
    before = client.get(card(practice)).content
    translate(practice, "ru", title="Одно окно")
    cache.clear()
    assert client.get(card(practice)).content == before


def test_no_card_of_what_is_not_public(client: Client, practice: Any) -> None:
    assert client.get(f"/social-card/{uuid.uuid4()}.png", follow=True).status_code == 404
    PageViewRestriction.objects.create(page=practice, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(card(practice), follow=True).status_code == 404


def test_no_card_of_a_draft(client: Client, practice: Any) -> None:
    practice.unpublish()
    assert client.get(card(practice), follow=True).status_code == 404


@pytest.mark.parametrize("address", ["/social-card/no-uuid.png", "/social-card/.png"])
def test_addresses_that_mean_nothing(client: Client, site: Site, address: str) -> None:
    assert client.get(address, follow=True).status_code == 404


def test_cards_are_only_read(client: Client, practice: Any) -> None:
    assert client.post(card(practice)).status_code == 405


def test_readers_find_no_style_guide(client: Client, site: Site) -> None:
    assert client.get("/style-guide/", follow=True).status_code == 404


def test_the_style_guide_shows_every_component(practice: Any) -> None:
    html = style_guide(RequestFactory().get("/style-guide/")).content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    for part in (
        "One window",
        "filter-group",
        "pagination",
        "key-figure",
        "recommendation",
        "error-summary",
    ):
        assert part in html
    assert html.count('class="ornament"') >= 24
