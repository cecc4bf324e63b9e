"""What each role finds after signing in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from cms.workflows.models import ReviewState
from tests.factories.pages import make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_country
from tests.workflows.people import act, fresh, person, submit, write

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def panels(client: Client, name: str) -> dict[str, list[list[str]]]:
    """The cells of each panel's rows, by the panel's key."""
    client.force_login(person(name))
    page = BeautifulSoup(client.get("/admin/").content.decode(), "html5lib")
    return {
        str(panel["id"]).removeprefix("dashboard-").removesuffix("-section"): [
            [" ".join(cell.get_text().split()) for cell in row.select("td")] for row in panel.select("tbody tr")
        ]
        for panel in page.select("section[id^=dashboard-]")
    }


def titles(client: Client, name: str, key: str) -> list[str]:
    return [row[0] for row in panels(client, name).get(key, [])]


@pytest.fixture
def practice(staffed: dict[str, Any]) -> Any:
    return write(staffed["practice"], "editor", title="Two windows")


def test_a_draft_waits_with_its_author_and_then_with_reviewers(client: Client, practice: Any) -> None:
    assert titles(client, "editor", "drafts") == ["Two windows"]
    assert titles(client, "publisher", "waiting") == titles(client, "publisher", "drafts") == []
    submit(practice, "editor")
    (row,) = panels(client, "publisher")["waiting"]
    day = ReviewState.objects.get().due_at
    assert day
    assert row == ["Two windows", "Review", f"{day:%-d %b %Y}"]
    for name in ("editor", "focal", "other-focal", "reviewer-ru"):
        assert titles(client, name, "waiting") == []


def test_a_review_that_is_somebodys_waits_with_no_one_else_and_stands_first(
    client: Client, staffed: dict[str, Any], practice: Any
) -> None:
    submit(practice, "editor")
    other = submit(write(staffed["report"], "editor", title="Report 2023"), "editor")
    act(other, "publisher", "assign", assignee=str(person("second-publisher").pk), due="")
    assert titles(client, "publisher", "waiting") == ["Two windows"]
    found = panels(client, "second-publisher")["waiting"]
    assert [row[:2] for row in found] == [["Report 2023", "Your review"], ["Two windows", "Review"]]


def test_what_is_overdue_is_marked_and_administrators_see_whose_it_is(client: Client, practice: Any) -> None:
    act(submit(practice, "editor"), "publisher", "assign", assignee=str(person("publisher").pk), due="")
    assert "overdue" not in panels(client, "administrator")
    ReviewState.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert panels(client, "publisher")["waiting"][0][2].startswith("Overdue")
    assert "overdue" not in panels(client, "publisher")
    (row,) = panels(client, "administrator")["overdue"]
    assert row[0].startswith("Two windows")
    assert "Publisher Osmonova" in row[0]


def test_what_came_back_and_what_needs_clearance_waits_with_its_author(
    client: Client, staffed: dict[str, Any], practice: Any
) -> None:
    act(submit(practice, "editor"), "publisher", "reject", comment="Which year?")
    assert [row[:2] for row in panels(client, "editor")["waiting"]] == [["Two windows", "Changes are asked for"]]
    report = submit(write(staffed["report"], "focal", title="Report 2022"), "focal")
    assert [row[:2] for row in panels(client, "focal")["waiting"]] == [["Report 2022", "Ask a superior for clearance"]]
    act(report, "focal", "ask", name="S.", email="superior@example.org", language="en")
    assert titles(client, "focal", "waiting") == []
    write(report, "focal", title="Report 2022, changed")
    assert titles(client, "focal", "waiting") == ["Report 2022, changed"]


def test_whoever_has_nothing_to_do_is_told_so(client: Client, staffed: dict[str, Any]) -> None:
    client.force_login(person("publisher"))
    assert "Nothing waits for you." in client.get("/admin/").content.decode()


def test_translators_see_what_is_outdated_in_their_language(client: Client, staffed: dict[str, Any]) -> None:
    source = make_practice(country=make_country("GE"), title="Source", slug="source")
    for code, title in (("ru", "Перевод"), ("kk", "Аударма")):
        translate(source, code, title=title, slug=f"translated-{code}").save_revision().publish()
    assert "outdated" not in panels(client, "reviewer-ru")
    source.title = "Changed"
    source.save_revision().publish()
    assert [row[:2] for row in panels(client, "reviewer-ru")["outdated"]] == [["Перевод", "Russian"]]
    assert "outdated" not in panels(client, "editor")


def test_what_went_live_stands_there_once_and_only_while_it_is_public(client: Client, practice: Any) -> None:
    page = act(submit(practice, "editor"), "publisher", "approve", comment="")
    page = write(page, "editor", title="Three windows")
    act(submit(page, "editor"), "publisher", "approve", comment="")
    assert titles(client, "focal", "published").count("Three windows") == 1
    assert titles(client, "focal", "published")[0] == "Three windows"
    fresh(page).unpublish()
    assert "Three windows" not in titles(client, "focal", "published")


def test_the_dashboard_takes_the_same_number_of_queries_with_more_to_do(
    client: Client, staffed: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        page = make_practice(country=make_country("KZ"), title=f"Practice {number}", slug=f"practice-{number}")
        submit(write(page, "editor", title=f"New {number}"), "editor")
    client.force_login(person("publisher"))
    assert "There are more." in client.get("/admin/").content.decode()
    with django_assert_max_num_queries(30):
        client.get("/admin/")
