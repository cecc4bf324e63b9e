"""The change feed as a part of the API: described, refusing by name, and behind the keys of partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from openapi_schema_validator import OAS31Validator

from cms.api.description import document
from cms.api.documentation import for_people
from cms.delivery.choices import Operation
from cms.delivery.models import Entry, Ledger
from cms.delivery.services import begin, settle
from cms.partners import limits
from cms.partners.services import issue
from tests.factories.pages import make_news, make_practice
from tests.factories.site import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Site

CHANGES = "/api/v2/changes/"


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    """A ledger in which something was published, updated and withdrawn."""

    def make() -> Any:
        begin()
        settle()
        practice, news = make_practice(title="Desk"), make_news(title="Opening")
        translate(practice, "ru", title="Стол")
        settle()
        practice.title = "Two desks"
        practice.save_revision().publish()
        news.unpublish()
        settle()
        return practice

    return made_once(make)


def operation() -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"]["/changes/"]["get"]
    return found


def schema_of(status: str, kind: str = "application/json") -> OAS31Validator:
    """What the description says of an answer, with the components that it refers to."""
    schema = operation()["responses"][status]["content"][kind]["schema"]
    return OAS31Validator(schema | {"components": document()["components"]})


def ask(query: str = "", **headers: str) -> Any:
    return Client().get(f"{CHANGES}?{query}", headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "include=payload&limit=1000", "newest=true&include=payload", "newest=false", "locale=ru", "wait=0"]
)
def test_entries_are_as_they_are_described(content: Any, query: str) -> None:
    answer = ask(query)
    assert answer.status_code == 200
    assert answer.json()["items"]
    assert [error.message for error in schema_of("200").iter_errors(answer.json())] == []


@pytest.mark.django_db
def test_each_operation_that_is_described_occurs(content: Any) -> None:
    described = document()["components"]["schemas"]["Change"]["properties"]["operation"]["enum"]
    told = {item["operation"] for item in ask("limit=1000").json()["items"]}
    assert told == set(described) == set(Operation.values)


@pytest.mark.django_db
def test_a_payload_is_what_the_address_of_the_object_gives(content: Any) -> None:
    items = ask("newest=true&include=payload&type=practices.PracticePage&limit=1000").json()["items"]
    assert {item["locale"] for item in items} == {"en", "ru"}
    for item in items:
        assert item["payload"] == Client().get(f"/api/v2/{item['kind']}/{item['id']}/").json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "name", "words"),
    [
        ("since=-1", "since", "whole number"),
        ("since=1.5", "since", "whole number"),
        ("since=%D9%A3", "since", "whole number"),
        ("since=" + "9" * 19, "since", "whole number"),
        ("limit=1001", "limit", "at most 1000"),
        ("wait=31", "wait", "at most 30"),
        ("wait=", "wait", "whole number"),
        ("include=everything", "include", "payload"),
        ("newest=1", "newest", "true, false"),
        ("locale=en,xx", "locale", "en, kk, ru"),
        ("locale=EN", "locale", "en, kk, ru"),
        ("locale=,", "locale", "commas"),
        ("type=,,", "type", "commas"),
        ("type=a%00b", "type", "commas"),
        ("versions=1", "versions", "since, limit, kind, type"),
        ("zone=1&after=2", "after", "there is no such parameter"),
    ],
)
def test_what_cannot_be_understood_is_a_problem_that_names_it(content: Any, query: str, name: str, words: str) -> None:
    answer = ask(query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert (problem["parameter"], problem["status"], problem["title"]) == (name, 400, "Bad Request")
    assert problem["detail"] == problem["message"]
    assert problem["detail"].startswith(f"{name}: ")
    assert words in problem["detail"]
    assert [error.message for error in schema_of("400", "application/problem+json").iter_errors(problem)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["since=0", "since=" + "9" * 18, "limit=1", "limit=1000", "type=no.Such", "type=news.NewsPage,", "locale=kk"],
)
def test_what_means_something_is_answered_even_with_nothing(content: Any, query: str) -> None:
    answer = ask(query)
    assert answer.status_code == 200
    assert [error.message for error in schema_of("200").iter_errors(answer.json())] == []


@pytest.mark.django_db
def test_a_reader_who_is_ahead_is_not_sent_back(content: Any) -> None:
    ahead = 10**18 - 1
    meta = ask(f"since={ahead}").json()["meta"]
    assert meta["next"] == ahead
    assert meta["version"] < ahead, "by which the reader sees that the site was set up anew"


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
@pytest.mark.parametrize("query", ["", "locale=en", "newest=true", "type=practices.PracticePage&locale=ru"])
def test_read_in_steps_the_feed_is_the_whole_of_it(content: Any, query: str, limit: int) -> None:
    whole = [item["version"] for item in ask(f"{query}&limit=1000").json()["items"]]
    since, steps = 0, []
    while page := ask(f"{query}&limit={limit}&since={since}").json():
        steps += [item["version"] for item in page["items"]]
        if len(page["items"]) < limit:
            assert page["meta"]["next"] == page["meta"]["version"]
            break
        since = page["meta"]["next"]
    assert steps == whole


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_refused_in_words_and_not_for_want_of_a_token(content: Any, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(CHANGES)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in answer["Allow"]


@pytest.mark.django_db
def test_only_the_head_may_be_asked_for(content: Any) -> None:
    answer = Client().head(CHANGES)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == ask()["ETag"]


@pytest.mark.django_db
def test_before_the_ledger_has_begun_a_problem_says_when_to_come_again(site: Site) -> None:
    Entry.objects.all().delete()
    Ledger.objects.all().delete()
    answer = ask()
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert int(answer["Retry-After"]) > 0
    assert [one.message for one in schema_of("503", "application/problem+json").iter_errors(answer.json())] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("scopes", "status"), [(["changes"], 200), (["content", "statistics"], 403)])
def test_the_feed_is_a_part_of_its_own_for_keys(content: Any, scopes: list[str], status: int) -> None:
    _key, secret = issue(name="Mirror", scopes=scopes)
    assert ask(authorization=f"Bearer {secret}").status_code == status


@pytest.mark.django_db
def test_answers_without_news_count_for_the_limit_as_well(content: Any) -> None:
    limits.forget()
    _key, secret = issue(name="Mirror", rate=2)
    headers = {"authorization": f"Bearer {secret}"}
    tag = ask(**headers)["ETag"]
    again = [Client().get(CHANGES, headers=headers | {"if-none-match": tag}) for _number in range(2)]
    assert [one.status_code for one in again] == [304, 429]
    limits.forget()


def test_every_parameter_of_the_feed_is_described_with_its_bounds() -> None:
    found = {one["name"]: one for one in operation()["parameters"]}
    assert list(found) == ["since", "limit", "kind", "type", "locale", "newest", "include", "wait"]
    assert found["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert (found["wait"]["schema"]["maximum"], found["since"]["schema"]["default"]) == (30, 0)
    assert "practices.PracticePage" in found["type"]["schema"]["items"]["enum"]
    assert {one["in"] for one in found.values()} == {"query"}
    assert not any(one["required"] for one in found.values())


def test_the_answers_of_the_feed_are_described() -> None:
    answers = operation()["responses"]
    assert list(answers) == ["200", "304", "400", "401", "403", "429", "503"]
    assert "Retry-After" in answers["503"]["headers"]
    assert "content" not in answers["304"]
    payload = document()["components"]["schemas"]["Change"]["properties"]["payload"]
    assert {"$ref": "#/components/schemas/AnyPage"} in payload["anyOf"]
    assert "payload" not in document()["components"]["schemas"]["Change"]["required"]


def test_people_are_shown_addresses_of_the_feed_to_follow() -> None:
    shown = for_people("/api/v2", "/changes/", operation())
    assert shown["examples"][0] == CHANGES
    assert all(one.startswith(f"{CHANGES}?") for one in shown["examples"][1:])
    assert [one["values"] for one in shown["parameters"] if one["name"] == "include"] == [["payload"]]
    assert "Changes" in {one["name"] for one in document()["tags"]}
