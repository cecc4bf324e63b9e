"""Where the pages of the demonstration content are, and a browser window that notices what is wrong with them."""

from __future__ import annotations

import email
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

USER, ADDRESS, PASSWORD = "browser", "browser@example.org", "a-password-for-tests-only"
LANGUAGES = ("en", "ru", "kk", "ar")
WIDE, TABLET, PHONE = ({"width": 1280, "height": 900}, {"width": 768, "height": 1024}, {"width": 360, "height": 740})
MAIL_WAIT = 60
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# A page of every type, by type and slug; the index pages are the only ones of their types.
PAGES = {
    "home": ("home.HomePage", None),
    "practices": ("practices.PracticeIndexPage", None),
    "practice": ("practices.PracticePage", "asset-declarations-e-system"),
    "practice with adaptations": ("practices.PracticePage", "civil-service-tracing-reserve"),
    "countries": ("reports.CountryIndexPage", None),
    "country": ("reports.CountryPage", "kz"),
    "reports": ("reports.ReportIndexPage", None),
    "report": ("reports.CountryReportPage", "kazakhstan-country-report-2022"),
    "superseded report": ("reports.CountryReportPage", "kazakhstan-country-report-2021"),
    "indicators": ("reports.IndicatorIndexPage", None),
    "news": ("news.NewsIndexPage", None),
    "news item": ("news.NewsPage", "measures-and-indicators-in-one-place"),
    "events": ("news.EventIndexPage", None),
    "event": ("news.EventPage", "webinar-measuring-waiting-times"),
    "past event": ("news.EventPage", "training-plain-language-letters"),
    "ideas": ("ideas.IdeaIndexPage", None),
    "idea": ("ideas.IdeaPage", "one-form-for-school"),
    "call for ideas": ("ideas.CampaignPage", "call-for-villages"),
    "text": ("home.StandardPage", "accessibility"),
}
# Addresses that are no pages of their own: a base and what follows.
OTHERS = {
    "narrowed list": ("practices", "?country=KZ&country=KG&level=national&sort=title"),
    "empty list": ("practices", "?country=MY&status=ended"),
    "indicator": ("indicators", "OXCGRT.C1/"),
    "comparison": ("indicators", "OXCGRT.STRINGENCY/?country=KZ&country=GE&country=UZ"),
    "idea form": ("home", "ideas/send/"),
    "search": ("home", "search/?q=covid"),
    "search without results": ("home", "search/?q=zzqqxx"),
}


@dataclass(frozen=True)
class DemoSite:
    """Where the site is, and the folder into which it writes mail; None where that is not known."""

    url: str
    mail: Path | None = None

    def address(self, kind: str, language: str) -> str:
        """The address of a kind of page; Arabic, which has no content, shows the English one under its own prefix."""
        if kind in OTHERS:
            base, rest = OTHERS[kind]
            return self.address(base, language) + rest
        model, slug = PAGES[kind]
        written = "en" if language == "ar" else language
        path = paths(self, model, written)[slug or ""]
        return f"{self.url}/{language}/{path.removeprefix(f'/{written}/')}"

    def letter(self, recipient: str, subject: str) -> EmailMessage:
        """The newest mail to somebody with words in its subject, once a worker has sent it."""
        if self.mail is None:
            pytest.skip("The mail of a site that runs already cannot be read")
        until = time.monotonic() + MAIL_WAIT
        found: list[EmailMessage] = []
        while not found and time.monotonic() < until:
            time.sleep(0.2)
            letters = [read_mail(path) for path in self.mail.iterdir()] if self.mail.exists() else []
            found = [one for one in letters if one["To"] == recipient and subject in str(one["Subject"])]
        assert found, f"No mail to {recipient} about {subject}"
        return max(found, key=lambda one: parsedate_to_datetime(one["Date"]))

    def api(self, path: str) -> Any:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            connection.request("GET", f"/api/v2/{path}")
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


def read_mail(path: Path) -> EmailMessage:
    letter: Any = email.message_from_bytes(path.read_bytes().partition(b"\n-----")[0], policy=policy.default)
    return letter


def words_of(letter: EmailMessage) -> str:
    """The text of a mail as a mail program without HTML shows it."""
    part: Any = letter.get_body(("plain",))
    return str(part.get_content())


@cache
def paths(site: DemoSite, model: str, language: str) -> dict[str, str]:
    """The paths of all pages of a type by slug; under the empty slug any one of them."""
    answer = site.api(f"pages/?type={model}&locale={language}&limit=100&fields=slug")
    found = {item["meta"]["slug"]: urlsplit(item["meta"]["html_url"]).path for item in answer["items"]}
    return found | {"": next(iter(found.values()))}


@dataclass
class Window:
    """A page in the browser, and what went wrong while it was open."""

    page: Page
    site: DemoSite
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the browser itself gave it up, as when a page is left
            self.problems.append(f"request failed: {request.url} {request.failure}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.problems.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        is_refused_autosave = response.status == 400 and "/admin/pages/" in response.url
        is_refused_idea = response.status == 400 and response.url.endswith("/ideas/send/")
        if response.status >= 400 and not (is_refused_autosave or is_refused_idea):
            self.problems.append(f"{response.status}: {response.url}")

    def open(self, address: str) -> str:
        """Go to an address; the HTML as the server sent it."""
        response = self.page.goto(address, wait_until="load")
        assert response
        assert response.status == 200, address
        return response.text()

    def follow(self, link: Locator) -> None:
        """Click what leads to another page, and wait until that page is there."""
        with self.page.expect_navigation():
            link.click()

    def barriers(self, within: str | None = None) -> list[str]:
        """What axe finds against WCAG 2.2 AA at the present width, on the page or in a part of it."""
        found = (
            Axe().run(self.page, context=within, options={"runOnly": STANDARD, "resultTypes": ["violations"]}).response
        )
        return [
            f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def overflow(self) -> list[str]:
        """Elements that make the page scroll sideways; none where it does not."""
        found: list[str] = self.page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth
              if (document.documentElement.scrollWidth <= width) return []
              return [...document.body.querySelectorAll("*")]
                .filter(e => { const box = e.getBoundingClientRect(); return box.right > width + 1 || box.left < -1 })
                .map(e => e.outerHTML.slice(0, 120)).concat(`${document.documentElement.scrollWidth} > ${width}`)
            }"""
        )
        return found

    def broken_images(self) -> list[str]:
        """Images without a picture or without an alternative text, after all of them were asked for."""
        found: list[str] = self.page.evaluate(
            """async () => {
              const images = [...document.images]
              for (const image of images) image.loading = "eager"
              await Promise.allSettled(images.map(image => image.decode()))
              return images.filter(image => !image.naturalWidth || !image.hasAttribute("alt")).map(i => i.outerHTML)
            }"""
        )
        return found


@contextmanager
def window(browser: Browser, site: DemoSite, size: dict[str, int], **options: Any) -> Iterator[Window]:
    """A window of a reader who has never been here. What went wrong in it fails the test when it is closed."""
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]}, **options)
    context.set_default_timeout(20_000)
    opened = Window(context.new_page(), site)
    try:
        yield opened
        assert opened.problems == []
    finally:
        context.close()
