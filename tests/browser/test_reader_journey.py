"""A reader's visit: from a Kazakh practice to a comparison of countries, and on by search."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import PHONE, WIDE, window

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_practice_says_who_vouches_for_it_and_in_which_languages_it_exists(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, locale="kk") as opened:
        page = opened.page
        opened.open(demo.address("practice with adaptations", "kk"))
        assert page.locator(".state-reviewed").first.is_visible()
        facts = page.locator("aside.detail-margin")
        languages = {link.get_attribute("hreflang") for link in facts.locator("a[hreflang]").all()}
        assert {"en", "ru"} <= languages
        adaptations = page.locator("section", has=page.locator("#adaptations, #reuse")).or_(page.locator("main"))
        assert "Қырғызстан" in adaptations.first.inner_text() or "Өзбекстан" in adaptations.first.inner_text()
        opened.follow(facts.locator("a[hreflang=ru]").first)
        assert page.url == demo.address("practice with adaptations", "ru")
        assert page.locator("html").get_attribute("lang") == "ru"


def test_from_a_practice_the_reader_comes_to_its_country(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE, locale="kk") as opened:
        page = opened.page
        opened.open(demo.address("practice with adaptations", "kk"))
        opened.follow(page.locator("main").get_by_role("link", name="Қазақстан", exact=True).first)
        assert page.url == demo.address("country", "kk")
        assert page.locator(".key-figures li").count() >= 3
        opened.follow(page.locator(".key-figures a").first)
        assert "/kk/korsetkishter/" in page.url


def test_three_countries_are_compared_and_taken_home(demo: DemoSite, chromium: Browser, tmp_path: Path) -> None:
    """One of the three has no series: it is not covered, in the chart, in the table and in the file."""
    with window(chromium, demo, WIDE, locale="en", accept_downloads=True) as opened:
        page = opened.page
        opened.open(demo.address("indicators", "en") + "OXCGRT.STRINGENCY/?country=KZ")
        page.locator("summary", has_text="Choose countries").click()
        page.get_by_label("Georgia").check()
        opened.follow(page.get_by_role("button", name="Show in the chart"))
        assert "country=GE" in page.url
        opened.open(f"{page.url}&country=AM")
        figure = page.locator("figure.chart")
        assert figure.locator(".chart-absence").inner_text().startswith("Armenia: not covered")
        assert figure.locator("svg[role=img]").first.is_visible()

        figure.locator("summary", has_text="Show as a table").click()
        header = figure.locator("thead th").all_inner_texts()
        assert header == ["Period", "Georgia", "Kazakhstan", "Armenia"]
        assert figure.locator("td.is-absent").first.inner_text() == "not covered"

        with page.expect_download() as download:
            figure.get_by_role("link", name="Download (CSV)").click()
        file = tmp_path / "figures.csv"
        download.value.save_as(file)
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert {row["country_code"] for row in rows} == {"KZ", "GE"}
        assert all(row["attribution"] and row["licence"] for row in rows)
        assert len(rows) == figure.locator("tbody tr").count() * 2


def test_a_word_is_found_in_another_case_form(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, locale="kk") as opened:
        page = opened.page
        opened.open(demo.address("home", "kk"))
        box = page.locator("main").get_by_role("searchbox")
        box.fill("декларациялардан")
        with page.expect_navigation():
            box.press("Enter")
        assert "/kk/search/" in page.url
        assert page.locator(f"main a[href='{path_of(demo.address('practice', 'kk'))}']").count() >= 1
        assert page.locator("main mark").count() >= 1


def test_who_finds_nothing_in_kazakh_is_offered_the_other_languages_by_name(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE, locale="kk") as opened:
        page = opened.page
        opened.open(f"{demo.url}/kk/search/?q=permit")
        offers = page.locator("main a[hreflang=en]")
        assert offers.locator("[lang=en]").first.inner_text() == "English"
        opened.follow(offers.first)
        assert page.url == f"{demo.url}/en/search/?q=permit"
        assert page.locator("main .row").count() >= 1


def test_the_language_that_the_browser_asks_for_is_the_one_that_it_gets(demo: DemoSite, chromium: Browser) -> None:
    for language, header in [("kk", "kk-KZ,kk;q=0.9"), ("ru", "ru"), ("en", "de-DE")]:
        with window(chromium, demo, WIDE, extra_http_headers={"Accept-Language": header}) as opened:
            opened.page.goto(demo.url)
            assert opened.page.url == demo.address("home", language)


def test_the_page_can_be_operated_by_keyboard_alone(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE) as opened:
        page = opened.page
        opened.open(demo.address("practices", "en"))
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.getAttribute('href')")
        assert first == "#content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]
