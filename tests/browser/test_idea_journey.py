"""A citizen sends in an idea on a telephone; a moderator asks back; the citizen answers, and has all of it erased."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from ideas.choices import IdeaState
from ideas.mails import secret_of
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
MOST_KEYS = 60


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
    opened.follow(opened.page.locator("main button[type=submit]").last)


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
        expect(page.locator(".error-summary")).to_be_focused()
        for _attempt in range(TRIES):
            page.wait_for_timeout(2_000)
            submit(opened)
            if "/ideas/sent/" in page.url:
                break
        assert page.locator(".idea-number strong").inner_text()


def test_without_scripts_what_is_public_already_is_shown_in_the_form(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, java_script_enabled=False) as opened:
        page = opened.page
        opened.open(f"{demo.url}/ru/ideas/send/")
        fill_in(opened, "patient@example.org")
        opened.follow(page.locator("button[name=look]"))
        expect(page.locator("#similar a").first).to_be_in_viewport()
        assert page.locator("#id_proposal").input_value() == TEXTS["proposal"]
        assert page.locator("#id_consent").is_checked()
        assert page.locator(".error-summary").count() == 0
        assert opened.overflow() == []
        page.locator("#id_email").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".error-summary li").count() == 1, "the Enter key sends, and that was too quick"


def test_an_idea_is_sent_by_the_keyboard_alone(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE, locale="kk") as opened:
        page = opened.page
        opened.open(f"{demo.url}/kk/ideas/send/")
        go_to(opened, "#id_title")
        page.keyboard.type("Қысқа")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator(".error-summary")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#id_title")).to_be_focused()
        for name, text in TEXTS.items():
            go_to(opened, f"#id_{name}")
            page.keyboard.press("ControlOrMeta+A")
            page.keyboard.insert_text(text)
        go_to(opened, "#id_email")
        page.keyboard.type("keys@example.net")
        go_to(opened, "#id_consent")
        page.keyboard.press("Space")
        go_to(opened, "main button[type=submit].button")
        with page.expect_navigation(url="**/ideas/sent/**"):
            page.keyboard.press("Enter")
        assert page.locator(".idea-number strong").inner_text()


def go_to(opened: Window, selector: str) -> None:
    """By the tabulator key to a part of the page."""
    wanted = opened.page.locator(selector).last
    for _press in range(MOST_KEYS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        opened.page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached")


def test_every_state_of_an_idea_has_no_barriers(demo: DemoSite, chromium: Browser, settings: Any) -> None:
    """As its moderator and as its submitter see it; the ideas are those of the demonstration content."""
    settings.SECRET_KEY = "development-only"  # noqa: S105 - that of a site on a developer's machine
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, "staff-idea-moderator@example.org")
        opened.open(f"{demo.url}/admin/ideas/?box=all")
        has_no_barriers(opened)
        rows = page.locator("table.listing tbody tr")
        numbers = dict(
            zip(
                rows.locator("td:nth-child(4)").all_inner_texts(),
                rows.locator(".idea-number").all_inner_texts(),
                strict=True,
            )
        )
        links = [str(link.get_attribute("href")) for link in rows.locator("td.title a").all()]
        assert set(numbers) == {str(state.label) for state in IdeaState}
        for link in dict.fromkeys(links):
            opened.open(f"{demo.url}{link}")
            has_no_barriers(opened)
    with window(chromium, demo, PHONE, locale="ru") as opened:
        for number in numbers.values():
            status = f"{demo.url}/ru/ideas/follow/{number}/{secret_of(number)}/"
            opened.open(status)
            has_no_barriers(opened)
        for question in ("withdraw/", "erase/"):
            received = numbers[str(IdeaState.CONFIRMED.label)]
            opened.open(f"{demo.url}/ru/ideas/follow/{received}/{secret_of(received)}/{question}")
            has_no_barriers(opened)
