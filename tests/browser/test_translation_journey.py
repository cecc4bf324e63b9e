"""A practice is asked for in other languages, translated, reviewed and published; an outdated one is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.site import TABLET, WIDE, paths, window
from tests.browser.test_editor_journey import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

UNTRANSLATED = "A public register of algorithms in use"
TO_BEGIN_SLUG = "flood-early-warning-by-sms"
OUTDATED_SLUG = "citizen-budget-platform"


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


def test_a_translator_works_with_memory_glossary_and_warnings(demo: DemoSite, chromium: Browser) -> None:
    original = f"{demo.url}{paths(demo, 'practices.PracticePage', 'en')[TO_BEGIN_SLUG]}"
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, "staff-translator@example.org")
        opened.open(original)
        title = page.locator("h1").inner_text()
        opened.open(f"{demo.url}/admin/translations/?title={quote(title)}")
        pk = demo.api(f"pages/?type=practices.PracticePage&slug={TO_BEGIN_SLUG}&locale=en")["items"][0]["id"]
        opened.open(f"{demo.url}/admin/localize/submit/page/{pk}/")
        opened.follow(page.get_by_role("button", name="Request translation"))
        expect(page.locator(".request-status")).to_contain_text("1 of 1 drafts are ready.", timeout=30_000)
        opened.follow(page.get_by_role("link", name=title))
        assert opened.barriers("main") == []
        assert opened.overflow() == []

        segments = page.locator(".translation-segment")
        expect(page.locator(".translation-progress")).to_contain_text("0 of")
        cover = segments.filter(has_text="Alternative text of the cover image")
        cover.get_by_role("button", name="Use").first.click()
        cover.get_by_role("button", name="Save").click()
        expect(cover.get_by_text("Done", exact=True)).to_be_visible()
        expect(page.locator(".translation-progress")).to_contain_text("1 of")

        heading = segments.filter(has=page.get_by_role("heading", name="Title", exact=True))
        heading.locator("textarea").fill("Предупреждения о 3 паводках <b>по СМС")
        heading.get_by_role("button", name="Save").click()
        expect(heading.locator(".error-message")).to_contain_text("has no partner")
        assert heading.locator("textarea").input_value() == "Предупреждения о 3 паводках <b>по СМС"
        heading.locator("textarea").fill("Предупреждения о 3 паводках по СМС")
        heading.locator("textarea").press("Control+Enter")
        expect(heading.locator(".translation-remarks")).to_contain_text("Numbers that the original does not have: 3.")
        expect(page.locator(":focus")).not_to_have_value("Предупреждения о 3 паводках по СМС")
        assert opened.barriers("main") == []
        assert page.get_by_role("button", name="Publish", exact=True).count() == 0
        opened.problems[:] = [one for one in opened.problems if not one.startswith("422: ")]


def note_of(page: Page) -> Locator:
    """The note by which readers learn that the original has changed."""
    return page.locator(".note-attention").filter(has=page.locator("a[hreflang=en]"))


def test_a_changed_sentence_comes_back_with_its_words_and_is_reviewed(demo: DemoSite, chromium: Browser) -> None:
    public = f"{demo.url}{paths(demo, 'practices.PracticePage', 'ru')[OUTDATED_SLUG]}"
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened, "staff-translator@example.org")
        opened.open(public)
        title = page.locator("h1").inner_text()
        assert note_of(page).count() == 1
        opened.open(f"{demo.url}/admin/")
        opened.follow(page.locator("#dashboard-outdated-section").get_by_role("link", name=title))
        segments = page.locator(".translation-segment")
        expect(segments).to_have_count(1)
        expect(segments.locator("ins")).to_contain_text("Figures of this year were added")
        text = f"{segments.locator('textarea').input_value()} Добавлены данные этого года."
        segments.locator("textarea").fill(text)
        segments.get_by_role("button", name="Confirm").click()
        expect(segments.get_by_text("Done", exact=True)).to_be_visible()
        opened.follow(page.get_by_role("button", name="Submit for review"))
        edit = page.url
        expect(page.locator("textarea").first).to_have_attribute("readonly", "")

    with window(chromium, demo, TABLET, locale="en") as opened:
        page = sign_in(opened, "staff-translation-reviewer@example.org")
        opened.open(public)
        assert "Добавлены данные этого года." not in page.locator("main").inner_text()
        assert note_of(page).count() == 1
        opened.open(edit)
        assert opened.barriers("main") == []
        assert opened.overflow() == []
        opened.follow(page.get_by_role("button", name="Approve", exact=True))
        opened.open(public)
        assert "Добавлены данные этого года." in page.locator("main").inner_text()
        assert note_of(page).count() == 0
