"""Roles x screens of records: which opens and acts for whom. Every screen of the project stands in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from cms.partners.models import PartnerKey
from cms.partners.services import issue
from cms.translation.models import GlossaryTerm
from cms.users.choices import Role
from cms.users.models import User
from cms.users.services import install_roles
from practices.models import PracticeAdaptation
from reports.models import ImportRun, Indicator, Measure, Observation
from taxonomy.models import Concept, Country, Organisation, Theme
from tests.admin_lists import rows as rows_of
from tests.contracts.sources import DOMAINS
from tests.contracts.test_permission_matrix import MATRIX, NOBODY, enter, make_member
from tests.contracts.test_rights import is_refused
from tests.delivery.test_screens import WEBHOOK_SCREENS
from tests.factories.pages import make_adaptation, make_practice
from tests.factories.statistics import make_indicator, make_measure, observe
from tests.factories.vocabularies import make_concept, make_country, make_organisation, make_theme
from tests.users.test_account_pages import ACCOUNT_PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db

SEE, KEEP, ALL = {"view"}, {"view", "add", "change"}, {"view", "add", "change", "delete"}
# What each role may do with the records of the country for which the focal point is; everybody else nothing.
RECORDS: dict[Any, dict[str, set[str]]] = {
    Country: {Role.ADMINISTRATOR: ALL},
    Theme: {Role.ADMINISTRATOR: ALL, Role.PUBLISHER: KEEP},
    Concept: {Role.ADMINISTRATOR: ALL},
    Organisation: {
        Role.ADMINISTRATOR: ALL,
        Role.PUBLISHER: KEEP,
        Role.EDITOR: KEEP,
        Role.DATA_MANAGER: KEEP,
    },
    Indicator: {Role.ADMINISTRATOR: ALL, Role.PUBLISHER: SEE, Role.DATA_MANAGER: KEEP},
    Measure: {
        Role.ADMINISTRATOR: ALL,
        Role.PUBLISHER: ALL,
        Role.EDITOR: KEEP,
        Role.FOCAL_POINT: KEEP,
        Role.DATA_MANAGER: KEEP,
    },
    PracticeAdaptation: {Role.ADMINISTRATOR: ALL, Role.PUBLISHER: ALL, Role.EDITOR: KEEP},
    GlossaryTerm: {
        Role.ADMINISTRATOR: ALL,
        Role.PUBLISHER: KEEP,
        Role.EDITOR: SEE,
        Role.TRANSLATOR: SEE,
        Role.TRANSLATION_REVIEWER: ALL,
    },
    Observation: {Role.ADMINISTRATOR: SEE, Role.DATA_MANAGER: SEE, Role.FOCAL_POINT: SEE},
    ImportRun: {Role.ADMINISTRATOR: SEE, Role.DATA_MANAGER: SEE},
    User: {Role.ADMINISTRATOR: ALL},
    PartnerKey: {Role.ADMINISTRATOR: KEEP, Role.PARTNER_MANAGER: KEEP},
}
# By the last part of its name, what a screen asks for: any of these.
NEEDED = {
    "list": ALL,
    "list_results": ALL,
    "index": ALL,
    "index_results": ALL,
    "add": {"add"},
    "copy": {"add"},
    "edit": {"change"},
    "delete": {"delete"},
    "usage": {"change"},
    "history": {"add", "change", "delete"},
    "history_results": {"add", "change", "delete"},
    "inspect": ALL,
    "invite": {"change"},
    "reset_second_factor": {"change"},
    "lift_lock_out": {"change"},
    "revoke": {"change"},
}
# Screens that stand for themselves: who may open them, or, where that is no screen, send to them.
SINGLE: dict[str, set[str]] = {
    "background_queue": {Role.ADMINISTRATOR},
    "background_queue_results": {Role.ADMINISTRATOR},
    "background_retry": {Role.ADMINISTRATOR},
    "statistics_uploads": {Role.ADMINISTRATOR, Role.DATA_MANAGER, Role.FOCAL_POINT},
    "statistics_enter": {Role.ADMINISTRATOR, Role.DATA_MANAGER, Role.FOCAL_POINT},
}
WRITERS = {Role.ADMINISTRATOR, Role.PUBLISHER, Role.EDITOR, Role.FOCAL_POINT}
TRANSLATORS = {Role.TRANSLATOR, Role.TRANSLATION_REVIEWER}
for lists in ("translation_matrix", "translation_requests"):
    SINGLE[lists] = SINGLE[f"{lists}_results"] = WRITERS | TRANSLATORS | {Role.IDEA_MODERATOR}
SINGLE["wagtailadmin_account"] = {*MATRIX} - {NOBODY}
ONLY_SENT = {"background_retry"}
# Open to all who may enter the administration: rows to choose from, all of them public. `create` asks for "add".
CHOICES = {"choose", "choose_results", "chosen", "chosen_multiple"}
# Lists of pages: `test_permission_matrix` looks into what they show.
LISTS = {"practices", "country-profiles", "country-reports", "news", "events", "published-ideas"}
PICTURES = "wagtailimages_chooser"
PUBLIC = {
    "clearance",
    "clearance_page",
    "clearance_done",
    "notifications_stop",
    "health",
    "worker_health",
    "wagtaildocs_serve",
    "robots",
    "sitemap",
    "sitemap_section",
    "social_card",
    "search",
    "feed",
    "events_calendar",
    "event_file",
    "indicator_csv",
    "indicator_figure",
    "indicator_json",
    "indicator_metadata",
    "indicator_picture",
    "indicator_xlsx",
    "practice_contact",
    "practice_contact_sent",
    # Of ideas: the secret in the address is the right; tests/ideas/test_views.py asks them.
    "idea_form",
    "idea_sent",
    "idea_status",
    "idea_confirm",
    "idea_withdraw",
    "idea_erase",
    "idea_data",
    "idea_similar",  # public pages alone: tests/ideas/test_similarity.py
    # Of moderators: tests/ideas/test_screens.py asks them by role.
    "ideas:index",
    "ideas:index_results",
    "ideas:inspect",
    "ideas:reveal",
    "ideas:erase",
    "ideas:step",
    "ideas:judge",  # tests/ideas/test_judging.py
    "ideas:monthly",  # tests/ideas/test_monthly.py
    "ideas:personal_data",  # tests/ideas/test_exports.py
    "ideas:attachment",
    "wagtail_serve",
    "style_guide",
    "",
    "changes",
    # Of webhooks: tests/delivery/test_screens.py has the table of who may see which.
    *(f"webhooks:{screen}" for screen in WEBHOOK_SCREENS),
    # Of translation: test_requests.py, test_files.py, test_rights.py, test_editor.py, test_machine_requests.py there.
    "translation_segment",
    "translation_machine",
    "translation_request",
    "translation_progress",
    "translation_po",
    "translation_xliff",
    "translation_page_xliff",
    "translation_files_upload",
    # Of files of statistics: tests/reports/importers/test_screens.py asks them.
    "statistics_upload",
    "statistics_import",
    "statistics_rejects",
    "statistics_template",
    # Of accounts: tests/users/test_account_pages.py has the table of who may see which.
    "wagtailadmin_login",
    "wagtailcore_login",
    *ACCOUNT_PAGES,
}


def views_of_ours() -> Iterator[tuple[str, Any]]:
    """Full name and model of every view that the project wrote, or that shows a model of the project."""

    def walk(resolver: Any, spaces: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for pattern in resolver.url_patterns:
            if not isinstance(pattern, URLPattern):
                yield from walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
                continue
            callback: Any = pattern.callback
            while hasattr(callback, "__wrapped__") and not hasattr(callback, "view_class"):
                callback = callback.__wrapped__
            model = getattr(callback, "view_initkwargs", {}).get("model")
            owners = [getattr(callback, "view_class", callback).__module__, getattr(model, "__module__", "")]
            if any(owner.partition(".")[0] in {"cms", *DOMAINS} for owner in owners):
                yield ":".join([*spaces, pattern.name or ""]), None if isinstance(model, str) else model

    return walk(get_resolver(), ())


def screens_of(model: Any) -> dict[str, str]:
    """Last part and full name of the screens of a model."""
    names = [name for name, shown in views_of_ours() if shown is model and "choosers" not in name]
    return {name.rpartition(":")[2]: name for name in names}


def test_every_view_of_the_project_stands_in_a_table() -> None:
    unknown = []
    for name, model in views_of_ours():
        space, _colon, last = name.rpartition(":")
        if "chooser" in space:
            is_known = last in {*CHOICES, "create", "select_format"}
        elif model in RECORDS:
            is_known = last in NEEDED
        else:
            is_known = space in LISTS or name in PUBLIC or name in SINGLE or name.startswith("api_")
        if not is_known:
            unknown.append(name)
    assert unknown == []


@pytest.fixture(scope="module")
def rows(made_once: Callable[[Callable[[], Any]], Any]) -> dict[Any, Any]:
    def make() -> dict[Any, Any]:
        install_roles()
        country, indicator = make_country("KZ"), make_indicator()
        observe(indicator, country, {"2021-01-01": 1})
        for role in MATRIX:
            make_member(role, country)
        found = [country, indicator, make_theme(), make_concept(), make_organisation(), make_measure(country)]
        found += [GlossaryTerm.objects.create(), issue(name="Partner")[0]]
        found += [make_adaptation(make_practice()), Observation.objects.get()]
        found += [ImportRun.objects.create(file_name="a.csv", profile="x"), User.objects.get(username=NOBODY)]
        return {type(row): row for row in found}

    made: dict[Any, Any] = made_once(make)
    return made


def address_of(name: str, row: Any) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, args=(row.pk,))


@pytest.mark.one_database
@pytest.mark.parametrize("role", MATRIX)
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_screen_opens_for_those_who_may_and_for_no_one_else(
    client: Client, rows: dict[Any, Any], model: Any, role: str
) -> None:
    enter(client, role)
    rights = RECORDS[model].get(role, set())
    before = list(model.objects.order_by("pk").values())
    wrong = []
    for last, name in screens_of(model).items():
        address, may = address_of(name, rows[model]), bool(NEEDED[last] & rights)
        if is_refused(client.get(address)) == may:
            wrong.append((last, "GET", may))
        if not may and not is_refused(client.post(address, {"code": "X", "username": "intruder"})):
            wrong.append((last, "POST", may))
    assert wrong == []
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("role", MATRIX)
@pytest.mark.parametrize("name", SINGLE)
def test_a_single_screen_opens_for_those_who_may(client: Client, rows: dict[Any, Any], name: str, role: str) -> None:
    enter(client, role)
    may = role in SINGLE[name]
    answer = client.post(reverse(name)) if name in ONLY_SENT else client.get(reverse(name))
    assert is_refused(answer) != may


@pytest.mark.parametrize("role", MATRIX)
def test_who_enters_the_administration_chooses_and_adds_only_with_the_right(
    client: Client, rows: dict[Any, Any], role: str
) -> None:
    enter(client, role)
    wrong = []
    for name, model in views_of_ours():
        space, _colon, last = name.rpartition(":")
        if "snippetchoosers" not in space or last not in {"choose", "create"}:
            continue
        may = role != NOBODY and (last == "choose" or "add" in RECORDS[model].get(role, set()))
        if last == "choose" and is_refused(client.get(reverse(name))) == may:
            wrong.append((name, may))
        if not may and not is_refused(client.post(reverse(name), {"label": "Intruder"})):
            wrong.append((f"{name} POST", may))
    assert wrong == []


def test_a_focal_point_sees_the_figures_of_the_own_country_alone(client: Client, rows: dict[Any, Any]) -> None:
    own, indicator = rows[Observation], rows[Indicator]
    observe(indicator, make_country("GE"), {"2021-01-01": 2})
    other = Observation.objects.exclude(pk=own.pk).get()
    enter(client, Role.FOCAL_POINT)
    screens = screens_of(Observation)
    inspect = screens["inspect"]
    countries = {cell for row in rows_of(client, reverse(screens["index"])) for cell in row[1:2]}
    assert countries == {"Kazakhstan"}

    assert not is_refused(client.get(reverse(inspect, args=(own.pk,))))
    assert is_refused(client.get(reverse(inspect, args=(other.pk,))))
