"""Which of a row's labels a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cms.languages import language_order
from taxonomy.models import Theme, ThemeLabel
from tests.factories.vocabularies import make_theme

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

CODES = [code for code, _name in settings.LANGUAGES]


def theme_with(languages: set[str]) -> Theme:
    theme = Theme(code="open-data")
    theme.labels = [ThemeLabel(language=language, label=f"label in {language}") for language in languages]
    return theme


@given(languages=st.sets(st.sampled_from(CODES), min_size=1), active=st.sampled_from(CODES))
def test_the_label_is_the_first_in_the_readers_order_of_languages(languages: set[str], active: str) -> None:
    expected = next(code for code in language_order(active) if code in languages)
    with translation.override(active):
        assert theme_with(languages).label == f"label in {expected}"


@pytest.mark.parametrize(
    ("active", "languages", "shown"),
    [
        ("kk", {"en", "ru"}, "ru"),
        ("kk", {"en", "kk"}, "kk"),
        ("ru", {"en", "kk"}, "en"),
        ("ar", {"kk", "ru"}, "ru"),
        ("en", {"kk"}, "kk"),
    ],
)
def test_readers_of_each_language_are_offered_their_nearest_one(active: str, languages: set[str], shown: str) -> None:
    with translation.override(active):
        assert str(theme_with(languages)) == f"label in {shown}"


def test_a_label_in_a_language_that_the_platform_has_given_up_is_not_shown() -> None:
    assert theme_with({"fr"}).label == "open-data"


def test_a_row_without_labels_is_shown_by_its_code() -> None:
    assert theme_with(set()).label == "open-data"
    assert theme_with(set()).label_row is None


def test_labels_of_many_rows_come_with_one_more_query(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("a", "b", "c"):
        make_theme(code, labels={"en": code.upper(), "ru": "я"})
    with django_assert_num_queries(2):
        assert [theme.label for theme in Theme.objects.all()] == ["A", "B", "C"]
