"""The languages of the platform and what stands in where one is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from cms.languages import content_languages, interface_languages, language_order, reader_language
from cms.media.models import Document

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.mark.parametrize(("active", "language"), [("kk", "kk"), ("ru-kz", "ru"), ("en-gb", "en")])
def test_the_readers_language_has_no_region(active: str, language: str) -> None:
    with translation.override(active):
        assert reader_language() == language


def test_english_stands_in_where_no_language_is_active() -> None:
    with translation.override(None):
        assert reader_language() == "en"


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", ["en", "ru", "kk", "ar"]),
        ("kk", ["kk", "ru", "en", "ar"]),
        ("ar", ["ar", "en", "ru", "kk"]),
        ("fr", ["fr", "en", "ru", "kk", "ar"]),
    ],
)
def test_the_order_begins_with_the_language_and_names_each_once(language: str, order: list[str]) -> None:
    assert list(language_order(language)) == order


def test_content_exists_in_fewer_languages_than_the_interface() -> None:
    assert [code for code, _name in interface_languages()] == ["en", "ru", "kk", "ar"]
    assert [code for code, _name in content_languages()] == ["en", "ru", "kk"]


def test_a_new_language_can_be_chosen_without_a_change_of_schema(settings: Settings) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("uz", "Uzbek")]
    field = Document._meta.get_field("language")
    assert ("uz", "Uzbek") in list(field.flatchoices)
    assert field.deconstruct()[3]["choices"] is interface_languages
