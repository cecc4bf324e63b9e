"""An idea from a telephone to a public page and the draft of a practice, with the mails as the citizen reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ideas.choices import Criterion
from tests.browser.site import PHONE, WIDE, Window, window
from tests.browser.test_editor_journey import save, sign_in
from tests.browser.test_idea_journey import TEXTS, fill_in, has_no_barriers, link_in, submit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Of no domain in which staff have addresses: those would be in a conflict of interest.
CITIZEN = "aigerim@example.net"
MODERATOR, PUBLISHER = "staff-idea-moderator@example.org", "staff-publisher@example.org"
EDITED = "Одно заявление в школу и в сад"


def take(opened: Window, idea: str, step: str) -> None:
    opened.open(idea)
    opened.follow(opened.page.get_by_role("link", name=step, exact=True))
    has_no_barriers(opened)
    opened.follow(opened.page.locator("main form button[type=submit]"))


def judge(opened: Window, idea: str, score: int) -> None:
    page = opened.page
    opened.open(idea)
    opened.follow(page.get_by_role("link", name="Judge", exact=True))
    has_no_barriers(opened)
    page.locator("[name=stands_aside][value=no]").check()
    for name in Criterion.values:
        page.locator(f"[name={name}][value='{score}']").check()
    opened.follow(page.locator("main form button[type=submit]"))


def test_an_idea_becomes_a_public_page_and_the_draft_of_a_practice(demo: DemoSite, chromium: Browser) -> None:
    number = send_and_confirm(demo, chromium)
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, MODERATOR)
        opened.open(f"{demo.url}/admin/ideas/?q={number}")
        opened.follow(page.locator("tr", has_text=number).locator("td.title a"))
        idea = page.url
        for step in ("Take up", "Send to review"):
            take(opened, idea, step)
        judge(opened, idea, 3)
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened)
        judge(opened, idea, 5)
        expect(page.locator(".idea-scores")).to_contain_text("far apart")
        assert opened.barriers(".idea-scores") == []

    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, MODERATOR)
        take(opened, idea, "Accept")
        opened.follow(page.locator("#idea-pages-section, main").locator("a[href$='/edit/']").first)
        expect(page.locator(".idea-original")).to_contain_text(TEXTS["problem"])
        page.locator("#id_title").fill(EDITED)
        save(page, "Submit to Review")
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, PUBLISHER)
        opened.follow(page.locator("#dashboard-waiting-section").get_by_role("link", name=EDITED))
        save(page, "Approve")

    with window(chromium, demo, PHONE, locale="ru") as opened:
        page = opened.page
        opened.open(link_in(demo, CITIZEN, "Опубликован"))
        has_no_barriers(opened)
        opened.follow(page.get_by_role("link", name="Прочитать в опубликованном виде"))
        assert page.locator("h1").inner_text() == EDITED
        assert "Айгерим" not in page.content()
        has_no_barriers(opened)
        opened.open(f"{demo.url}/ru/idei/")
        has_no_barriers(opened)
        opened.follow(page.get_by_role("link", name=EDITED))

    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, MODERATOR)
        take(opened, idea, "Make a practice of it")
        expect(page.locator("main")).to_contain_text("(draft)")
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, "staff-editor@example.org")
        opened.open(f"{demo.url}/admin/practices/?q=")
        expect(page.locator("table.listing")).to_contain_text(EDITED)


def send_and_confirm(demo: DemoSite, chromium: Browser) -> str:
    """On a telephone and by the keyboard; the number of the idea."""
    with window(chromium, demo, PHONE, locale="ru") as opened:
        page = opened.page
        opened.open(f"{demo.url}/ru/ideas/send/")
        page.locator("#id_title").fill("Запись в школу и детский сад")
        page.locator("#id_problem").focus()
        expect(page.locator("[data-similar] a").first).to_be_visible()
        has_no_barriers(opened)
        fill_in(opened, CITIZEN)
        page.locator("main button[type=submit]").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        number = str(page.locator(".idea-number strong").inner_text())
        opened.open(link_in(demo, CITIZEN, number))
        submit(opened)
        has_no_barriers(opened)
        return number


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "telephone"])
@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_ideas_and_calls_have_no_barriers(
    demo: DemoSite, chromium: Browser, language: str, size: dict[str, int]
) -> None:
    with window(chromium, demo, size) as opened:
        page = opened.page
        for kind in ("ideas", "idea", "call for ideas"):
            opened.open(demo.address(kind, language))
            has_no_barriers(opened)
            assert opened.broken_images() == []
        call = page.locator("main a[href*='call=']")
        opened.follow(call)
        assert re.search(r"call=[0-9a-f-]{36}", page.url)
        has_no_barriers(opened)
