"""Roles x pages x actions: what is allowed, what is refused, by reading and by sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page, PageLogEntry
from wagtail.permissions import policy_registry

from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign, install_roles
from cms.workflows.installation import install_workflow
from practices.models import PracticeIndexPage, PracticePage
from reports.models import CountryIndexPage, CountryPage, CountryReportPage, Measure
from tests.admin_forms import row_screen, screen
from tests.answers import queries
from tests.contracts.test_rights import is_refused
from tests.editing import add_url, edit_url, problems, send
from tests.factories.pages import make_country_page, make_news, make_practice, make_report
from tests.factories.site import index_page, translate
from tests.factories.statistics import make_measure
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = (
    "own practice",
    "other practice",
    "own report",
    "other report",
    "own profile",
    "other profile",
    "news",
    "practice in ru",
    "practice in kk",
)
STATES = ("live", "draft", "in-review")
REVIEW = ("approve", "reject", "assign")
NOBODY = "nobody"
EVERY = dict.fromkeys(PAGES, "publish")
# Which pages each role may edit, and which it may publish as well; with all others it may do nothing. The focal point
# is that of Kazakhstan, translator and reviewer are those of Russian. The practice that is translated is of Georgia.
MATRIX: dict[str, dict[str, str]] = {
    Role.ADMINISTRATOR: EVERY,
    Role.PUBLISHER: EVERY,
    Role.EDITOR: dict.fromkeys(PAGES, "edit"),
    Role.FOCAL_POINT: dict.fromkeys(("own practice", "own report", "own profile"), "edit"),
    Role.TRANSLATOR: {"practice in ru": "edit"},
    Role.TRANSLATION_REVIEWER: {"practice in ru": "publish"},
    Role.IDEA_MODERATOR: {},
    Role.DATA_MANAGER: {},
    Role.PARTNER_MANAGER: {},
    NOBODY: {},
}
# The screens of a page, and what somebody must be allowed to do with it to be shown them.
SCREENS = {
    "edit": "edit",
    "history": "edit",
    "usage": "edit",
    "view_draft": "edit",
    "unpublish": "publish",
    "set_privacy": "publish",
}


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> dict[Any, Any]:
    def make() -> dict[Any, Any]:
        install_roles()
        install_workflow()
        kazakhstan, georgia = make_country("KZ"), make_country("GE")
        found: dict[Any, Any] = {"measures": [make_measure(kazakhstan), make_measure(georgia)]}
        own, other = make_country_page(country=kazakhstan), make_country_page(country=georgia)
        for state in STATES:
            practice = make_practice(country=georgia, title="Translated", slug=f"translated-{state}")
            pages = [
                make_practice(country=kazakhstan, title="Own", slug=f"own-{state}"),
                make_practice(country=georgia, title="Other", slug=f"other-{state}"),
                make_report(own, country=kazakhstan, slug=f"own-report-{state}"),
                make_report(other, country=georgia, slug=f"other-report-{state}"),
                own,
                other,
                make_news(country=georgia, slug=f"news-{state}"),
                translate(practice, "ru", title="Перевод", slug=f"perevod-{state}"),
                translate(practice, "kk", title="Аударма", slug=f"audarma-{state}"),
            ]
            drafts = pages[:4] + pages[6:] if state != "live" else []
            for page in drafts:
                page.unpublish()
                if state == "in-review":
                    page.get_workflow().start(page, None)
            found |= {(state, name): page for name, page in zip(PAGES, pages, strict=True)}
        for role in MATRIX:
            make_member(role, kazakhstan)
        return found

    made: dict[Any, Any] = made_once(make)
    return made


def make_member(role: str, country: Any) -> User:
    user = User.objects.create_user(role, f"{role}@example.org", "a-long-enough-word")
    facts: dict[Any, Any] = {}
    if role == Role.FOCAL_POINT:
        facts["country"] = country
    if role in {Role.TRANSLATOR, Role.TRANSLATION_REVIEWER}:
        facts["language"] = "ru"
    if role != NOBODY:
        assign(user, [RoleAssignment(role=role, **facts)])
    return user


def member(role: str) -> User:
    return User.objects.get(username=role)


def enter(client: Client, role: str) -> Client:
    client.force_login(member(role))
    return client


def allowed(role: str, name: str) -> set[str]:
    right = MATRIX[role].get(name)
    return {"edit", "publish"} if right == "publish" else {right} if right else set()


def test_every_role_has_a_row() -> None:
    assert set(MATRIX) == {*Role, NOBODY}
    assert all(set(row) <= set(PAGES) for row in MATRIX.values())


@pytest.mark.parametrize("role", MATRIX)
def test_what_each_role_may_do_with_each_page(content: dict[Any, Any], role: str) -> None:
    user, policy = member(role), policy_registry.get_by_type(Page)
    wrong = []
    for state in STATES:
        for name in PAGES:
            page = Page.objects.get(pk=content[state, name].pk)
            rights = page.permissions_for_user(user)
            is_translation = name in {"practice in ru", "practice in kk"}
            if rights.can_publish() != (is_translation and "publish" in allowed(role, name)):
                wrong.append((state, name, "publish without review", rights.can_publish()))
            for action, codename in (("edit", "change"), ("publish", "publish")):
                answers = (
                    rights.can_edit() if action == "edit" else rights.can_unschedule(),
                    policy.user_has_permission_for_instance(user, codename, page),
                    policy.instances_user_has_permission_for(user, codename).filter(pk=page.pk).exists(),
                    user in policy.users_with_permission_for_instance(codename, page),
                )
                if set(answers) != {action in allowed(role, name)}:
                    wrong.append((state, name, action, answers))
    assert wrong == []


@pytest.mark.parametrize("role", MATRIX)
def test_each_screen_opens_for_those_who_may_and_for_no_one_else(
    client: Client, content: dict[Any, Any], role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whether a screen opens is settled before it is drawn, which takes most of the time.
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr(EditView, "get_context_data", lambda *_args, **_facts: {})
    enter(client, role)
    wrong = []
    for state in STATES:
        for name in PAGES:
            page = content[state, name]
            for kind, needed in SCREENS.items():
                if kind == "unpublish" and not page.live:
                    continue
                address = reverse(f"wagtailadmin_pages:{kind}", args=(page.pk,))
                may = needed in allowed(role, name)
                if is_refused(client.get(address)) == may:
                    wrong.append((state, name, kind, "GET"))
                if not may and kind != "view_draft" and not is_refused(client.post(address, {"title": "Intruder"})):
                    wrong.append((state, name, kind, "POST"))
    assert wrong == []
    assert not Page.objects.filter(title="Intruder").exists()


@pytest.mark.parametrize("role", MATRIX)
@pytest.mark.parametrize("action", REVIEW)
def test_reviews_are_decided_by_those_who_may_publish(
    client: Client, content: dict[Any, Any], role: str, action: str
) -> None:
    enter(client, role)
    wrong = []
    for name in PAGES:
        state = Page.objects.get(pk=content["in-review", name].pk).current_workflow_task_state
        if state is None:
            continue
        address = reverse("wagtailadmin_pages:workflow_action", args=(content["in-review", name].pk, action, state.pk))
        may = "publish" in allowed(role, name)
        if is_refused(client.get(address)) == may:
            wrong.append((name, "GET"))
        entries = PageLogEntry.objects.count()
        client.post(address, {"comment": "So", "assignee": "", "due": ""})
        if (PageLogEntry.objects.count() > entries) != may:
            wrong.append((name, "POST"))
    assert wrong == []


@pytest.mark.parametrize("role", MATRIX)
def test_nobody_sees_a_draft_that_is_none_of_theirs(client: Client, content: dict[Any, Any], role: str) -> None:
    """Not in the lists, not by search, not in the window of choice, not in the dashboard's history."""
    enter(client, role)
    seen = set(policy_registry.get_by_type(Page).explorable_instances(member(role)).values_list("pk", flat=True))
    hidden = [name for name in PAGES if not allowed(role, name) and "profile" not in name]
    assert [name for name in hidden if content["draft", name].pk in seen] == []
    assert [name for name in PAGES if allowed(role, name) and content["draft", name].pk not in seen] == []
    addresses = {
        "list": reverse("practices:index"),
        "export": f"{reverse('practices:index')}?export=csv",
        "search": f"{reverse('wagtailadmin_pages:search')}?q=translated",
        "chooser": f"{reverse('wagtailadmin_choose_page_child', args=(index_page(PracticeIndexPage).pk,))}",
        "chooser search": f"{reverse('wagtailadmin_choose_page_search')}?q=other",
        "history": reverse("wagtailadmin_reports:site_history"),
        "old pages": reverse("wagtailadmin_reports:aging_pages"),
    }
    for kind, address in addresses.items():
        response = client.get(address)
        text = b"".join(response).decode() if response.streaming else response.content.decode()
        for name in ("own practice", "other practice"):
            page = content["draft", name]
            marks = (f"/pages/{page.pk}/", page.slug)
            if not allowed(role, name):
                assert not any(mark in text for mark in marks), (kind, name)


