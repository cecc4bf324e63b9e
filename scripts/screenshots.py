"""`make screenshots`: the pictures of the documentation, from a running site with the demonstration content."""

from __future__ import annotations

import os
import shutil
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
ADDRESS = "admin@example.org"
PASSWORD = IMAGES.parent.parent / "var" / "development-password"
SITE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
PICTURES = {
    "home": "/en/",
    "practices": "/ru/praktiki/",
    "practice": "/kk/tazhiribeler/civil-service-tracing-reserve/",
    "country": "/en/countries/kz/",
    "indicator": "/en/indicators/OXCGRT.STRINGENCY/",
    "arabic": "/ar/",
}
# Of the administration, as the superuser that `make run` makes: a path, or a page of the demonstration content to edit.
STAFF_PICTURES = {
    "translation-matrix": "/admin/translations/",
    "translation-request": "/admin/localize/submit/page/{index}/",
    "translation-editor": "/admin/pages/{outdated}/edit/",
    "idea-queue": "/admin/ideas/",
    "idea": "{triage}",
    "idea-judge": "{review}judge/",
    "idea-decision": "{review}step/decline/?reason=too-costly",
    "idea-page": "/admin/pages/{accepted}/edit/",
}
WINDOW: ViewportSize = {"width": 1280, "height": 800}
WIDTH = 960


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW, color_scheme="light")
        for name, path in PICTURES.items():
            take(page, name, path)
        sign_in(page)
        places = {
            "index": page_id(page, "type=practices.PracticeIndexPage&locale=en"),
            "outdated": page_id(page, "type=practices.PracticePage&slug=citizen-budget-platform&locale=ru"),
            "triage": idea(page, "triage"),
            "review": idea(page, "review"),
            "accepted": draft_of(page, idea(page, "accepted")),
        }
        for name, path in STAFF_PICTURES.items():
            take(page, name, path.format(**places))
        browser.close()


def take(page: Page, name: str, path: str) -> None:
    page.goto(SITE + path, wait_until="networkidle")
    picture = Image.open(BytesIO(page.screenshot()))
    picture.thumbnail((WIDTH, WIDTH))
    picture.save(IMAGES / f"{name}.webp", quality=60, method=6)
    print(f"docs/images/{name}.webp")


def sign_in(page: Page) -> None:
    page.goto(f"{SITE}/admin/")
    page.fill("input[name=login]", ADDRESS)
    page.fill("input[name=password]", PASSWORD.read_text().strip())
    with page.expect_navigation():
        page.click("main button[type=submit]")


def page_id(page: Page, query: str) -> int:
    """The id of the first page that the API finds."""
    answer = page.request.get(f"{SITE}/api/v2/pages/?{query}").json()
    return int(answer["items"][0]["id"])


def idea(page: Page, state: str) -> str:
    """The path of the first idea that is in a state."""
    page.goto(f"{SITE}/admin/ideas/?state={state}")
    return str(page.locator("td.title a").first.get_attribute("href"))


def draft_of(page: Page, path: str) -> str:
    """The id of the page that is made of an idea."""
    page.goto(f"{SITE}{path}")
    return str(page.locator("main a[href*='/pages/']").first.get_attribute("href")).split("/")[-3]


if __name__ == "__main__":
    main()
