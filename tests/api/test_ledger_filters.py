"""Lists out of the ledger that are narrowed: what is kept of them is never older than what narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from cms.delivery import answers
from cms.delivery.services import begin, settle
from ideas.models import Idea, IdeaPage
from taxonomy.choices import Scheme
from tests.factories.ideas import make_published_idea
from tests.factories.pages import make_news, make_practice
from tests.factories.site import published, translate
from tests.factories.vocabularies import make_concept, make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
PAGES = "/api/v2/pages/"


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> dict[str, Any]:
        above = make_theme("digital")
        below = make_theme("registers", parent=above)
        local = make_concept(Scheme.LEVEL, "local")
        desk = make_practice(title="Desk", slug="desk", country=make_country("KZ"), themes=[below], levels=[local])
        make_practice(title="Door", slug="door", country=make_country("GE"), themes=[above])
        translate(desk, "ru", title="Стол", slug="stol")
        make_news(title="Opening", country=make_country("GE"), themes=[below])
        begin()
        settle()
        return {"above": above, "below": below, "desk": desk}

    return made_once(make)


@pytest.fixture(autouse=True)
def no_answers() -> None:
    answers.forget()


def titles(query: str) -> set[str]:
    answer = Client().get(f"{PAGES}?{query}")
    assert answer.status_code == 200, answer.content
    assert "ETag" in answer, "the answer does not come out of the ledger"
    return {item["title"] for item in answer.json()["items"]}


def test_a_theme_that_moves_takes_its_pages_along(content: Any) -> None:
    query = "theme=digital&locale=en&type=practices.PracticePage"
    assert titles(query) == {"Desk", "Door"}
    below = content["below"]
    below.parent = None
    below.save()
    settle()
    assert titles(query) == {"Door"}


def test_an_idea_shows_the_practice_that_it_became_once_that_is_public(content: Any) -> None:
    page = IdeaPage.objects.get(idea=make_published_idea())
    practice = make_practice(title="Done")
    practice.unpublish()
    idea = Idea.objects.get(pk=page.idea_id)
    idea.practice = practice.page_ptr
    idea.save()
    settle()
    assert practice_of(page) is None
    practice.title = "Done at last"
    published(practice)
    settle()
    assert practice_of(page) == "Done at last"
    type(practice).objects.get(pk=practice.pk).unpublish()
    settle()
    assert practice_of(page) is None


def practice_of(page: IdeaPage) -> str | None:
    """The title of the practice in the answer out of the ledger, which the feed and webhooks tell as well."""
    answer = Client().get(f"{PAGES}{page.pk}/")
    assert "ETag" in answer
    practice = answer.json()["practice"]
    return practice and practice["title"]
