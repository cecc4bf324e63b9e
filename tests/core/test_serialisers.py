"""Public JSON by kind of value."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation
from wagtail.models import PageViewRestriction

from cms.core.choices import Licence
from cms.core.serialisers import (
    ChoiceField,
    LabelledField,
    LabelledListField,
    RichTextField,
    document_json,
    image_json,
    page_json,
)
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_country_page, make_news, make_report
from tests.factories.site import translate
from tests.factories.vocabularies import make_theme

if TYPE_CHECKING:
    from wagtail.models import Site


def test_an_image_tells_its_size_credit_and_address(db: None) -> None:
    image = make_image("Desk", size=(64, 48), credit="Press office", description="Three desks")
    told: dict[str, Any] = {**(image_json(image) or {})}
    assert [(one["width"], one["height"]) for one in told.pop("renditions")] == [(64, 48), (64, 48), (64, 34), (64, 34)]
    assert told == {
        "id": image.pk,
        "title": "Desk",
        "alt": "Three desks",
        "focal_point": None,
        "width": 64,
        "height": 48,
        "credit": "Press office",
        "url": image.file.url,
    }


def test_a_document_tells_its_language_and_size_in_bytes(db: None) -> None:
    document = make_document("Handbook", b"%PDF-1.7 text", language="ru")
    assert document_json(document) == {
        "id": document.pk,
        "title": "Handbook",
        "language": "ru",
        "size": 13,
        "url": f"/documents/{document.pk}/{document.filename}",
    }


def test_a_page_tells_its_own_type_even_when_it_is_given_as_a_plain_page(site: Site) -> None:
    news = translate(make_news(), "kk", title="Нұсқаулық")
    assert page_json(news.page_ptr) == {
        "id": news.pk,
        "type": "news.NewsPage",
        "title": "Нұсқаулық",
        "locale": "kk",
        "url": f"http://testserver/kk/news/{news.slug}/",
    }


def test_what_is_absent_is_null() -> None:
    assert (image_json(None), document_json(None), page_json(None)) == (None, None, None)


def test_a_draft_is_null(site: Site) -> None:
    news = make_news()
    news.unpublish()
    assert page_json(news) is None


@pytest.mark.parametrize("own", [True, False], ids=["itself", "its parent"])
def test_a_page_behind_a_restriction_is_null(site: Site, *, own: bool) -> None:
    country = make_country_page()
    report = make_report(country)
    PageViewRestriction.objects.create(page=report if own else country, restriction_type=PageViewRestriction.LOGIN)
    assert page_json(report) is None


def test_rows_carry_the_label_in_the_language_of_the_request(db: None) -> None:
    theme = make_theme("open-data", labels={"en": "Open data", "ru": "Открытые данные"})
    with translation.override("ru"):
        assert LabelledField().to_representation(theme) == {"code": "open-data", "label": "Открытые данные"}
        assert LabelledListField().to_representation([theme])[0]["label"] == "Открытые данные"


def test_a_choice_is_a_code_with_its_name_and_null_where_nothing_was_chosen() -> None:
    field = ChoiceField()
    field.bind("licence", None)
    page = SimpleNamespace(licence=Licence.CC0, get_licence_display=lambda: Licence.CC0.label)
    assert field.to_representation(field.get_attribute(page)) == {
        "code": "CC0-1.0",
        "label": "Creative Commons Zero 1.0 (public domain)",
    }
    assert field.get_attribute(SimpleNamespace(licence="")) is None


def test_rich_text_comes_with_addresses_in_place_of_internal_links(site: Site) -> None:
    news = make_news()
    html = f'<p><a linktype="page" id="{news.pk}">News</a></p>'
    assert RichTextField().to_representation(html) == f'<p><a href="{news.url}">News</a></p>'
