"""Moving, unpublishing and deleting an original: what becomes of its translations is asked, and done with it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry, Revision

from cms.translation.choices import Operation, Status
from cms.translation.models import TranslationState
from cms.translation.services import request_translations
from home.models import StandardPage
from tests.factories.pages import make_standard_page
from tests.factories.site import homes, locale, publish, published
from tests.factories.translations import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from cms.users.models import User

pytestmark = pytest.mark.django_db

NAMES = {"move": "move_confirm", "unpublish": "unpublish", "delete": "delete"}
FOLLOW, STAY = {"translations": "follow"}, {"translations": "stay"}


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    """A section with one page below it, both in three languages, and a place to move them to, which has no Kazakh."""

    def make() -> dict[str, Any]:
        section = make_standard_page(title="Counters", slug="counters")
        below = make_standard_page(section, title="Queues", slug="queues")
        place = make_standard_page(title="Archive", slug="archive")
        for page in (section, below):
            translated(page)
            translated(page, "kk")
        translated(place)
        return {"section": section, "below": below, "place": place}

    made: dict[str, Any] = made_once(make)
    return made


@pytest.fixture
def pages(db: None, content: dict[str, Any]) -> dict[str, Any]:
    return {name: type(page).objects.get(pk=page.pk) for name, page in content.items()}


def version(page: Any, language: str) -> Any:
    return StandardPage.objects.get(translation_key=page.translation_key, locale__language_code=language)


def versions(page: Any) -> Any:
    return Page.objects.filter(translation_key=page.translation_key)


def address(operation: str, page: Any, place: Any = None) -> str:
    places = (place.pk,) if operation == Operation.MOVE else ()
    return reverse(f"wagtailadmin_pages:{NAMES[operation]}", args=(page.pk, *places))


def send(client: Client, operation: str, page: Any, given: dict[str, str], place: Any = None) -> list[str]:
    """What somebody is told who answers like this."""
    response = client.post(address(operation, page, place), given, follow=True)
    told = [BeautifulSoup(str(one), "html5lib").get_text() for one in response.context["messages"]]
    return [text.partition("\n")[0] for text in told]


def question(client: Client, operation: str, page: Any, place: Any = None) -> tuple[dict[str, bool], list[list[str]]]:
    """The answers on a screen, with the given one marked, and the rows of the table of translations."""
    soup = BeautifulSoup(client.get(address(operation, page, place)).content.decode(), "html5lib")
    answers = {str(one["value"]): one.has_attr("checked") for one in soup.select("input[name=translations]")}
    rows = [[cell.get_text().strip() for cell in row.select("td")] for row in soup.select(".translations-question tr")]
    return answers, [row for row in rows if row]


def places(page: Any) -> dict[str, str]:
    """Where a page stands in each language, below the home page."""
    return {one.locale.language_code: one.url_path.split("/", 2)[2] for one in versions(page)}


def public(page: Any) -> set[str]:
    return set(versions(page).filter(live=True).values_list("locale__language_code", flat=True))


def logged(action: str, page: Any) -> int:
    return PageLogEntry.objects.filter(action=action, page__in=versions(page).values("pk"), user__isnull=False).count()


def everything() -> Any:
    """What must be as before where something failed."""
    rows = list(Page.objects.order_by("pk").values("pk", "path", "url_path", "live", "numchild"))
    return rows, list(TranslationState.objects.order_by("pk").values()), PageLogEntry.objects.count()


@pytest.mark.parametrize(
    ("operation", "answers"),
    [
        ("move", {"follow": True, "stay": False}),
        ("unpublish", {"follow": True, "stay": False}),
        ("delete", {"stay": True, "follow": False}),
    ],
)
def test_it_is_asked_what_becomes_of_translations(
    admin_client: Client, pages: dict[str, Any], operation: str, answers: dict[str, bool]
) -> None:
    """Of those for which it makes a difference."""
    version(pages["section"], "kk").unpublish()
    asked, rows = question(admin_client, operation, pages["section"], pages["place"])
    assert asked == answers
    draft = [] if operation == Operation.UNPUBLISH else [["Kazakh", "kk Counters", "Draft"]]
    assert [row[:3] for row in rows] == [*draft, ["Russian", "ru Counters", "Current"]]


def test_each_row_says_what_happens_to_the_translation(admin_client: Client, pages: dict[str, Any]) -> None:
    version(pages["section"], "kk").unpublish()
    last = {
        operation: [row[3] for row in question(admin_client, operation, pages["section"], pages["place"])[1]]
        for operation in Operation
    }
    assert last == {
        "move": ["Yes, to a draft of “Archive” that is made for it", "Yes, to “ru Archive”"],
        "unpublish": ["Yes"],
        "delete": ["Yes", "Yes"],
    }


@pytest.mark.parametrize("operation", Operation)
def test_nothing_is_asked_about_a_translation_or_a_page_without_any(
    admin_client: Client, pages: dict[str, Any], operation: str
) -> None:
    alone = make_standard_page(title="Alone", slug="alone")
    for page, place in ((alone, pages["place"]), (version(pages["below"], "ru"), version(pages["place"], "ru"))):
        assert question(admin_client, operation, page, place) == ({}, [])
        others = {code: where for code, where in places(page).items() if code != page.locale.language_code}
        send(admin_client, operation, page, {}, place)
        assert {code: places(page)[code] for code in others} == others
        assert public(page) >= {*others}


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("given", [{}, {"translations": "perhaps"}])
def test_without_an_answer_nothing_is_done(
    admin_client: Client, pages: dict[str, Any], operation: str, given: dict[str, str]
) -> None:
    before = everything()
    assert len(send(admin_client, operation, pages["section"], given, pages["place"])) == 1
    assert everything() == before


def test_translations_move_along(admin_client: Client, pages: dict[str, Any]) -> None:
    live = set(Page.objects.live().values_list("pk", flat=True))
    told = send(admin_client, "move", pages["section"], FOLLOW, pages["place"])
    assert told == ["Page 'Counters' moved.", "2 translations moved along."]
    assert places(pages["section"]) == {
        "en": "archive/counters/",
        "ru": "ru-archive/ru-counters/",
        "kk": "archive/kk-counters/",
    }
    assert places(pages["below"])["kk"] == "archive/kk-counters/kk-queues/"
    made = version(pages["place"], "kk")
    assert (made.live, TranslationState.objects.with_status().get(page=made.pk).status) == (False, Status.DRAFT)
    assert set(Page.objects.live().values_list("pk", flat=True)) == live
    assert logged("wagtail.move", pages["section"]) == 3
    assert not Page.find_problems() or not any(Page.find_problems())


def test_readers_of_a_moved_translation_are_led_on(client: Client, admin_client: Client, pages: dict[str, Any]) -> None:
    old = {code: version(pages["below"], code).get_url() for code in ("en", "ru", "kk")}
    send(admin_client, "move", pages["section"], FOLLOW, pages["place"])
    assert Redirect.objects.filter(redirect_page__in=versions(pages["below"])).count() == 3
    for code, url in old.items():
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (301, version(pages["below"], code).get_url())


def test_translations_stay_where_they_are(admin_client: Client, pages: dict[str, Any]) -> None:
    before = places(pages["section"])
    assert send(admin_client, "move", pages["section"], STAY, pages["place"]) == ["Page 'Counters' moved."]
    assert places(pages["section"]) == before | {"en": "archive/counters/"}
    assert question(admin_client, "move", pages["section"], homes()["en"]) == ({}, [])


def test_what_moved_goes_on_following_its_original(admin_client: Client, pages: dict[str, Any]) -> None:
    send(admin_client, "move", pages["section"], FOLLOW, pages["place"])
    page = StandardPage.objects.get(pk=pages["section"].pk)
    page.summary = "Something else altogether."
    published(page)
    states = TranslationState.objects.with_status().filter(source=page.pk)
    assert {(state.status, state.outdated_segments) for state in states} == {(Status.OUTDATED, 1)}
    assert send(admin_client, "move", page, FOLLOW, homes()["en"])[1] == "2 translations moved along."
    assert places(page)["ru"] == "ru-counters/"


def test_a_taken_slug_stops_everything(admin_client: Client, pages: dict[str, Any]) -> None:
    publish(version(pages["place"], "ru"), StandardPage(title="Занято", slug="ru-counters", summary="Иное."))
    before = everything()
    (told,) = send(admin_client, "move", pages["section"], FOLLOW, pages["place"])
    assert told.startswith("Nothing was changed, because of “ru Counters” (Russian). The slug 'ru-counters' is already")
    assert everything() == before
    assert send(admin_client, "move", pages["section"], STAY, pages["place"]) == ["Page 'Counters' moved."]


def test_translations_are_unpublished_as_well(admin_client: Client, pages: dict[str, Any]) -> None:
    alias = version(pages["section"], "ru").create_alias(update_slug="alias")
    told = send(admin_client, "unpublish", pages["section"], FOLLOW)
    assert told == ["Page 'Counters' unpublished.", "2 translations were unpublished as well."]
    assert (public(pages["section"]), public(pages["below"])) == (set(), {"en", "ru", "kk"})
    assert logged("wagtail.unpublish", pages["section"]) == 3
    alias.refresh_from_db()
    assert not alias.live


def test_translations_of_the_pages_below_are_unpublished_with_these(
    admin_client: Client, pages: dict[str, Any]
) -> None:
    version(pages["below"], "kk").move(homes()["kk"], pos="last-child")
    send(admin_client, "unpublish", pages["section"], FOLLOW | {"include_descendants": "on"})
    assert public(pages["section"]) | public(pages["below"]) == set()


def test_translations_stay_public(admin_client: Client, client: Client, pages: dict[str, Any]) -> None:
    send(admin_client, "unpublish", pages["section"], STAY | {"include_descendants": "on"})
    assert public(pages["section"]) == public(pages["below"]) == {"ru", "kk"}
    target = version(pages["section"], "ru")
    assert TranslationState.objects.with_status().get(page=target.pk).status == Status.CURRENT
    assert client.get(target.get_url()).status_code == 200
    matrix = admin_client.get(reverse("translation_matrix"), {"title": "Counters"}).content.decode()
    panel = admin_client.get(reverse("wagtailadmin_pages:edit", args=(pages["section"].pk,))).content.decode()
    assert "Original, a draft" in matrix
    assert "Original, a draft" in panel


@pytest.mark.parametrize("is_live", [True, False])
def test_no_schedule_brings_back_what_was_unpublished(
    admin_client: Client, pages: dict[str, Any], *, is_live: bool
) -> None:
    target = version(pages["section"], "ru")
    target.go_live_at = timezone.now() + datetime.timedelta(days=1)
    target.title = "Позже"
    target.save_revision().publish()
    if not is_live:
        StandardPage.objects.filter(pk=target.pk).update(live=False)
    _answers, rows = question(admin_client, "unpublish", pages["section"])
    assert rows[1][3] == "Yes, its scheduled publication is called off"
    send(admin_client, "unpublish", pages["section"], FOLLOW)
    assert public(pages["section"]) == set()
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert logged("wagtail.schedule.cancel", pages["section"]) == 1


def test_what_is_locked_stays_public(admin_client: Client, pages: dict[str, Any], django_user_model: Any) -> None:
    somebody = django_user_model.objects.create_user("somebody", "somebody@example.org", "carpet-of-felt-41")
    versions(pages["section"]).filter(locale=locale("ru")).update(locked=True, locked_by=somebody)
    _answers, rows = question(admin_client, "unpublish", pages["section"])
    assert [row[3] for row in rows] == ["Yes", "No. It is locked."]
    send(admin_client, "unpublish", pages["section"], FOLLOW)
    assert public(pages["section"]) == {"ru"}


def test_translations_stay_without_their_original(admin_client: Client, client: Client, pages: dict[str, Any]) -> None:
    target = version(pages["below"], "ru")
    told = send(admin_client, "delete", pages["section"], STAY)
    assert told == ["Page 'Counters' deleted."]
    assert public(pages["section"]) == public(pages["below"]) == {"ru", "kk"}
    assert client.get(target.get_url()).status_code == 200
    states = TranslationState.objects.with_status().filter(page__in=versions(pages["below"]))
    assert {state.status for state in states} == {Status.ORPHANED}


def test_translations_are_deleted_as_well(admin_client: Client, pages: dict[str, Any]) -> None:
    """Wherever they stand."""
    version(pages["below"], "kk").move(homes()["kk"], pos="last-child")
    gone = [*versions(pages["section"]), *versions(pages["below"])]
    told = send(admin_client, "delete", pages["section"], FOLLOW)
    assert told == ["Page 'Counters' deleted.", "4 translations were deleted as well."]
    assert not Page.objects.filter(pk__in=[page.pk for page in gone]).exists()
    log = PageLogEntry.objects.filter(action="wagtail.delete", page__in=[page.pk for page in gone])
    assert (log.count(), set(log.values_list("user__username", flat=True))) == (6, {"admin"})


def test_what_was_written_in_the_language_is_not_deleted(admin_client: Client, pages: dict[str, Any]) -> None:
    section = version(pages["section"], "ru")
    own = publish(section, StandardPage(title="Своё", slug="svoyo", summary="Написано по-русски."))
    _answers, rows = question(admin_client, "delete", pages["section"])
    assert [row[3] for row in rows] == ["Yes", "No. Pages stand below it that are not deleted."]
    send(admin_client, "delete", pages["section"], FOLLOW)
    assert StandardPage.objects.filter(pk=own.pk, live=True).exists()
    assert set(places(pages["section"])) == {"ru"}
    assert places(pages["below"]) == {}


def test_what_other_content_needs_stops_everything(admin_client: Client, pages: dict[str, Any]) -> None:
    needed = version(pages["below"], "kk").pk
    before = everything()

    def protect(instance: Any, **kwargs: Any) -> None:
        if instance.pk == needed:
            raise ProtectedError("needed", {instance})

    pre_delete.connect(protect, sender=StandardPage)
    try:
        (told,) = send(admin_client, "delete", pages["section"], FOLLOW)
    finally:
        pre_delete.disconnect(protect, sender=StandardPage)
    assert told == "Nothing was changed, because of “kk Counters” (Kazakh). Other content needs it."
    assert everything() == before


def test_with_a_wrong_name_typed_nothing_is_deleted(admin_client: Client, pages: dict[str, Any]) -> None:
    before = everything()
    answer = admin_client.post(address("delete", pages["section"]), FOLLOW | {"confirm_site_name": "Elsewhere"})
    assert answer.status_code == 200
    assert everything() == before


def test_how_many_pages_are_deleted_is_said_before(admin_client: Client, pages: dict[str, Any], settings: Any) -> None:
    settings.WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 2
    html = admin_client.get(address("delete", pages["section"])).content.decode()
    text = " ".join(BeautifulSoup(html, "html5lib").get_text().split())
    assert "This deletes 2 pages. 4 translations are deleted as well if that is your answer above." in text
    assert "Translations of the pages below: Kazakh: 1 can follow. Russian: 1 can follow." in text


def test_a_deleted_translation_can_be_requested_again(
    admin_client: Client, admin_user: User, pages: dict[str, Any]
) -> None:
    page = pages["below"]
    assert send(admin_client, "delete", version(page, "kk"), {}) == ["Page 'kk Queues' deleted."]
    assert set(places(page)) == {"en", "ru"}
    request_translations(admin_user, [page], ["kk"])
    again = version(page, "kk")
    assert (again.live, again.get_latest_revision_as_object().title) == (False, "kk Queues")


def test_what_a_hook_refuses_undoes_what_was_done(admin_client: Client, pages: dict[str, Any]) -> None:
    """Translations are done with the page, also where others have a say in that."""

    def refuse(request: Any, page: Any) -> None:
        raise PermissionDenied

    before = everything()
    with hooks.register_temporarily("after_move_page", refuse):
        (told,) = send(admin_client, "move", pages["section"], FOLLOW, pages["place"])
    assert told == "Nothing was changed, because of “Counters” (English). You may not do this with it."
    assert everything() == before
