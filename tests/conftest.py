"""Fixtures for all tests.

The site (home and index pages in English, Russian and Kazakh) is built once per session, below the transaction of each
test. A test that flushes the database, such as one with a live server, finds it built again.
"""

from __future__ import annotations

import gc
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.template import Template
from django.test.signals import template_rendered
from django.urls import get_resolver
from django.utils import translation
from wagtail.models import Collection, Locale, Page, Site

from cms.core import commits, memory
from cms.delivery import answers
from tests.factories.site import build_site, homes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.template import Context
    from django.test import Client


SAME_ON_EVERY_DATABASE = (
    "tests/contracts/test_api_baselines",
    "tests/contracts/test_bad",
    "tests/contracts/test_bulk_actions",
    "tests/contracts/test_catalogues",
    "tests/contracts/test_documentation",
    "tests/contracts/test_hidden_pages",
    "tests/contracts/test_permission_matrix",
    "tests/contracts/test_query_baselines",
    "tests/contracts/test_rendered_pages",
    "tests/contracts/test_rights",
    "tests/contracts/test_screen_matrix",
    "tests/core/test_blocks",
    "tests/core/test_display_tags",
    "tests/core/test_editing",
    "tests/core/test_errors",
    "tests/core/test_links",
    "tests/core/test_middleware",
    "tests/core/test_missing_pages",
    "tests/core/test_ornament",
    "tests/core/test_pictures",
    "tests/core/test_publishing",
    "tests/core/test_routing",
    "tests/core/test_site_tags",
    "tests/core/test_structured_data",
    "tests/core/test_templates",
    "tests/core/test_views",
    "tests/home/test_demo",
    "tests/home/test_figures",
    "tests/home/test_load",
    "tests/home/test_templates",
    "tests/home/test_viewsets",
    "tests/ideas/test_abuse",
    "tests/ideas/test_forms",
    "tests/ideas/test_links_of_submitters",
    "tests/ideas/test_looking",
    "tests/ideas/test_mails",
    "tests/ideas/test_screens",
    "tests/ideas/test_transitions",
    "tests/ideas/test_views",
    "tests/integration/test_bad_input",
    "tests/integration/test_nothing_leaks",
    "tests/media/",
    "tests/news/test_structured_data",
    "tests/news/test_templates",
    "tests/practices/test_templates",
    "tests/reports/importers/test_bad_files",
    "tests/reports/importers/test_reasons",
    "tests/reports/importers/test_refusals",
    "tests/reports/importers/test_screens",
    "tests/reports/importers/test_template",
    "tests/reports/test_charts",
    "tests/reports/test_editions_charts",
    "tests/reports/test_structured_data",
    "tests/reports/test_templates",
    "tests/reports/test_wording",
    "tests/scripts/",
    "tests/translation/test_editor",
    "tests/translation/test_exchange",
    "tests/translation/test_files",
    "tests/translation/test_lifecycle_bulk",
    "tests/translation/test_lifecycle_rights",
    "tests/translation/test_localize",
    "tests/translation/test_places",
    "tests/translation/test_readers",
    "tests/translation/test_viewsets",
    "tests/users/",
    "tests/workflows/test_dashboard",
    "tests/workflows/test_forms",
    "tests/workflows/test_random_walks",
)
# What takes longest, most of it because it shares content that takes long to make.
LONGEST = (
    "tests/browser/",
    "tests/contracts/test_openapi",
    "tests/contracts/test_migrations",
    "tests/contracts/test_permission_matrix",
    "tests/delivery/test_random_walks",
    "tests/api/test_parameters",
    "tests/ideas/test_random_walks",
    "tests/translation/test_random_walks",
    "tests/workflows/test_random_walks",
    "tests/contracts/test_screen_matrix",
    "tests/integration/",
    "tests/translation/test_exchange",
    "tests/search/test_fallbacks",
    "tests/home/test_demo",
    "tests/home/test_load",
    "tests/delivery/",
    "tests/ideas/test_flood",
)
ASK_A_DATABASE = {"db", "transactional_db", "made_once"}

# Of the objects that tests make, few are garbage in cycles: looking for these seldom saves a tenth of the time.
gc.set_threshold(200_000, 20, 20)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: an archive holds the time when it was written, and every process must find the same names."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Mark what belongs together and what one database shows; several processes begin with what takes longest."""
    mark(items)
    yield
    if hasattr(config, "workerinput"):
        items.sort(key=rank)