def test_a_focal_point_writes_for_the_own_country_alone(client: Client, content: dict[Any, Any]) -> None:
    enter(client, Role.FOCAL_POINT)
    practices = index_page(PracticeIndexPage)
    kazakhstan, georgia = make_country("KZ"), make_country("GE")

    for country in (georgia.pk, ""):
        given = {"title": "Foreign", "slug": "foreign", "country": country}
        refused = send(client, add_url(practices, PracticePage), PracticePage, given)
        assert problems(refused) == {"country"}
    given = {"title": "Domestic", "slug": "domestic", "country": kazakhstan.pk}
    assert problems(send(client, add_url(practices, PracticePage), PracticePage, given)) == set()

    own = PracticePage.objects.get(slug="domestic")
    assert not own.live
    assert problems(send(client, edit_url(own), PracticePage, {"country": georgia.pk})) == {"country"}
    send(client, edit_url(own), PracticePage, {"title": "Published"}, "action-publish")
    assert not PracticePage.objects.get(pk=own.pk).live
    assert not PracticePage.objects.filter(slug="foreign").exists()
    for place, model in (
        (content["live", "other profile"], CountryReportPage),
        (index_page(CountryIndexPage), CountryPage),
    ):
        assert is_refused(client.get(add_url(place, model)))
        assert is_refused(client.post(add_url(place, model), {"title": "Intruder"}))
    assert client.get(add_url(content["live", "own profile"], CountryReportPage)).status_code == 200


