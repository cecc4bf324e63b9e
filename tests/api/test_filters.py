"""Lists of pages narrowed by vocabularies and dates, read from where the last ended, and found by their address."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms.core.querysets import public_pages
from taxonomy.choices import Scheme
from tests.answers import queries
from tests.contracts.hostile import HOSTILE
from tests.factories.examples import full_country, full_event, full_news, full_practice, full_report
from tests.factories.pages import make_news, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_concept, make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = "/api/v2/pages/"
DAY = datetime.datetime(2021, 5, 31, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        above = make_theme("digital")
        below = make_theme("registers", parent=above)
        local, national = (make_concept(Scheme.LEVEL, code) for code in ("local", "national"))
        desk = make_practice(title="Desk", slug="desk", country=make_country("KZ"), themes=[below], levels=[local])
        make_practice(title="Door", slug="door", country=make_country("GE"), themes=[above], levels=[local, national])
        news = make_news(title="Opening", country=make_country("GE"), themes=[below])
        translate(desk, "ru", title="Стол", slug="stol")
        type(desk).objects.filter(pk=desk.pk).update(first_published_at=DAY, last_published_at=DAY)
        return {"desk": desk, "news": news}

    return made_once(make)


def titles(client: Client, query: str) -> list[str]:
    answer = client.get(f"{PAGES}?{query}")
    assert answer.status_code == 200, answer.content
    return [item["title"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("country=KZ", {"Desk", "Стол"}),
        ("country=KZ,GE&locale=en", {"Desk", "Door", "Opening"}),
        ("theme=registers&locale=en", {"Desk", "Opening"}),
        ("theme=digital&locale=en", {"Desk", "Door", "Opening"}),
        ("theme=digital&country=GE&type=news.NewsPage", {"Opening"}),
        ("level=local&locale=en", {"Desk", "Door"}),
        ("level=national", {"Door"}),
        ("level=national,local&type=practices.PracticePage&locale=ru", {"Стол"}),
        ("type=practices.PracticePage&country=GE&status=pilot", {"Door"}),
        ("theme=registers&search=desk&locale=en", {"Desk"}),
        ("theme=registers&locale=kk&fallback=ru", {"Стол"}),
        ("country=KZ&published_after=2021-05-30&locale=en", {"Desk"}),
        ("country=KZ&published_after=2021-05-31&locale=en", set()),
        ("country=KZ&published_after=2021-05-31T05:59:59%2B06:00&locale=en", {"Desk"}),
        ("country=KZ&updated_after=2021-05-31T00:00:00&locale=en", set()),
        ("country=KZ&updated_after=2021-05-30T23:59:59Z&locale=en", {"Desk"}),
    ],
)
def test_lists_are_narrowed(client: Client, content: Any, query: str, expected: set[str]) -> None:
    assert set(titles(client, f"{query}&limit=100")) == expected


def test_a_number_at_country_is_the_key_of_a_row_as_in_wagtails_own_api(client: Client, content: Any) -> None:
    row = make_country("GE")
    assert titles(client, f"type=practices.PracticePage&country={row.pk}") == ["Door"]
    assert client.get(f"{PAGES}?country={row.pk}").status_code == 400, "pages of any type have no such field"


@pytest.mark.parametrize("name", ["country", "theme", "level", "published_after", "updated_after", "after"])
def test_what_means_nothing_is_refused_by_name(client: Client, content: Any, name: str) -> None:
    empty = {"nothing"} if name == "after" else set()
    answers = {kind: client.get(f"{PAGES}?{name}={value}") for kind, value in HOSTILE.items() if kind not in empty}
    wrong = {kind for kind, one in answers.items() if one.status_code != 400 or name not in one.json()["message"]}
    assert wrong == set()


def walk(client: Client, query: str) -> list[int]:
    """The ids of a list that is read by following its links."""
    found: list[int] = []
    address = f"{PAGES}?after=&{query}"
    while address:
        answer = client.get(address.removeprefix("http://testserver"))
        assert answer.status_code == 200, answer.content
        found += [item["id"] for item in answer.json()["items"]]
        address = answer.json()["meta"]["next"]
    return found


@pytest.mark.parametrize("order", ["", "-id", "title", "-title", "first_published_at", "-first_published_at,title"])
def test_a_list_read_by_its_links_is_the_whole_list(client: Client, content: Any, order: str) -> None:
    type(content["news"]).objects.filter(pk=content["news"].pk).update(first_published_at=None)
    ids = walk(client, f"limit=4&order={order}" if order else "limit=4")
    assert len(ids) == len(set(ids))
    assert set(ids) == set(public_pages().filter(depth__gt=1).values_list("pk", flat=True))
    rows = public_pages().in_bulk(ids)
    if order == "-title":
        assert [rows[pk].title for pk in ids] == sorted((row.title for row in rows.values()), reverse=True)
    if order == "first_published_at":
        assert ids[-1] == content["news"].pk, "without a date last, on every database"


def test_what_is_published_while_a_list_is_read_is_not_missed_and_nothing_comes_twice(
    client: Client, content: Any
) -> None:
    first = client.get(f"{PAGES}?after=&limit=5").json()
    late = make_news(title="Late")
    rest = walk_from(client, first["meta"]["next"])
    ids = [item["id"] for item in first["items"]]
    assert late.pk in rest
    assert not set(ids) & set(rest)


def walk_from(client: Client, address: str) -> list[int]:
    answer = client.get(address.removeprefix("http://testserver")).json()
    further = walk_from(client, answer["meta"]["next"]) if answer["meta"]["next"] else []
    return [item["id"] for item in answer["items"]] + further


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("after=&offset=1", "offset"),
        ("after=&search=desk", "search"),
        ("after=&order=random", "random"),
        ("after=WzFd&order=title", "after"),
        ("after=WzEsMl0", "after"),
        ("after=%5B1%5D", "after"),
        (f"after={'W' * 3000}", "after"),
        ("after=WyJ4Il0", "after"),
    ],
)
def test_a_place_that_does_not_belong_to_the_list_is_refused(
    client: Client, content: Any, query: str, named: str
) -> None:
    answer = client.get(f"{PAGES}?{query}")
    assert (answer.status_code, named in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/en/practices/desk/", "Desk"),
        ("/ru/practices/stol/", "Стол"),
        ("ru/practices/stol", "Стол"),
        ("/practices/desk/", "Desk"),
        ("/ru/", "Главная"),
        ("/kk/practices/desk/", None),
        ("/ru/practices/desk/", None),
        ("/de/practices/desk/", None),
        ("/en/practices/nothing/", None),
    ],
)
def test_pages_are_found_by_their_addresses_in_every_language(
    client: Client, content: Any, path: str, title: str | None
) -> None:
    answer = client.get(f"{PAGES}find/", {"html_path": path}, follow=title is not None)
    if title is None:
        assert answer.status_code == 404
    elif path != "/ru/":
        assert answer.json()["title"] == title
    else:
        assert answer.json()["meta"]["locale"] == "ru"


def test_an_address_of_what_is_not_public_leads_nowhere(client: Client, content: Any) -> None:
    PageViewRestriction.objects.create(page=content["desk"], restriction_type=PageViewRestriction.LOGIN)
    assert client.get(f"{PAGES}find/", {"html_path": "/en/practices/desk/"}).status_code == 404


@pytest.mark.parametrize("make", [full_practice, full_news, full_event, full_country, full_report])
def test_a_list_takes_as_many_queries_for_twenty_as_for_one(client: Client, site: Any, make: Any) -> None:
    codes = ["KZ", "KG", "UZ", "TJ", "GE"]
    pages = [
        make(title=f"Item {code}", slug=f"item-{code.lower()}", country=make_country(code), themes=[make_theme(code)])
        for code in codes
    ]
    address = f"{PAGES}?type={pages[0]._meta.label}&fields=*&locale=en&order=-id&limit="
    few, many = queries(client, f"{address}1"), queries(client, f"{address}20")
    assert many == few
    assert few <= 30


def test_a_page_that_is_published_again_is_updated(client: Client, content: Any) -> None:
    before = (timezone.now() - datetime.timedelta(seconds=5)).isoformat().replace("+", "%2B")
    make_news(title="Fresh")
    assert "Fresh" in titles(client, f"updated_after={before}&limit=100")
