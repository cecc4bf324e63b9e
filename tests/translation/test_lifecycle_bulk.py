"""Bulk actions on originals: what becomes of their translations, all or nothing, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from cms.translation.choices import Operation, Status
from cms.translation.models import TranslationState
from home.models import StandardPage
from tests.factories.pages import make_standard_page
from tests.factories.site import publish
from tests.factories.translations import translated
from tests.translation.test_lifecycle import FOLLOW, STAY, everything, places, public, version, versions
from tests.translation.test_lifecycle_rights import enter, make_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def made(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    """Two pages in three languages, the first with one below it, and a place to move them to."""

    def make() -> dict[str, Any]:
        make_member("branch en")
        first, second = (make_standard_page(title=name, slug=name.lower()) for name in ("First", "Second"))
        below = make_standard_page(first, title="Below", slug="below")
        place = make_standard_page(title="Archive", slug="archive")
        for page in (first, second, below, place):
            translated(page)
            translated(page, "kk")
        return {"first": first, "second": second, "below": below, "place": place}

    found: dict[str, Any] = made_once(make)
    return found


def address(operation: str, *pages: Any) -> str:
    query = urlencode([("next", "/admin/"), *(("id", page.pk) for page in pages)])
    return f"{reverse('wagtail_bulk_action', args=('wagtailcore', 'page', operation))}?{query}"


def send(client: Client, operation: str, pages: list[Any], given: dict[str, Any]) -> list[str]:
    """What somebody is told: in a message, or at the question where it is asked again."""
    answer = client.post(address(operation, *pages), given, follow=True)
    soup = BeautifulSoup(answer.content.decode(), "html5lib")
    errors = [error.get_text() for error in soup.select(".translations-question .error-message")]
    told = [BeautifulSoup(str(one), "html5lib").get_text().strip() for one in answer.context["messages"]]
    return errors or told


def asked(client: Client, operation: str, *pages: Any) -> tuple[set[str], list[list[str]]]:
    soup = BeautifulSoup(client.get(address(operation, *pages)).content.decode(), "html5lib")
    answers = {str(one["value"]) for one in soup.select("form input[name=translations]")}
    rows = [[cell.get_text().strip() for cell in row.select("td")] for row in soup.select(".translations-question tr")]
    return answers, [row for row in rows if row]


@pytest.mark.parametrize("operation", Operation)
def test_it_is_asked_about_all_that_is_marked(admin_client: Client, made: dict[str, Any], operation: str) -> None:
    answers, rows = asked(admin_client, operation, made["first"], made["second"])
    assert answers == {"follow", "stay"}
    assert [row[1] for row in rows] == ["kk First", "kk Second", "ru First", "ru Second"]
    assert {row[3] for row in rows} == {"Yes"}


@pytest.mark.parametrize("operation", Operation)
def test_it_is_not_asked_about_translations_or_what_is_marked_itself(
    admin_client: Client, made: dict[str, Any], operation: str
) -> None:
    russian = version(made["second"], "ru")
    assert asked(admin_client, operation, russian) == (set(), [])
    _answers, rows = asked(admin_client, operation, made["second"], russian)
    assert [row[1] for row in rows] == ["kk Second"]


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("given", [{}, {"translations": "perhaps"}])
def test_without_an_answer_nothing_is_done(
    admin_client: Client, made: dict[str, Any], operation: str, given: dict[str, str]
) -> None:
    before = everything()
    told = send(admin_client, operation, [made["first"], made["second"]], given | {"chooser": made["place"].pk})
    assert len(told) == 1
    assert everything() == before


def test_marked_pages_move_with_their_translations(admin_client: Client, made: dict[str, Any]) -> None:
    version(made["place"], "kk").delete()
    live = set(Page.objects.live().values_list("pk", flat=True))
    told = send(admin_client, "move", [made["first"], made["second"]], FOLLOW | {"chooser": made["place"].pk})
    assert told == ["2 pages have been moved. 4 translations moved along."]
    assert places(made["second"]) == {
        "en": "archive/second/",
        "ru": "ru-archive/ru-second/",
        "kk": "kk-archive/kk-second/",
    }
    assert places(made["below"])["ru"] == "ru-archive/ru-first/ru-below/"
    assert set(Page.objects.live().values_list("pk", flat=True)) == live
    assert not any(Page.find_problems())


def test_marked_pages_move_without_them(admin_client: Client, made: dict[str, Any]) -> None:
    told = send(admin_client, "move", [made["first"], made["second"]], STAY | {"chooser": made["place"].pk})
    assert told == ["2 pages have been moved"]
    assert places(made["first"])["ru"] == "ru-first/"


def test_a_taken_slug_stops_the_move_of_all(admin_client: Client, made: dict[str, Any]) -> None:
    publish(version(made["place"], "ru"), StandardPage(title="Занято", slug="ru-second", summary="Иное."))
    before = everything()
    given = FOLLOW | {"chooser": made["place"].pk}
    (told,) = send(admin_client, "move", [made["first"], made["second"]], given)
    assert told.startswith("Nothing was changed, because of “ru Second” (Russian).")
    assert everything() == before


def test_two_marked_pages_of_one_slug_are_not_moved_to_one_place(admin_client: Client, made: dict[str, Any]) -> None:
    """Each of them could be; Wagtail looks at each by itself."""
    twin = make_standard_page(made["place"], title="Second again", slug="second")
    before = everything()
    given = STAY | {"chooser": make_standard_page(title="New", slug="new").pk}
    before = everything()
    (told,) = send(admin_client, "move", [made["second"], twin], given)
    assert told.startswith("Nothing was changed, because of “Second")
    assert everything() == before


@pytest.mark.parametrize("below", [True, False])
def test_marked_pages_are_unpublished_with_their_translations(
    admin_client: Client, made: dict[str, Any], *, below: bool
) -> None:
    given = FOLLOW | ({"include_descendants": "on"} if below else {})
    (told,) = send(admin_client, "unpublish", [made["first"], made["second"]], given)
    assert told.endswith(f"unpublished. {6 if below else 4} translations were unpublished as well.")
    assert public(made["first"]) | public(made["second"]) == set()
    assert public(made["below"]) == (set() if below else {"en", "ru", "kk"})


def test_translations_of_marked_pages_stay_public(admin_client: Client, made: dict[str, Any]) -> None:
    send(admin_client, "unpublish", [made["first"], made["second"]], STAY | {"include_descendants": "on"})
    assert public(made["first"]) == public(made["second"]) == public(made["below"]) == {"ru", "kk"}


def test_marked_pages_are_deleted_with_their_translations(admin_client: Client, made: dict[str, Any]) -> None:
    told = send(admin_client, "delete", [made["first"], made["second"]], FOLLOW)
    assert told == ["2 pages and 1 child page have been deleted. 6 translations were deleted as well."]
    assert not any(versions(made[name]).exists() for name in ("first", "second", "below"))


def test_translations_of_marked_pages_stay_without_their_original(admin_client: Client, made: dict[str, Any]) -> None:
    send(admin_client, "delete", [made["first"], made["second"]], STAY)
    left = Page.objects.filter(
        translation_key__in=[made[name].translation_key for name in ("first", "second", "below")]
    )
    states = TranslationState.objects.with_status().filter(page__in=left)
    assert [state.status for state in states] == [Status.ORPHANED] * 6
    assert left.filter(live=True).count() == 6


@pytest.mark.parametrize("operation", Operation)
def test_who_has_no_right_over_translations_cannot_have_them_follow(
    client: Client, made: dict[str, Any], operation: str
) -> None:
    enter(client, "branch en")
    pages, place = [made["first"], made["second"]], {"chooser": made["place"].pk}
    assert asked(client, operation, *pages)[0] == {"stay"}
    before = everything()
    assert send(client, operation, pages, FOLLOW | place) == [
        "The translations cannot follow: you may not do this with any of them."
    ]
    assert everything() == before
    before_of = {name: places(made[name]) for name in ("first", "second")}
    send(client, operation, pages, STAY | place)
    for name, where in before_of.items():
        assert {code: path for code, path in places(made[name]).items() if code != "en"} == {
            code: path for code, path in where.items() if code != "en"
        }
        assert public(made[name]) >= {"ru", "kk"}


def cost(client: Client, address: str, given: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address) if given is None else client.post(address, given)
    assert answer.status_code == (200 if given is None else 302)
    return len(captured)


def section(size: int, name: str) -> Any:
    """A page with as many below it, all in three languages."""
    top = make_standard_page(title=name, slug=name)
    pages = [top, *(make_standard_page(top, title=f"{name} {number}") for number in range(size))]
    for page in pages:
        translated(page)
        translated(page, "kk")
    return StandardPage.objects.get(pk=top.pk)


@pytest.mark.parametrize("operation", Operation)
def test_asking_costs_no_more_for_many_pages(admin_client: Client, made: dict[str, Any], operation: str) -> None:
    few, many = section(1, "few"), section(4, "many")
    name = "move_confirm" if operation == Operation.MOVE else operation
    where = (made["place"].pk,) if operation == Operation.MOVE else ()
    costs = [
        cost(admin_client, reverse(f"wagtailadmin_pages:{name}", args=(page.pk, *where))) for page in (few, few, many)
    ]
    assert costs[2] <= costs[1]


def test_deleting_translations_costs_as_much_for_each_as_deleting_an_original(
    admin_client: Client, made: dict[str, Any]
) -> None:
    delete = [reverse("wagtailadmin_pages:delete", args=(section(3, name).pk,)) for name in ("warm", "stay", "follow")]
    _warm, alone, together = (
        cost(admin_client, url, given) for url, given in zip(delete, (STAY, STAY, FOLLOW), strict=True)
    )
    assert together <= 3 * alone
