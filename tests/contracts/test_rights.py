"""Who may do what in the administration: a table of roles and screens, asked for by GET and by POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, WorkflowPage

from cms.users.models import User
from practices.models import PracticeAdaptation, PracticeIndexPage, PracticePage
from reports.models import CountryPage, CountryReportPage, ImportRun, Indicator, Measure, Observation
from taxonomy.models import Concept, Country, Organisation, Theme
from tests.admin_forms import row_screen, screen
from tests.editing import add_url, edit_url, problems, rendered_data, send
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_adaptation, make_country_page, make_news, make_practice, make_report
from tests.factories.site import index_page
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

WORD = "a-long-enough-word"
SNIPPETS: tuple[Any, ...] = (Country, Theme, Concept, Organisation, Indicator, Measure, PracticeAdaptation)
ACTIONS = ("view", "add", "change", "delete")


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> dict[Any, Any]:
    """A row of every vocabulary and record, a page of two countries, and a member of staff for each role."""

    def make() -> dict[Any, Any]:
        country, indicator = make_country("KZ"), make_indicator()
        practice = make_practice()
        observe(indicator, country, {"2021-01-01": 1})
        rows = [country, make_theme(), make_concept(), make_organisation(), indicator, make_measure(country)]
        found: dict[Any, Any] = {type(row): row for row in [*rows, make_adaptation(practice)]}
        kazakhstan, georgia = make_country_page(country=country), make_country_page(country=make_country("GE"))
        found |= {"practice": practice, "news": make_news(), "KZ": kazakhstan, "GE": georgia}
        found |= {"report": make_report(kazakhstan), "import": ImportRun.objects.create(file_name="a.csv", profile="x")}
        found |= {"image": make_image(), "document": make_document()}
        make_staff(kazakhstan)
        return found

    made: dict[Any, Any] = made_once(make)
    return made


def make_staff(profile: Any) -> None:
    """The two groups that come with Wagtail, a focal point of one country, and somebody who may only look."""
    for name, group in (("editor", "Editors"), ("moderator", "Moderators")):
        person(name).groups.add(Group.objects.get(name=group))
    focal = Group.objects.create(name="Focal point")
    focal.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=focal, page=profile, permission=permission)
    person("focal").groups.add(focal)
    person("guest").user_permissions.add(Permission.objects.get(codename="access_admin"))
    person("stranger")


def person(name: str) -> User:
    return User.objects.create_user(name, f"{name}@example.org", WORD)


def enter(client: Client, name: str) -> Client:
    client.force_login(User.objects.get(username=name))
    return client


def grant(name: str, model: Any, action: str) -> None:
    codename = f"{action}_{model._meta.model_name}"
    permission = Permission.objects.get(codename=codename, content_type__app_label=model._meta.app_label)
    User.objects.get(username=name).user_permissions.add(permission)


def is_refused(response: Any) -> bool:
    """Sent away to the dashboard, to the sign-in or with an error: not shown and not carried out."""
    if response.status_code in {403, 404}:
        return True
    home, sign_in = reverse("wagtailadmin_home"), reverse("wagtailadmin_login")
    return response.status_code == 302 and response["Location"].split("?")[0] in {home, sign_in}


def screens_of(model: Any, row: Any) -> dict[str, str]:
    return {
        "list": screen(model, "list"),
        "add": screen(model, "add"),
        "edit": row_screen(row, "edit"),
        "delete": row_screen(row, "delete"),
        "usage": row_screen(row, "usage"),
        "history": row_screen(row, "history"),
    }


@pytest.mark.parametrize("name", ["editor", "moderator", "focal", "guest", "stranger"])
def test_no_screen_of_facts_opens_or_acts_without_the_right(client: Client, content: Any, name: str) -> None:
    enter(client, name)
    wrong = []
    for model in SNIPPETS:
        before = list(model.objects.order_by("pk").values())
        for kind, url in screens_of(model, content[model]).items():
            answers = [client.get(url), client.post(url, {"code": "X"})]
            wrong += [(model.__name__, kind, answer.status_code) for answer in answers if not is_refused(answer)]
        assert list(model.objects.order_by("pk").values()) == before
    assert wrong == []


# Which screens each permission opens, and those alone.
OPENED = {
    "view": {"list", "history"},
    "add": {"list", "add"},
    "change": {"list", "edit", "history", "usage"},
    "delete": {"list", "delete"},
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("model", [Theme, Measure, PracticeAdaptation], ids=lambda model: model.__name__)
def test_each_permission_opens_its_own_screens(client: Client, content: Any, model: Any, action: str) -> None:
    grant("guest", model, action)
    enter(client, "guest")
    screens = screens_of(model, content[model])
    opened = {kind for kind in ("list", "add", "edit", "delete") if not is_refused(client.get(screens[kind]))}
    assert opened == OPENED[action] & set(screens) - {"history", "usage"}
    others = [one for one in SNIPPETS if one is not model]
    assert [one.__name__ for one in others if not is_refused(client.get(screen(one, "list")))] == []


def test_a_chooser_shows_rows_to_whoever_edits_pages_and_adds_none_without_the_right(
    client: Client, content: Any
) -> None:
    enter(client, "editor")
    chooser = Organisation.snippet_viewset.chooser_viewset
    create = reverse(chooser.get_url_name("create"))
    given = {"name": "Intruders", "language": "en", "kind": "ministry"}
    assert client.get(reverse(chooser.get_url_name("choose_results"))).status_code == 200
    answer = client.post(create, {f"new-organisation-{name}": value for name, value in given.items()})
    assert answer.status_code in {302, 403, 404}
    assert not Organisation.objects.filter(labels__label="Intruders").exists()


@pytest.mark.parametrize("name", ["editor", "focal", "guest", "stranger"])
def test_records_of_imports_open_for_nobody_without_the_right_to_see_them(
    client: Client, content: Any, name: str
) -> None:
    enter(client, name)
    observation = Observation.objects.get()
    for address in ("/admin/observations/", "/admin/imports/"):
        assert is_refused(client.get(address))
    assert is_refused(client.get(reverse("observations:inspect", args=(observation.pk,))))
    assert is_refused(client.get(reverse("imports:inspect", args=(content["import"].pk,))))
    assert is_refused(client.post(reverse("observations:delete", args=(observation.pk,))))


def test_an_editor_writes_drafts_and_publishes_nothing(client: Client, content: Any) -> None:
    enter(client, "editor")
    url = add_url(index_page(PracticeIndexPage), PracticePage)

    send(client, url, PracticePage, {"title": "Begun", "slug": "begun"}, "action-publish")
    changed = send(client, edit_url(content["news"]), type(content["news"]), {"title": "Altered"}, "action-publish")

    assert not PracticePage.objects.filter(live=True, slug="begun").exists()
    assert changed.status_code in {200, 302}
    content["news"].refresh_from_db()
    assert content["news"].title == "Handbook published"
    for action in ("unpublish", "delete"):
        client.post(reverse(f"wagtailadmin_pages:{action}", args=(content["news"].pk,)))
    assert type(content["news"]).objects.get(pk=content["news"].pk).live


@pytest.mark.parametrize("is_reviewed", [True, False])
def test_a_moderator_publishes_only_what_no_colleague_has_to_review(
    client: Client, content: Any, is_reviewed: bool
) -> None:
    enter(client, "moderator")
    news = content["news"]
    if not is_reviewed:
        WorkflowPage.objects.all().delete()

    send(client, edit_url(news), type(news), {"title": "Reworded"}, "action-publish")
    renamed = type(news).objects.get(pk=news.pk)
    client.post(reverse("wagtailadmin_pages:unpublish", args=(news.pk,)))

    assert (renamed.title == "Reworded", renamed.live) == (not is_reviewed, True)
    assert not type(news).objects.get(pk=news.pk).live


def test_a_focal_point_works_on_one_country_only(client: Client, content: Any) -> None:
    enter(client, "focal")
    own, other = content["KZ"], content["GE"]

    written = send(client, add_url(own, CountryReportPage), CountryReportPage, {"title": "Report", "slug": "report-22"})

    assert problems(written) == set()
    assert CountryReportPage.objects.get(slug="report-22").get_parent().specific == own
    for address in (edit_url(other), edit_url(content["practice"]), add_url(other, CountryReportPage)):
        assert is_refused(client.get(address)), address
        assert is_refused(client.post(address, {"title": "Intruder", "slug": "intruder"})), address
    assert not Page.objects.filter(title="Intruder").exists()
    assert client.get(edit_url(content["report"])).status_code == 200
    assert is_refused(client.get(reverse("wagtailadmin_pages:delete", args=(other.pk,))))


def test_a_focal_point_takes_no_page_out_of_the_own_country(client: Client, content: Any) -> None:
    enter(client, "focal")
    report = content["report"]
    move = reverse("wagtailadmin_pages:move_confirm", args=(report.pk, content["GE"].pk))
    assert is_refused(client.post(move))
    assert CountryReportPage.objects.get(pk=report.pk).get_parent().specific == content["KZ"]


def test_nobody_alters_a_page_by_sending_more_than_the_form_has(client: Client, content: Any) -> None:
    enter(client, "focal")
    profile = content["KZ"]
    data = rendered_data(client, edit_url(profile), CountryPage)
    extra = {"live": "on", "owner": "1", "path": "0001", "source_language": "ar", "locale": "2", "is_superuser": "on"}

    client.post(edit_url(profile), data | extra | {"title": "Kazakhstan again"})

    draft = CountryPage.objects.get(pk=profile.pk).get_latest_revision_as_object()
    assert draft.title == "Kazakhstan again"
    for name in ("path", "source_language", "locale_id", "owner_id"):
        assert getattr(draft, name) == getattr(profile, name), name


SETTINGS_SCREENS = [
    "wagtailusers_users:index",
    "wagtailusers_users:add",
    "wagtailusers_groups:index",
    "wagtailusers_groups:add",
    "wagtailsites:index",
    "wagtailadmin_collections:index",
    "wagtailadmin_workflows:index",
    "wagtailredirects:index",
    "wagtaillocales:index",
]


@pytest.mark.parametrize("name", ["editor", "focal", "guest"])
def test_settings_are_for_administrators(client: Client, content: Any, name: str) -> None:
    enter(client, name)
    opened = [name for name in SETTINGS_SCREENS if not is_refused(client.get(reverse(name)))]
    assert opened == []
    html = client.get(reverse("wagtailadmin_home")).text
    assert [name for name in SETTINGS_SCREENS if reverse(name) in html] == []


def test_nobody_raises_the_own_rights(client: Client, content: Any) -> None:
    enter(client, "editor")
    editor = User.objects.get(username="editor")
    given = {"is_superuser": "on", "is_staff": "on", "groups": [str(group.pk) for group in Group.objects.all()]}
    for address in (
        reverse("wagtailusers_users:edit", args=(editor.pk,)),
        reverse("wagtailadmin_account"),
        reverse("wagtailusers_users:add"),
    ):
        client.post(address, {"username": "editor", "email": "editor@example.org", **given})
    editor.refresh_from_db()
    assert not editor.is_superuser
    assert [group.name for group in editor.groups.all()] == ["Editors"]


@pytest.mark.parametrize("name", ["guest", "focal"])
def test_pictures_and_documents_are_changed_by_those_who_may(client: Client, content: Any, name: str) -> None:
    enter(client, name)
    for kind in ("image", "document"):
        prefix = {"image": "wagtailimages", "document": "wagtaildocs"}[kind]
        row = content[kind]
        addresses = [reverse(f"{prefix}:edit", args=(row.pk,)), reverse(f"{prefix}:delete", args=(row.pk,))]
        for address in [*addresses, reverse(f"{prefix}:add_multiple")]:
            assert is_refused(client.get(address)), address
            assert is_refused(client.post(address, {"title": "Intruder"})), address
        assert type(row).objects.get(pk=row.pk).title == row.title


def test_everything_in_the_administration_asks_for_a_sign_in(client: Client, content: Any) -> None:
    addresses = [
        reverse("wagtailadmin_home"),
        edit_url(content["practice"]),
        reverse("practices:index"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailimages:index"),
        reverse("wagtaildocs:index"),
        reverse("wagtailadmin_account"),
        *(screen(model, "list") for model in SNIPPETS),
        *(row_screen(content[model], "delete") for model in SNIPPETS),
    ]
    for address in addresses:
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, address
            assert answer["Location"].startswith("/admin/login/?next=/admin/"), address