def rank(item: pytest.Item) -> tuple[bool, bool]:
    """Behind all others what empties the database, after which content must be made anew; the longest first."""
    marker = item.get_closest_marker("django_db")
    empties = bool(marker and marker.kwargs.get("transaction"))
    return empties, not item.nodeid.startswith(LONGEST)


def mark(items: list[pytest.Item]) -> None:
    """Of tests that share content, or the running site, the same process runs all, so that it is made once indeed.

    What asks no database is the same on every one, and run with the first; so is what is about rights, forms and words,
    whose queries others ask as well.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "made_once" in fixtures:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
        elif item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        asks = fixtures & ASK_A_DATABASE or item.get_closest_marker("django_db")
        if not asks or item.nodeid.startswith(SAME_ON_EVERY_DATABASE):
            item.add_marker(pytest.mark.one_database)


@pytest.fixture(scope="session", autouse=True)
def pages_as_a_whole(django_test_environment: None) -> Iterator[None]:
    """Of a page, tests see the context of the template that was asked for.

    Django's own instrumentation copies those of the hundreds of templates within it as well, in an eighth of the time.
    """
    rendering: list[Template] = []

    def render(template: Template, context: Context) -> str:
        if rendering:
            return template.nodelist.render(context)
        rendering.append(template)
        try:
            template_rendered.send(sender=template, template=template, context=context)
            return template.nodelist.render(context)
        finally:
            rendering.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> None:
    """With `--reuse-db`, SQLite's test database is a file beside the usual one: the next session need not migrate.

    Where `TEST_TEMPLATE` names a migrated database, the test database of each process begins as its copy.
    """
    database, template = connection.settings_dict, os.environ.get("TEST_TEMPLATE")
    if template and connection.vendor == "postgresql":
        database["TEST"]["TEMPLATE"] = template
    elif request.config.getvalue("reuse_db") and connection.vendor == "sqlite":
        name = f"{template or database['NAME']}-test{os.environ.get('PYTEST_XDIST_WORKER', '')}"
        if template:
            shutil.copyfile(template, name)
        database["TEST"]["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        if not homes():
            build_site()
        # The administration registers its screens when the addresses are first asked for.
        assert get_resolver().url_patterns


@pytest.fixture(scope="session", autouse=True)
def media_folder() -> Iterator[None]:
    """The folders that `cms.settings.test` makes for uploads, removed after the session."""
    yield
    for folder in (settings.MEDIA_ROOT, settings.STORAGES["private"]["OPTIONS"]["location"]):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Nothing kept in memory, and English as the active language, whatever ran before."""
    cache.clear()
    memory.forget()
    answers.forget()
    with translation.override("en"):
        yield
    commits.watch.close()  # a database that somebody is connected to cannot be removed


@pytest.fixture
def site(db: None) -> Site:
    if not homes():
        build_site()
    return Site.objects.get(is_default_site=True)


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Content that the tests of a module share: `made_once(make)` calls `make` below the transaction of each test.

    What a test changes in the database is undone after it; what it changes in the objects themselves is not.
    """
    outer = transaction.atomic()
    with django_db_blocker.unblock():
        outer.__enter__()
        if not homes():
            build_site()

    def make_below(make: Callable[[], Any]) -> Any:
        with django_db_blocker.unblock(), translation.override("en"):
            cache.clear()
            memory.forget()
            return make()

    yield make_below
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def fresh_installation(db: None) -> None:
    """The database as `migrate` leaves it: one language, Wagtail's welcome page, no page of the project."""
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.specific.delete()
    Locale.objects.exclude(language_code=settings.LANGUAGE_CODE).delete()
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")  # none is left after a real commit
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    welcome = root.add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="welcome"))
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)


@pytest.fixture
def read(client: Client, site: Site) -> Callable[..., BeautifulSoup]:
    """Open an address of the public site, and get the page that a reader sees."""

    def open_address(address: str, **query: str | list[str]) -> BeautifulSoup:
        response = client.get(address, query)
        assert response.status_code == 200
        return BeautifulSoup(response.content.decode(), "html5lib")

    return open_address
