"""Lists out of the ledger that are narrowed: what is kept of them is never older than what narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms.api.router import api_router
from cms.api.views import PagesViewSet
from cms.core.models import PageCountry
from cms.delivery import answers
from cms.delivery.models import Ledger
from cms.delivery.services import begin, settle
from cms.partners import limits
from cms.partners.services import issue
from ideas.models import Idea, IdeaPage
from practices.models import PracticePage
from taxonomy.choices import Scheme
from tests.api.test_ledger import ask
from tests.factories.ideas import make_campaign, make_published_idea
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


@pytest.mark.parametrize(
    "query",
    [
        *("country=KZ", "country=KZ,GE&locale=en", "country=GE&country=KZ", "country=XX", "country=", "country=KZ,"),
        *("theme=digital", "theme=registers&locale=ru&fields=*", "theme=digital,registers&limit=1&offset=1"),
        *("level=local", "level=local&type=practices.PracticePage&fields=*,-body", "level=nowhere", "level=national"),
        *("published_after=2000-01-01", "published_after=2999-01-01", "updated_after=2000-01-01T00:00:00Z"),
        *("published_after=yesterday", "updated_after=", "published_after=2000-01-01&updated_after=2999-01-01"),
        *("locale=ru&fallback=en", "locale=kk&fallback=*&fields=is_fallback", "locale=kk&fallback=*&country=KZ"),
        *("fallback=en", "locale=en&fallback=xx", "locale=ru&fallback=*&theme=registers&order=-title,id"),
        *("type=practices.PracticePage&status=pilot&country=GE", "type=practices.PracticePage&licence=cc-by-4.0"),
        *("country=KZ&search=desk&locale=en", "theme=digital&search=door&locale=en&type=practices.PracticePage"),
        *("country=KZ&after=", "theme=digital&after=&order=title&limit=1", "country=KZ&after=x", "after=&offset=1"),
        *("country=KZ&site=testserver", "country=KZ&order=random&search=x", "nothing=1&country=KZ", "country=KZ&_=1"),
    ],
)
def test_a_narrowed_list_is_what_it_would_be_without_the_ledger(content: Any, query: str) -> None:
    address = f"{PAGES}?{query}"
    first, again = Client().get(address), Client().get(address)
    expected = ask(PagesViewSet, api_router, "listing_view", query)
    assert (first.status_code, first.json()) == expected
    assert (again.status_code, again.json()) == expected, "what was kept is given otherwise"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=KZ&locale=en&type=practices.PracticePage", {"Desk"}),
        ("theme=digital&locale=en", {"Desk", "Door", "Opening"}),
        ("theme=digital&locale=ru", {"Стол"}),
        ("level=local", {"Desk", "Стол"}),
        ("locale=kk&fallback=ru,en&country=KZ", {"Стол"}),
        ("locale=kk&fallback=en,ru&country=KZ", {"Desk"}),
        ("locale=kk&fallback=*&type=news.NewsPage", {"Opening"}),
        ("published_after=2999-01-01", set()),
    ],
)
def test_narrowed_lists_come_out_of_the_ledger(content: Any, query: str, found: set[str]) -> None:
    assert titles(query) == found


def test_a_theme_that_moves_takes_its_pages_along(content: Any) -> None:
    query = "theme=digital&locale=en&type=practices.PracticePage"
    assert titles(query) == {"Desk", "Door"}
    below = content["below"]
    below.parent = None
    below.save()
    settle()
    assert titles(query) == {"Door"}


def test_a_feed_goes_on_past_a_version_that_tells_of_nothing(content: Any) -> None:
    before = Ledger.objects.get().version
    below = content["below"]
    below.parent = None
    below.save()
    settle()
    answer = Client().get(f"/api/v2/changes/?since={before}&kind=pages").json()
    version = answer["meta"]["version"]
    assert version > before
    assert answer == {"meta": {"version": version, "next": version}, "items": []}
    news = make_news(title="After it")
    settle()
    changed = Client().get(f"/api/v2/changes/?since={version}&kind=pages").json()["items"]
    assert news.pk in {item["id"] for item in changed}
    assert min(item["version"] for item in changed) > version


def test_a_country_that_a_page_gets_and_loses_moves_it_between_lists(content: Any) -> None:
    desk = PracticePage.objects.get(pk=content["desk"].pk)
    kazakh, georgian = (f"country={code}&type=practices.PracticePage&locale=en" for code in ("KZ", "GE"))
    assert (titles(kazakh), titles(georgian)) == ({"Desk"}, {"Door"})
    desk.page_countries = [PageCountry(country=make_country("GE"))]
    desk.country = make_country("GE")
    published(desk)
    assert Client().get(f"{PAGES}?{georgian}").json()["meta"]["total_count"] == 2, "before it is settled"
    settle()
    assert (titles(kazakh), titles(georgian)) == (set(), {"Desk", "Door"})


def test_a_page_that_is_published_again_unchanged_is_updated(content: Any) -> None:
    moment = timezone.now().isoformat().replace("+", "%2B")
    query = f"updated_after={moment}&type=practices.PracticePage"
    assert titles(query) == set()
    published(PracticePage.objects.get(pk=content["desk"].pk))
    settle()
    assert "Desk" in titles(query)


def test_a_section_that_is_closed_leaves_narrowed_lists_at_once(content: Any) -> None:
    query = "country=KZ&type=practices.PracticePage"
    assert titles(query) == {"Desk", "Стол"}
    PageViewRestriction.objects.create(page=content["desk"], restriction_type=PageViewRestriction.LOGIN)
    assert {one["title"] for one in Client().get(f"{PAGES}?{query}").json()["items"]} == {"Стол"}
    settle()
    assert titles(query) == {"Стол"}


@pytest.mark.parametrize("query", ["", "country=KZ", "fields=*&type=practices.PracticePage", "search=desk&locale=en"])
def test_a_key_and_its_limit_hold_for_answers_that_are_kept(content: Any, query: str) -> None:
    limits.forget()
    _key, secret = issue(name="Partner", rate=3, scopes=["content"])
    address, headers = f"{PAGES}?{query}", {"authorization": f"Bearer {secret}"}
    told = [Client().get(address, headers=headers) for _number in range(4)]
    assert [one.status_code for one in told] == [200, 200, 200, 429]
    assert len({one.content for one in told[:3]}) == 1
    assert [one["RateLimit"].split(";")[1] for one in told] == ["r=2", "r=1", "r=0", "r=0"]
    assert "ETag" not in told[3]
    limits.forget()


def test_what_was_kept_for_one_reader_is_not_for_a_key_of_another_part(content: Any) -> None:
    _key, secret = issue(name="Partner", scopes=["statistics"])
    assert Client().get(f"{PAGES}?country=KZ").status_code == 200
    refused = Client().get(f"{PAGES}?country=KZ", headers={"authorization": f"Bearer {secret}"})
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert Client().get(f"{PAGES}?country=KZ", headers={"authorization": "Bearer spk_0_0"}).status_code == 401


def test_an_answer_that_is_not_sent_again_is_counted(content: Any) -> None:
    limits.forget()
    _key, secret = issue(name="Partner", rate=2)
    headers = {"authorization": f"Bearer {secret}"}
    tag = Client().get(f"{PAGES}?country=KZ", headers=headers)["ETag"]
    again = Client().get(f"{PAGES}?country=KZ", headers=headers | {"if-none-match": tag})
    assert (again.status_code, again.content, again["RateLimit"].split(";")[1]) == (304, b"", "r=0")
    assert again["Access-Control-Allow-Origin"] == "*"
    assert Client().get(f"{PAGES}?country=KZ", headers=headers | {"if-none-match": tag}).status_code == 429
    limits.forget()


def test_a_call_for_ideas_says_the_same_on_every_day(content: Any) -> None:
    call = make_campaign((-9, -1), title="Last year")
    settle()
    answer = Client().get(f"{PAGES}{call.pk}/")
    assert "ETag" in answer
    assert {"opens", "closes"} <= answer.json().keys()
    assert "state" not in answer.json()


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
