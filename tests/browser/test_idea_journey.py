"""A citizen sends in an idea on a telephone; a moderator asks back; the citizen answers, and has all of it erased."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.site import PHONE, WIDE, Window, window, words_of
from tests.browser.test_editor_journey import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TITLE = "Записывать ребёнка в школу и в сад одним заявлением"
TEXTS = {
    "title": TITLE,
    "problem": "Каждое ведомство требует одну и ту же справку, и семья тратит на неё два дня.",
    "proposal": "Пусть ведомства запрашивают сведения друг у друга, а семью спрашивают один раз.",
}
TRIES = 12


def has_no_barriers(opened: Window) -> None:
    assert opened.barriers() == []
    assert opened.overflow() == []


def fill_in(opened: Window, address: str) -> None:
    for name, text in TEXTS.items():
        opened.page.locator(f"#id_{name}").fill(text)
    opened.page.locator("#id_email").fill(address)
    opened.page.locator("#id_name").fill("Айгерим Н.")
    opened.page.locator("#id_consent").check()


def submit(opened: Window) -> None:
    opened.follow(opened.page.locator("main button[type=submit]").first)


def link_in(demo: DemoSite, address: str, subject: str) -> str:
    found = re.search(r"https?://\S+/ideas/follow/\S+", words_of(demo.letter(address, subject)))
    assert found
    return found.group()


def test_an_idea_from_the_first_word_to_the_last(demo: DemoSite, chromium: Browser) -> None:
    address = "aigerim@example.net"
    with window(chromium, demo, PHONE, locale="ru") as opened:
        page = opened.page
        opened.open(demo.address("home", "ru"))
        opened.follow(page.locator(".door a").last)
        has_no_barriers(opened)
        page.locator("#id_title").fill("Коротко")
        page.keyboard.press("Enter")
        expect(page.locator(".error-summary")).to_be_focused()
        has_no_barriers(opened)
        fill_in(opened, address)
        submit(opened)
        assert "/ideas/sent/" in page.url
        has_no_barriers(opened)
        number = page.locator(".idea-number strong").inner_text()

        opened.open(link_in(demo, address, number))
        assert page.locator("main blockquote").inner_text() == TITLE
        has_no_barriers(opened)
        submit(opened)
        status = page.url
        has_no_barriers(opened)

        with window(chromium, demo, WIDE) as other:
            ask(other, number)

        assert link_in(demo, address, "Задан вопрос") == status
        opened.open(status)
        has_no_barriers(opened)
        assert "Какие ведомства?" in page.locator("main blockquote").first.inner_text()
        page.locator("#id_text").fill("Школа и детский сад.")
        submit(opened)
        opened.follow(page.get_by_role("link", name="Удалить всё"))
        has_no_barriers(opened)
        submit(opened)
        assert TITLE not in page.content()
        assert number in page.content()


def ask(opened: Window, number: str) -> None:
    page = sign_in(opened, "staff-idea-moderator@example.org")
    opened.follow(page.get_by_role("link", name="Ideas", exact=True))
    opened.follow(page.locator("tr", has_text=number).locator("td.title a"))
    assert "Айгерим" not in page.content()
    opened.follow(page.get_by_role("button", name="Show them"))
    assert "Айгерим" in page.content()
    opened.follow(page.get_by_role("link", name="Take up"))
    opened.follow(page.locator("main form button[type=submit]"))
    opened.follow(page.get_by_role("link", name="Ask the submitter"))
    page.locator("#id_text").fill("Какие ведомства?")
    opened.follow(page.locator("main form button[type=submit]"))


def test_what_was_written_is_there_again_after_the_line_dropped(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE) as opened:
        page = opened.page
        opened.open(f"{demo.url}/en/ideas/send/")
        page.locator("#id_problem").fill(TEXTS["problem"])
        page.locator("#id_email").fill("somebody@example.org")
        expect(page.locator("[data-draft-note]")).to_be_visible()
        opened.open(f"{demo.url}/en/ideas/send/")
        expect(page.locator("#id_problem")).to_have_value(TEXTS["problem"])
        assert page.locator("#id_email").input_value() == "", "who it is stays in no browser"
        page.get_by_role("button", name="Forget it").click()
        opened.open(f"{demo.url}/en/ideas/send/")
        assert page.locator("#id_problem").input_value() == ""


def test_without_scripts_somebody_patient_sends_an_idea(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, java_script_enabled=False) as opened:
        page = opened.page
        opened.open(f"{demo.url}/kk/ideas/send/")
        fill_in(opened, "patient@example.org")
        submit(opened)
        assert page.locator(".error-summary li").count() == 1, "that was too quick for a person"
        for _attempt in range(TRIES):
            page.wait_for_timeout(2_000)
            submit(opened)
            if "/ideas/sent/" in page.url:
                break
        assert page.locator(".idea-number strong").inner_text()
