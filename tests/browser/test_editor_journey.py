"""An editor's day: sign in, write a practice, see what is missing, have it reviewed, see it live everywhere."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.site import ADDRESS, PASSWORD, TABLET, WIDE, Window, window, words_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECTIONS = ("problem", "approach", "novelty", "challenges", "lessons")


def sign_in(opened: Window, address: str = ADDRESS) -> Page:
    page = opened.page
    opened.open(f"{opened.site.url}/admin/")
    page.get_by_label("E-mail address").fill(address)
    page.locator("input[name=password]").fill(PASSWORD)
    opened.follow(page.get_by_role("button", name="Sign in", exact=True))
    assert page.url.endswith("/admin/")
    return page


def save(page: Page, action: str = "Save draft") -> None:
    """Use the button at the foot of the form, or an entry of its menu."""
    if action != "Save draft":
        page.locator("footer").get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        page.get_by_role("button", name=action, exact=True).last.click()


def write(page: Page, field: str, text: str) -> None:
    editor = page.locator(f"[data-contentpath={field}] [role=textbox]")
    editor.click()
    page.keyboard.type(text)


def complete(page: Page) -> None:
    """Fill in what the checklist asks for."""
    page.locator("#id_summary").fill("Written in a browser, from the first word to the last.")
    for field in SECTIONS:
        write(page, field, f"What there is to say about the {field}.")
    page.get_by_role("tab", name=re.compile("^Results")).click()
    page.locator("#id_results-0-text").fill("Waiting time fell by a third.")
    page.get_by_role("tab", name=re.compile("^Facts")).click()
    page.locator("[data-contentpath=levels] input[type=checkbox]").first.check()
    page.locator("[data-contentpath=lead_organisation]").get_by_role("button").first.click()
    page.locator(".modal-content a[data-chooser-modal-choice]").first.click()
    page.locator(".modal-content").wait_for(state="hidden")


def write_practice(page: Page, opened: Window, title: str, slug: str) -> None:
    """From the first letter to the review; what is missing keeps it from going there."""
    opened.follow(page.get_by_role("link", name="Add: Practices"))
    page.locator("#id_title").press_sequentially(title)
    expect(page.locator("#id_slug")).to_have_value(slug)
    save(page)
    checklist = page.get_by_text("Before this page can be published").locator("xpath=..")
    assert "Challenges and failures" in checklist.inner_text()

    save(page, "Submit to Review")
    assert page.locator(".w-field__errors", has_text="This field is required").count() >= len(SECTIONS)
    page.locator(".checklist").get_by_role("link", name="Lead organisation").click()
    expect(page.get_by_role("tab", name=re.compile("^Facts"))).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-contentpath=lead_organisation]").get_by_role("button").first).to_be_focused()
    page.get_by_role("tab", name=re.compile("^Content")).click()

    complete(page)
    save(page)
    assert page.get_by_text("Before this page can be published").count() == 0
    save(page, "Submit to Review")


@pytest.mark.parametrize("size", [WIDE, TABLET], ids=["desktop", "tablet"])
def test_a_practice_goes_from_an_empty_form_to_readers(demo: DemoSite, chromium: Browser, size: dict[str, int]) -> None:
    word = f"browser{uuid.uuid4().hex[:6]}"
    title, slug = f"Written in the {word}", f"written-in-the-{word}"
    with window(chromium, demo, size, locale="en") as opened:
        write_practice(sign_in(opened, "staff-editor@example.org"), opened, title, slug)

    with window(chromium, demo, size, locale="en") as opened:
        page = sign_in(opened, "staff-publisher@example.org")
        assert demo.api(f"pages/?type=practices.PracticePage&search={word}")["items"] == []
        assert opened.barriers("section[id^=dashboard-]") == []
        opened.follow(page.locator("#dashboard-waiting-section").get_by_role("link", name=title))
        decide(page, "Request changes")
        page.locator(".modal-content textarea").fill("Say in which year.")
        with page.expect_navigation():
            page.locator(".modal-content").get_by_role("button", name="Request changes").click()

    letter = demo.letter("staff-editor@example.org", f"Changes are asked for: {title}")
    assert "Say in which year." in words_of(letter)
    with window(chromium, demo, size, locale="en") as opened:
        page = sign_in(opened, "staff-editor@example.org")
        opened.follow(page.locator("#dashboard-waiting-section").get_by_role("link", name=title))
        page.locator("#id_summary").fill("Written in a browser in 2026.")
        save(page, "Resubmit to Review")

    with window(chromium, demo, size, locale="en") as opened:
        page = sign_in(opened, "staff-publisher@example.org")
        opened.follow(page.locator("#dashboard-waiting-section").get_by_role("link", name=title))
        save(page, "Approve")
        found = demo.api(f"pages/?type=practices.PracticePage&fields=summary&slug={slug}")
        assert [item["title"] for item in found["items"]] == [title]
        opened.open(f"{demo.url}/en/practices/{slug}/")
        assert page.locator("h1").inner_text() == title
        assert "Waiting time fell by a third." in page.locator("main").inner_text()
    demo.letter("staff-editor@example.org", f"Approved: {title}")


def decide(page: Page, action: str) -> None:
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.locator("footer").get_by_role("button", name=action, exact=True).last.click()


@pytest.mark.parametrize("size", [WIDE, TABLET], ids=["desktop", "tablet"])
def test_a_report_goes_from_a_focal_point_by_a_superior_to_readers(
    demo: DemoSite, chromium: Browser, size: dict[str, int]
) -> None:
    title = f"Report that was cleared {uuid.uuid4().hex[:6]}"
    superior = f"superior-{uuid.uuid4().hex[:6]}@example.org"
    with window(chromium, demo, size, locale="en") as opened:
        page = sign_in(opened, "staff-focal-point@example.org")
        opened.open(f"{demo.url}/admin/country-reports/")
        countries = {cell.strip() for cell in page.locator("table.listing tbody td:nth-child(3)").all_inner_texts()}
        assert countries == {"Kazakhstan"}
        opened.open(edit_address(demo))
        page.locator("#id_title").fill(title)
        save(page, "Submit to Review")
        opened.open(f"{demo.url}/admin/")
        opened.follow(page.locator("#dashboard-waiting-section").get_by_role("link", name=title))
        decide(page, "Ask a superior for clearance")
        page.locator("#id_name").fill("A. Superior")
        page.locator("#id_email").fill(superior)
        page.locator("#id_language").select_option("en")
        with page.expect_navigation():
            page.locator(".modal-content").get_by_role("button", name="Ask a superior for clearance").click()

    letter = demo.letter(superior, f"Please clear: {title}")
    found = re.search(r"http\S+/clearance/\S+", words_of(letter))
    assert found
    with window(chromium, demo, size, locale="en") as opened:
        page = opened.page
        opened.open(found[0])
        assert opened.barriers() == []
        assert opened.overflow() == []
        with page.expect_popup() as reading:
            page.get_by_role("link", name=f"Read “{title}”").click()
        assert reading.value.locator("h1").inner_text() == title
        opened.follow(page.get_by_role("button", name="Clear it for publication"))
        assert page.locator("h1").inner_text() == "The report is cleared"
        assert opened.barriers() == []

    with window(chromium, demo, size, locale="en") as opened:
        page = sign_in(opened, "staff-publisher@example.org")
        opened.follow(page.locator("#dashboard-waiting-section").get_by_role("link", name=title))
        save(page, "Approve")
        opened.open(demo.address("report", "kk"))
        assert page.locator("h1").inner_text() == title


def edit_address(demo: DemoSite) -> str:
    """Where the report of Kazakhstan is changed that the demonstration writes in Kazakh."""
    answer = demo.api("pages/?type=reports.CountryReportPage&locale=kk&slug=kazakhstan-country-report-2022")
    return f"{demo.url}/admin/pages/{answer['items'][0]['id']}/edit/"


def test_what_an_editor_needs_first_is_on_the_dashboard(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened)
        words = page.locator("main").inner_text()
        assert "Waits for me" in words
        assert opened.barriers("section[id^=dashboard-]") == []
        for kind in ("Practices", "Country profiles", "Country reports", "News", "Events"):
            assert kind in words


def test_a_stranger_is_not_let_in(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE) as opened:
        page = opened.page
        opened.open(f"{demo.url}/admin/pages/")
        assert "/account/login/?next=" in page.url
        page.get_by_label("E-mail address").fill(ADDRESS)
        page.locator("input[name=password]").fill("not the password")
        opened.follow(page.get_by_role("button", name="Sign in", exact=True))
        assert "/account/login/" in page.url
        expect(page.get_by_text("The e-mail address or the password is not right.")).to_be_visible()


# What is ours on a screen of the administration, by its address.
OURS = {
    "/admin/": "section[id^=dashboard-]",
    "/admin/reports/background/": ".queue-state",
    "/admin/account/": "#tab-notifications",
}


@pytest.mark.parametrize("size", [WIDE, TABLET], ids=["desktop", "tablet"])
def test_what_is_ours_in_the_administration_has_no_barriers(
    demo: DemoSite, chromium: Browser, size: dict[str, int]
) -> None:
    with window(chromium, demo, size, locale="en") as opened:
        page = sign_in(opened)
        for address, ours in OURS.items():
            opened.open(demo.url + address)
            if "account" in address:
                page.get_by_role("tab", name="Notifications").click()
            page.locator(ours).first.wait_for()
            assert opened.barriers(ours) == [], address
        assert "No worker is running" not in page.locator("main").inner_text()
