"""The frame of every public page: languages, menus, breadcrumbs and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.template import Context
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import translation
from wagtail.models import PageViewRestriction

from cms.core import memory
from cms.core.addresses import page_path
from cms.core.templatetags import site_tags
from practices.models import PracticeIndexPage
from reports.models import IndicatorIndexPage
from tests.factories.pages import make_practice, make_standard_page
from tests.factories.site import homes, index_page, translate

if TYPE_CHECKING:
    from wagtail.models import Site


def context(path: str, page: Any = None) -> Context:
    values = {"request": RequestFactory().get(path)}
    return Context(values | {"page": page} if page else values)


def at(page: Any) -> Context:
    """The context of a page where it is shown to readers of the active language."""
    return context(page_path(page), page)


def links(found: Context) -> dict[str, tuple[str, bool, bool]]:
    return {link.code: (link.url, link.is_current, link.is_real) for link in site_tags.language_links(found)}


def restrict(page: Any) -> None:
    PageViewRestriction.objects.create(
        page=page,
        restriction_type=PageViewRestriction.PASSWORD,
        password="sesame",  # noqa: S106 - guards test data
    )


@pytest.fixture
def practice(site: Site) -> Any:
    """A practice in English and Kazakh, not in Russian."""
    page = make_practice(slug="one-window")
    translate(page, "kk", title="Бір терезе", slug="bir-tereze")
    return page


def test_a_page_is_offered_in_the_languages_in_which_it_exists(practice: Any) -> None:
    assert links(at(practice)) == {
        "en": ("/en/practices/one-window/", True, True),
        "ru": ("/ru/", False, False),
        "kk": ("/kk/practices/bir-tereze/", False, True),
        "ar": ("/ar/practices/one-window/", False, True),
    }


def test_readers_of_arabic_stay_under_their_prefix(practice: Any) -> None:
    with translation.override("ar"):
        found = links(at(practice))
        crumbs = site_tags.breadcrumbs(at(practice), practice)
    assert found["ar"] == ("/ar/practices/one-window/", True, True)
    assert found["kk"] == ("/kk/practices/bir-tereze/", False, True)
    assert [crumb.url for crumb in crumbs] == ["/ar/", "/ar/practices/", "/ar/practices/one-window/"]


def test_arabic_has_nothing_where_english_has_nothing(site: Site) -> None:
    page = make_practice(parent=index_page(PracticeIndexPage, "ru"), slug="odno-okno")
    with translation.override("ru"):
        assert links(at(page))["ar"] == ("/ar/", False, False)


def test_drafts_and_restricted_translations_are_not_offered(practice: Any) -> None:
    russian = translate(practice, "ru", slug="odno-okno")
    restrict(russian)
    practice.get_translation(homes()["kk"].locale).unpublish()
    found = links(at(practice))
    assert found["ru"] == ("/ru/", False, False)
    assert found["kk"] == ("/kk/", False, False)


def test_each_language_is_named_in_itself(site: Site) -> None:
    names = [(link.code, link.name, link.direction) for link in site_tags.language_links(context("/en/"))]
    assert names == [
        ("en", "English", "ltr"),
        ("ru", "Русский", "ltr"),
        ("kk", "Қазақ тілі", "ltr"),
        ("ar", "العربية", "rtl"),
    ]


@pytest.mark.parametrize(
    ("path", "russian"),
    [
        ("/en/search/?q=a%20b&type=news", "/ru/search/?q=a%20b&type=news"),
        ("/en/no-such-page/", "/ru/no-such-page/"),
        ("/no-language/", "/ru/"),
        ("/no-language/?q=1", "/ru/"),
        ("/", "/ru/"),
    ],
)
def test_what_is_no_page_has_the_same_path_in_every_language(site: Site, path: str, russian: str) -> None:
    assert links(context(path))["ru"] == (russian, False, True)


def test_the_languages_of_a_part_of_a_page_lead_to_the_same_part(site: Site) -> None:
    page = index_page(IndicatorIndexPage)
    found = context("/en/indicators/WB.SP.POP.TOTL/", page)
    assert links(found)["kk"][0] == "/kk/indicators/WB.SP.POP.TOTL/"
    assert site_tags.canonical_url(found, page) == "http://testserver/en/indicators/WB.SP.POP.TOTL/"
    assert site_tags.alternates(found, page)[0].url == "http://testserver/en/indicators/WB.SP.POP.TOTL/"
    assert not site_tags.breadcrumbs(found, page)[-1].is_current


def test_breadcrumbs_lead_from_the_home_page_to_the_page(practice: Any) -> None:
    crumbs = site_tags.breadcrumbs(at(practice), practice)
    assert [(crumb.title, crumb.url, crumb.is_current) for crumb in crumbs] == [
        ("Home", "/en/", False),
        ("Practices", "/en/practices/", False),
        ("One window", "/en/practices/one-window/", True),
    ]


def test_breadcrumbs_leave_out_what_readers_cannot_open(practice: Any) -> None:
    index_page(PracticeIndexPage).unpublish()
    assert [crumb.title for crumb in site_tags.breadcrumbs(at(practice), practice)] == ["Home", "One window"]


@override_settings(PUBLIC_URL="https://practice.example.org")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_has_one_address_whatever_prefix_it_is_read_under(practice: Any, language: str) -> None:
    with translation.override(language):
        found = site_tags.canonical_url(at(practice), practice)
    assert found == "https://practice.example.org/en/practices/one-window/"


def test_the_address_of_what_is_no_page_leaves_parameters_out(site: Site) -> None:
    assert site_tags.canonical_url(context("/kk/search/?q=1"), "") == "http://testserver/kk/search/"


def test_alternates_are_the_public_versions_and_a_default(practice: Any) -> None:
    kazakh = practice.get_translation(homes()["kk"].locale)
    with translation.override("kk"):
        found = [(entry.language, entry.url) for entry in site_tags.alternates(at(kazakh), kazakh)]
    assert found == [
        ("en", "http://testserver/en/practices/one-window/"),
        ("kk", "http://testserver/kk/practices/bir-tereze/"),
        ("x-default", "http://testserver/en/practices/one-window/"),
    ]


def test_the_default_is_the_first_fallback_where_english_is_missing(site: Site) -> None:
    page = make_practice(parent=index_page(PracticeIndexPage, "ru"), slug="odno-okno")
    translate(page, "kk", slug="bir-tereze")
    default = site_tags.alternates(at(page), page)[-1]
    assert (default.language, default.url) == ("x-default", "http://testserver/ru/practices/odno-okno/")


def test_no_alternate_is_restricted_or_a_draft(practice: Any) -> None:
    restrict(practice.get_translation(homes()["kk"].locale))
    translate(practice, "ru", slug="odno-okno").unpublish()
    assert {entry.language for entry in site_tags.alternates(at(practice), practice)} == {"en", "x-default"}


def test_what_is_no_page_has_neither_breadcrumbs_nor_alternates(site: Site) -> None:
    assert site_tags.breadcrumbs(context("/en/search/"), "") == []
    assert site_tags.alternates(context("/en/search/"), None) == []


def test_the_menu_holds_what_editors_put_there(site: Site) -> None:
    home = homes()["kk"]
    home.get_children().update(show_in_menus=True)
    index_page(PracticeIndexPage, "kk").unpublish()
    restrict(index_page(IndicatorIndexPage, "kk"))
    with translation.override("kk"):
        menu = site_tags.main_menu(context("/kk/news/item/"))
    assert [link.url for link in menu] == ["/kk/countries/", "/kk/reports/", "/kk/news/", "/kk/events/", "/kk/ideas/"]
    assert [link.url for link in menu if link.is_current] == ["/kk/news/"]


def test_the_menu_holds_no_page_from_deeper_down(site: Site) -> None:
    make_practice(show_in_menus=True)
    assert site_tags.main_menu(context("/en/")) == []


def test_the_footer_holds_pages_of_the_reader_s_language(site: Site) -> None:
    about = make_standard_page(slug="about", show_in_footer=True)
    make_standard_page(slug="internal", title="Internal")
    translate(about, "ru", title="О сайте", slug="o-sayte")
    with translation.override("ru"):
        assert [(link.title, link.url) for link in site_tags.footer_menu(context("/ru/"))] == [
            ("О сайте", "/ru/o-sayte/")
        ]
    with translation.override("ar"):
        assert [link.url for link in site_tags.footer_menu(context("/ar/"))] == ["/ar/about/"]


def test_the_frame_is_loaded_once_and_takes_few_queries(practice: Any) -> None:
    homes()["en"].get_children().update(show_in_menus=True)
    found = at(practice)

    def frame() -> None:
        site_tags.language_links(found)
        site_tags.alternates(found, practice)
        site_tags.breadcrumbs(found, practice)
        site_tags.main_menu(found)
        site_tags.footer_menu(found)

    with memory.checked_once():
        with CaptureQueriesContext(connection) as first:
            frame()
        with CaptureQueriesContext(connection) as second:
            frame()
    assert len(first) <= 8
    assert len(second) == 0