def test_a_focal_point_keeps_the_measures_of_the_own_country(client: Client, content: dict[Any, Any]) -> None:
    enter(client, Role.FOCAL_POINT)
    own, other = content["measures"]
    listed = client.get(screen(Measure, "list")).content.decode()
    assert row_screen(own, "edit") in listed
    assert row_screen(other, "edit") not in listed
    for kind in ("edit", "usage", "history", "copy"):
        assert not is_refused(client.get(row_screen(own, kind))), kind
        assert is_refused(client.get(row_screen(other, kind))), kind
        assert is_refused(client.post(row_screen(other, kind), {"legal_act": "Intruder"})), kind
    assert is_refused(client.post(row_screen(own, "delete")))
    assert not Measure.objects.filter(legal_act="Intruder").exists()


def test_rights_over_many_pages_take_no_more_queries(client: Client, content: dict[Any, Any]) -> None:
    def add(number: int) -> None:
        practice = make_practice(country=make_country("KZ"), title=f"Counted {number}", slug=f"counted-{number}")
        translate(practice, "ru", title=f"Counted {number}", slug=f"counted-{number}")

    add(1)
    few = counted(client)
    for number in range(2, 12):
        add(number)
    many = counted(client)
    assert {which: (few[which], many[which]) for which in few if many[which] > few[which] + 1} == {}


def counted(client: Client) -> dict[tuple[str, str], int]:
    """How many questions the screens with many pages ask the database, by role and screen."""
    found: dict[tuple[str, str], int] = {}
    for role in (Role.EDITOR, Role.FOCAL_POINT, Role.TRANSLATION_REVIEWER):
        enter(client, role)
        language = "ru" if role == Role.TRANSLATION_REVIEWER else "en"
        addresses = {
            "list": f"{reverse('practices:index')}?locale={language}",
            "explorer": reverse("wagtailadmin_explore", args=(index_page(PracticeIndexPage, language).pk,)),
            "search": f"{reverse('wagtailadmin_pages:search')}?q=Counted",
        }
        for where, address in addresses.items():
            client.get(address)
            found[role, where] = queries(client, address)
    return found


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.TRANSLATION_REVIEWER])
def test_who_translates_writes_no_page_of_a_kind(client: Client, content: dict[Any, Any], role: str) -> None:
    enter(client, role)
    for language in ("en", "ru", "kk"):
        address = add_url(index_page(PracticeIndexPage, language), PracticePage)
        assert is_refused(client.get(address))
        assert is_refused(client.post(address, {"title": "Intruder", "slug": "intruder"}))
    assert not Page.objects.filter(title="Intruder").exists()


def test_two_roles_add_up(content: dict[Any, Any]) -> None:
    assign(
        member(NOBODY),
        [
            RoleAssignment(role=Role.FOCAL_POINT, country=make_country("KZ")),
            RoleAssignment(role=Role.TRANSLATION_REVIEWER, language="ru"),
        ],
    )
    user = member(NOBODY)
    rights = {name: content["draft", name].permissions_for_user(user) for name in PAGES}
    assert {name for name, one in rights.items() if one.can_edit()} == {
        "own practice",
        "own report",
        "own profile",
        "practice in ru",
    }
    assert {name for name, one in rights.items() if one.can_publish()} == {"practice in ru"}
