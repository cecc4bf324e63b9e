"""Every public page in every interface language, on a phone and on a desk: whole, accessible, nothing broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import html5lib
import pytest

from tests.browser.site import LANGUAGES, OTHERS, PAGES, PHONE, WIDE, window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*PAGES, *OTHERS])
def test_a_page_is_whole_and_accessible(demo: DemoSite, chromium: Browser, kind: str, language: str) -> None:
    with window(chromium, demo, WIDE, locale=language) as opened:
        html = opened.open(demo.address(kind, language))
        html5lib.HTMLParser(strict=True).parse(html)
        root = opened.page.locator("html")
        assert (root.get_attribute("lang"), root.get_attribute("dir")) == (
            language,
            "rtl" if language == "ar" else "ltr",
        )
        assert opened.page.locator("h1").count() == 1
        assert opened.broken_images() == []
        assert opened.overflow() == []
        assert opened.barriers() == []
        opened.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert opened.overflow() == []
        assert opened.barriers() == []


@pytest.mark.parametrize("kind", ["home", "practice", "report", "comparison"])
def test_a_page_can_be_read_in_the_dark(demo: DemoSite, chromium: Browser, kind: str) -> None:
    with window(chromium, demo, PHONE, color_scheme="dark") as opened:
        opened.open(demo.address(kind, "en"))
        assert opened.barriers() == []


@pytest.mark.parametrize("kind", ["home", "practices", "practice", "comparison"])
def test_a_page_can_be_enlarged_to_four_times_its_size(demo: DemoSite, chromium: Browser, kind: str) -> None:
    """WCAG 1.4.10: 320 CSS pixels are 1280 pixels at 400 per cent."""
    with window(chromium, demo, {"width": 320, "height": 256}) as opened:
        opened.open(demo.address(kind, "ru"))
        assert opened.overflow() == []
