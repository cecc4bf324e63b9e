"""The vocabulary rows of a page come in a number of queries that does not depend on how many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.core.choices import OrganisationRole
from cms.core.loading import load_vocabulary
from practices.models import PracticeFunction, PracticePage
from taxonomy.choices import Scheme
from tests.factories.pages import make_practice
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from wagtail.models import Site


def practice(number: int) -> PracticePage:
    """A practice with so many of each kind of vocabulary row, fresh from the database."""
    functions = [make_concept(Scheme.COFOG, f"0{index}.1") for index in range(number)]
    page = make_practice(
        countries=[make_country(code) for code in ("KZ", "GE", "UZ", "AM")[:number]],
        themes=[make_theme(f"theme-{index}") for index in range(number)],
        organisations=[(make_organisation(f"body-{index}"), OrganisationRole.PARTNER) for index in range(number)],
        levels=[make_concept(code=f"level-{index}") for index in range(number)],
        functions=[PracticeFunction(concept=concept) for concept in functions],
    )
    return PracticePage.objects.get(pk=page.pk)


def labels(page: Any) -> list[str]:
    """Everything that the margin reads."""
    return [
        page.country.label,
        page.lead_organisation.label,
        *(country.label for country in page.countries),
        *(theme.label for theme in page.themes),
        *(entry["name"] for entry in page.organisations),
        *(concept.label for concept in page.levels.all()),
        *(concept.label for concept in page.functions_of_government),
    ]


def loading(page: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        load_vocabulary(page)
    return len(captured)


def test_more_rows_take_no_more_queries(site: Site) -> None:
    assert loading(practice(1)) == loading(practice(4))


def test_after_loading_nothing_is_asked_again(site: Site) -> None:
    page = practice(3)
    load_vocabulary(page)
    with CaptureQueriesContext(connection) as captured:
        found = labels(page)
    assert [query["sql"] for query in captured if "taxonomy" in query["sql"]] == []
    assert found == labels(practice_again(page))


def practice_again(page: PracticePage) -> PracticePage:
    """The same page, loaded row by row."""
    return PracticePage.objects.get(pk=page.pk)


def test_a_page_without_any_is_fine(site: Site) -> None:
    page = practice(1)
    page.country = None
    page.lead_organisation = None
    page.levels = []
    page.page_themes = []
    load_vocabulary(page)
    assert page.themes == []
    assert page.country is None
