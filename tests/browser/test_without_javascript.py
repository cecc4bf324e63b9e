"""Everything a reader came for works without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.site import OTHERS, PAGES, PHONE, WIDE, window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("kind", [*PAGES, *OTHERS])
def test_a_page_shows_the_same_words_with_and_without_scripts(demo: DemoSite, chromium: Browser, kind: str) -> None:
    words = {}
    for enabled in (True, False):
        with window(chromium, demo, WIDE, java_script_enabled=enabled) as opened:
            opened.open(demo.address(kind, "kk"))
            words[enabled] = opened.page.locator("h1, main h2, main h3").all_inner_texts()
    assert words[False] == words[True]
    assert words[False]


def test_a_list_is_narrowed_and_widened_again(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, java_script_enabled=False) as opened:
        page = opened.page
        opened.open(demo.address("practices", "en"))
        rows = page.locator("main .rows > li")
        all_rows = rows.count()
        page.locator("details.filters > summary").click()
        choice = page.locator("input[name=country][value=KZ]")
        expected = int(choice.locator("xpath=..").locator(".count").inner_text().strip("() "))
        choice.check()
        opened.follow(page.get_by_role("button", name="Apply filters"))
        assert "country=KZ" in page.url
        assert rows.count() == expected < all_rows
        opened.follow(page.locator(".chips a").first)
        assert "country" not in page.url
        assert rows.count() == all_rows


def test_search_works(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE, java_script_enabled=False) as opened:
        page = opened.page
        opened.open(demo.address("home", "en"))
        page.get_by_role("searchbox").first.fill("asset declarations")
        with page.expect_navigation():
            page.get_by_role("searchbox").first.press("Enter")
        assert "/en/search/?q=asset" in page.url
        assert page.locator("main").get_by_role("link", name="declarations").count() >= 1


def test_a_chart_is_a_table_too(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE, java_script_enabled=False) as opened:
        opened.open(demo.address("comparison", "en"))
        assert opened.page.locator("main svg[role=img]").count() >= 1
        assert opened.page.locator("main table").count() >= 1


def test_a_phone_reaches_the_menu_and_the_languages(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, java_script_enabled=False) as opened:
        page = opened.page
        opened.open(demo.address("practice", "en"))
        page.get_by_role("button", name="Menu").click()
        opened.follow(page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Countries"))
        assert page.url == demo.address("countries", "en")
        opened.follow(page.get_by_role("link", name="Қазақ тілі").first)
        assert page.url == demo.address("countries", "kk")
