"""A practice is asked for in other languages: drafts by a worker, followed on a page; the list of all languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.site import TABLET, WIDE, window
from tests.browser.test_editor_journey import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

UNTRANSLATED = "A public register of algorithms in use"


@pytest.mark.parametrize("size", [WIDE, TABLET], ids=["desktop", "tablet"])
def test_a_page_is_found_missing_asked_for_and_there_as_a_draft(
    demo: DemoSite, chromium: Browser, size: dict[str, int]
) -> None:
    with window(chromium, demo, size, locale="en") as opened:
        page = sign_in(opened, "staff-editor@example.org")
        opened.open(f"{demo.url}/admin/translations/?title=register+of+algorithms")
        row = page.get_by_role("row", name=UNTRANSLATED)
        expect(row).to_contain_text("Original")
        assert opened.barriers("#listing-results") == []
        opened.follow(row.get_by_role("link", name=UNTRANSLATED))
        edit = page.url
        page.locator("header").get_by_role("button", name="Actions").first.click()
        opened.follow(page.get_by_role("link", name="Request translation"))

        assert opened.barriers("main") == []
        assert opened.overflow() == []
        page.get_by_label("Kazakh").uncheck()
        page.get_by_label("Note to the translator").fill("Before the conference, please.")
        opened.follow(page.get_by_role("button", name="Request translation"))
        expect(page.locator(".request-status")).to_contain_text("1 of 1 drafts are ready.", timeout=30_000)
        assert "Before the conference, please." in page.locator("main").inner_text()
        assert opened.barriers("main") == []

        opened.open(f"{demo.url}/admin/translations/?status=draft&language=ru")
        expect(page.get_by_role("row", name=UNTRANSLATED)).to_contain_text("Draft")
        opened.open(edit)
        page.get_by_role("tab", name="Publication").click()
        expect(page.locator(".translations-panel")).to_contain_text("Draft")
        assert opened.barriers(".translations-panel") == []
