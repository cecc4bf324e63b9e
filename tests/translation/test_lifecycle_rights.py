"""Roles x operations x languages: a translation follows its original only where it may be dealt with by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign, install_roles
from home.models import StandardPage
from practices.models import PracticeIndexPage
from tests.contracts.test_rights import is_refused
from tests.factories.pages import make_country_page, make_practice, make_report, make_standard_page
from tests.factories.site import homes, index_page
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country
from tests.translation.test_lifecycle import FOLLOW, STAY, address, everything, public, question, version, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NONE, RU, KK, BOTH = set[str](), {"ru"}, {"kk"}, {"ru", "kk"}
REFUSED = None
LANGUAGES = {"ru": "Russian", "kk": "Kazakh"}
# Into which languages the translations of a page follow it for whom; None where the page itself is refused. The public
# page is translated into both, the draft into public Russian and a draft in Kazakh. Translator and reviewer are those
# of Russian; some have rights over branches of the tree besides.
CASES = ("move public", "unpublish public", "delete public", "move draft", "delete draft")
FOLLOWS: dict[str, tuple[set[str] | None, ...]] = {
    Role.ADMINISTRATOR: (BOTH, BOTH, BOTH, BOTH, BOTH),
    Role.PUBLISHER: (BOTH, BOTH, BOTH, BOTH, BOTH),
    Role.EDITOR: (REFUSED, REFUSED, REFUSED, KK, KK),
    Role.FOCAL_POINT: (REFUSED,) * 5,
    Role.TRANSLATOR: (REFUSED,) * 5,
    Role.TRANSLATION_REVIEWER: (REFUSED,) * 5,
    Role.DATA_MANAGER: (REFUSED,) * 5,
    "nobody": (REFUSED,) * 5,
    "branch en": (NONE, NONE, NONE, NONE, NONE),
    "branch en ru": (RU, RU, RU, RU, RU),
    "branch en, translator": (NONE, NONE, NONE, NONE, NONE),
    "branch en, translation-reviewer": (NONE, RU, RU, NONE, RU),
    "branch ru": (REFUSED,) * 5,
}


@pytest.fixture(scope="module")
def made(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    def make() -> dict[str, Any]:
        install_roles()
        for name in FOLLOWS:
            make_member(name)
        place = make_standard_page(title="Archive", slug="archive")
        pages = {state: make_standard_page(title=state.title(), slug=state) for state in ("public", "draft")}
        for page in (place, *pages.values()):
            translated(page)
            translated(page, "kk", publish=page != pages["draft"])
        pages["draft"].unpublish()
        return {"place": place, **pages}

    made: dict[str, Any] = made_once(make)
    return made


def make_member(name: str) -> User:
    user = User.objects.create_user(name, f"{len(name)}{name[-5:]}@example.org", "carpet-of-felt-41")
    branches, _comma, role = name.partition(", ") if name.startswith("branch") else ("", "", name)
    if branches:
        group = Group.objects.create(name=branches + role)
        user.groups.add(group)
        user.groups.add(Group.objects.get_or_create(name="admin access")[0])
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for code in branches.split()[1:]:
            for right in ("add_page", "change_page", "publish_page", "bulk_delete_page"):
                permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=right)
                GroupPagePermission.objects.create(group=group, page=homes()[code], permission=permission)
    if role in Role.values:
        facts: dict[str, Any] = {"country": make_country("KZ")} if role == Role.FOCAL_POINT else {}
        facts |= {"language": "ru"} if role.startswith("transla") else {}
        assign(user, [RoleAssignment(role=role, **facts)])
    return user


def enter(client: Client, name: str) -> Client:
    client.force_login(User.objects.get(username=name))
    return client


def state_of(page: Any) -> dict[str, Any]:
    """What an operation changes, by language."""
    return {one.locale.language_code: (one.path, one.live) for one in versions(page)}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FOLLOWS)
def test_who_may_have_which_translations_follow(client: Client, made: dict[str, Any], name: str, case: str) -> None:
    operation, _space, state = case.partition(" ")
    expected = FOLLOWS[name][CASES.index(case)]
    page, place = made[state], made["place"]
    enter(client, name)
    if expected is REFUSED:
        before = everything()
        assert is_refused(client.get(address(operation, page, place)))
        assert is_refused(client.post(address(operation, page, place), FOLLOW))
        assert is_refused(client.post(address(operation, page, place), STAY))
        assert everything() == before
        return
    answers, rows = question(client, operation, page, place)
    assert ("follow" in answers) == bool(expected)
    assert {row[0] for row in rows if row[3].startswith("Yes")} == {
        {"ru": "Russian", "kk": "Kazakh"}[code] for code in expected
    }
    before_of = state_of(page)
    client.post(address(operation, page, place), FOLLOW)
    after = state_of(page)
    changed = {code for code in before_of if after.get(code) != before_of[code]}
    assert changed == ({"en", *expected} if expected else NONE)


@pytest.mark.parametrize("case", CASES)
def test_who_has_no_right_over_translations_lets_them_stay(client: Client, made: dict[str, Any], case: str) -> None:
    operation, _space, state = case.partition(" ")
    page = made[state]
    before = state_of(page)
    enter(client, "branch en").post(address(operation, page, made["place"]), STAY)
    after = state_of(page)
    assert after.get("en") != before["en"]
    assert {code: after[code] for code in BOTH} == {code: before[code] for code in BOTH}


def test_nothing_of_a_draft_is_shown_to_those_who_may_not_see_it(client: Client, made: dict[str, Any]) -> None:
    page = made["draft"]
    target = version(page, "ru")
    target.title = "Втайне"
    target.save_revision()
    enter(client, "branch en")
    _answers, rows = question(client, "delete", page)
    assert [row[:3] for row in rows] == [["Kazakh", "–", "Draft"], ["Russian", "ru Draft", "Current"]]
    enter(client, "branch en, translator")
    assert question(client, "delete", page)[1][1][1] == "Втайне"


def test_a_new_place_is_made_by_those_who_may_put_pages_there(client: Client, made: dict[str, Any]) -> None:
    """Below the home page of a language, by those who may put a page there."""
    version(made["place"], "ru").delete()
    version(made["place"], "kk").delete()
    enter(client, "branch en ru")
    _answers, rows = question(client, "move", made["public"], made["place"])
    assert [row[3] for row in rows] == [
        "No. You may not move it.",
        "Yes, to a draft of “Archive” that is made for it",
    ]
    client.post(address("move", made["public"], made["place"]), FOLLOW)
    assert versions(made["place"]).filter(live=False).count() == 1
    assert StandardPage.objects.get(slug="ru-public").is_child_of(version(made["place"], "ru"))
    assert StandardPage.objects.get(slug="kk-public").is_child_of(homes()["kk"])


def test_a_focal_point_takes_drafts_of_the_own_country_along(client: Client, made: dict[str, Any]) -> None:
    practice = make_practice(country=make_country("KZ"), title="Own", slug="own")
    translated(practice)
    translated(practice, "kk", publish=False)
    practice.unpublish()
    enter(client, Role.FOCAL_POINT)
    _answers, rows = question(client, "delete", practice)
    assert [row[3] for row in rows] == ["Yes", "No. You may not delete it."]
    client.post(address("delete", practice), FOLLOW)
    assert state_of(practice).keys() == RU


def test_who_may_not_move_a_page_there_learns_nothing_of_it(client: Client, made: dict[str, Any]) -> None:
    """Wagtail shows the screen to everybody, and refuses afterwards."""
    kazakhstan, georgia = make_country("KZ"), make_country("GE")
    own, other = make_country_page(country=kazakhstan), make_country_page(country=georgia)
    report = make_report(own, country=kazakhstan, slug="report")
    enter(client, Role.FOCAL_POINT)
    assert is_refused(client.get(address("move", report, other)))
    enter(client, "nobody")
    assert is_refused(client.get(address("move", made["draft"], made["place"])))


def test_a_translation_is_dealt_with_by_itself(client: Client, made: dict[str, Any]) -> None:
    page = made["public"]
    enter(client, Role.TRANSLATION_REVIEWER)
    client.post(address("unpublish", version(page, "ru")))
    assert public(page) == {"en", "kk"}
    assert is_refused(client.post(address("unpublish", version(page, "kk"))))
    assert is_refused(client.post(address("delete", version(page, "kk"))))
    assert public(page) == {"en", "kk"}
    assert index_page(PracticeIndexPage, "kk").live
    assert Page.objects.filter(pk=version(page, "ru").pk).exists()


def test_a_new_place_is_not_made_below_a_page_of_others(client: Client, made: dict[str, Any]) -> None:
    """Who may move a translation needs the right to add it where the new place would be."""
    version(made["place"], "kk").delete()
    user = User.objects.get(username="branch en")
    target = version(made["public"], "kk")
    for right in ("change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=right)
        GroupPagePermission.objects.create(group=user.groups.first(), page=target, permission=permission)
    enter(client, "branch en")
    _answers, rows = question(client, "move", made["public"], made["place"])
    assert [row[3] for row in rows] == ["No. Its new place is missing in this language.", "No. You may not move it."]
    assert is_refused(client.post(address("move", made["public"], version(made["place"], "ru")), FOLLOW))
    client.post(address("move", made["public"], made["place"]), FOLLOW)
    assert StandardPage.objects.get(slug="public").is_child_of(homes()["en"])
    assert set(versions(made["place"]).values_list("locale__language_code", flat=True)) == {"en", "ru"}
