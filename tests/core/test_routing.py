"""Addresses lead where Wagtail's own walk down the tree leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page, Site

from cms.core import memory
from cms.core.routing import MAX_LEVELS, root_for_reader, route
from home.models import StandardPage
from practices.models import PracticeIndexPage
from tests.factories.pages import make_country_page, make_practice, make_report, make_standard_page
from tests.factories.site import homes, index_page, published, translate
from tests.factories.statistics import make_indicator

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def tree(site: Site) -> None:
    """Pages of several depths, some with the same slugs, in two languages; some are drafts."""
    practice = make_practice(slug="one-window")
    translate(practice, "ru", slug="odno-okno")
    make_report(make_country_page(slug="kz"), slug="report-2021")
    about = make_standard_page(slug="about")
    about.add_child(instance=StandardPage(title="Team", slug="team", summary="Who runs this.", locale=about.locale))
    about.add_child(
        instance=StandardPage(title="Draft", slug="draft", summary="Not yet.", live=False, locale=about.locale)
    )
    hidden = make_standard_page(slug="hidden")
    hidden.unpublish()
    hidden.add_child(instance=StandardPage(title="Below", slug="below", summary="Below a draft.", locale=about.locale))
    make_indicator("OXCGRT.C1")


PATHS = [
    "",
    "practices/",
    "practices/one-window/",
    "practices/one-window/more/",
    "practices/odno-okno/",
    "praktiki/",
    "countries/kz/",
    "countries/kz/report-2021/",
    "countries/report-2021/",
    "kz/",
    "about/team/",
    "about/draft/",
    "about/team/about/team/",
    "hidden/",
    "hidden/below/",
    "indicators/",
    "indicators/OXCGRT.C1/",
    "indicators/OXCGRT.C1/x/",
    "one-window/practices/",
    "nothing/" * (MAX_LEVELS + 5),
]


def found(result: Any) -> Any:
    """The page and the arguments of a result of routing, in comparable form."""
    if result is None:
        return None
    page, args, kwargs = result
    return page.pk, type(page), [getattr(arg, "__name__", arg) for arg in args], kwargs


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_every_address_leads_where_wagtail_leads(tree: None, language: str) -> None:
    for path in PATHS:
        ours, theirs = RequestFactory().get(f"/{language}/{path}"), RequestFactory().get(f"/{language}/{path}")
        with translation.override(language):
            expected = found(Page.route_for_request(theirs, path))
            root = root_for_reader()
            assert root is not None
            assert found(route(root, ours, [part for part in path.split("/") if part])) == expected, path


def test_a_long_way_takes_as_many_queries_as_a_short_one(tree: None) -> None:
    def asked(path: str) -> int:
        request = RequestFactory().get(f"/en/{path}")
        root = root_for_reader()
        assert root is not None
        with memory.checked_once(), CaptureQueriesContext(connection) as captured:
            assert route(root, request, path.split("/"))
        return len(captured)

    asked("about")
    assert asked("about") == asked("countries/kz/report-2021") == 3


def test_breadcrumbs_leave_out_drafts_on_the_way(client: Client, tree: None) -> None:
    html = client.get("/en/hidden/below/").content.decode()
    assert "/en/hidden/below/" in html
    assert 'href="/en/hidden/"' not in html


def test_several_sites_are_told_apart_by_wagtail(client: Client, tree: None) -> None:
    own = homes()["en"].add_child(
        instance=StandardPage(title="Other site", slug="other", summary="Another.", locale=homes()["en"].locale)
    )
    Site.objects.create(hostname="other.example.org", root_page=own)
    assert root_for_reader() is None
    assert client.get("/en/practices/one-window/").status_code == 200
    assert "Other site" in client.get("/en/", headers={"host": "other.example.org"}).content.decode()


def test_a_home_page_that_is_a_draft_sends_readers_to_the_sites_own(client: Client, tree: None) -> None:
    russian = homes()["ru"]
    russian.unpublish()
    with translation.override("ru"):
        assert root_for_reader().pk == homes()["en"].pk  # type: ignore[union-attr]  # there is one site
        theirs = Page.route_for_request(RequestFactory().get("/ru/"), "")
    assert theirs is not None
    assert theirs[0].pk == homes()["en"].pk


def test_a_renamed_list_is_found_at_its_new_address_at_once(client: Client, tree: None) -> None:
    assert client.get("/en/practices/one-window/").status_code == 200
    practices = index_page(PracticeIndexPage)
    practices.slug = "catalogue"
    published(practices)
    assert client.get("/en/practices/one-window/").status_code in {301, 302, 404}
    assert client.get("/en/catalogue/one-window/").status_code == 200
