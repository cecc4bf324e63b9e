"""A member of staff's first day: invitation, password, second factor; and a passkey instead of a password."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.site import PHONE, WIDE, Window, window, words_of
from tests.browser.test_editor_journey import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHRASE = "seven yaks cross a river"
ENTRANCE = ("account/login/", "account/password/reset/", "account/password/reset/sent/")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def invite(demo: DemoSite, chromium: Browser) -> tuple[str, str]:
    """Have an administrator invite somebody; the address, and the path of the link in the mail."""
    address = f"aigul-{uuid.uuid4().hex[:6]}@example.org"
    with window(chromium, demo, WIDE, locale="en") as opened:
        page = sign_in(opened)
        opened.open(f"{demo.url}/admin/users/")
        opened.follow(page.get_by_role("link", name="Invite somebody").first)
        assert page.locator("#tab-account input[type=password]").count() == 0
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("First name").fill("Aigul")
        page.get_by_label("Last name").fill("Serik")
        page.get_by_role("tab", name=re.compile("^Roles")).click()
        page.get_by_label("Editor", exact=True).check()
        opened.follow(page.get_by_role("button", name="Send the invitation"))
        row = page.locator("tr", has_text=address)
        assert "Invited, not accepted yet" in row.inner_text()
    found = re.search(r"https?://\S+", words_of(demo.letter(address, "")))
    assert found
    return address, urlsplit(found.group()).path


def accept(opened: Window, link: str) -> None:
    page = opened.page
    opened.open(opened.site.url + link)
    assert "Welcome, Aigul Serik" in page.locator("h1").inner_text()
    assert looks_right(opened) == []
    page.get_by_label("New password", exact=True).fill(PHRASE)
    page.get_by_label("New password again").fill(PHRASE)
    opened.follow(page.get_by_role("button", name="Save and sign in"))
    assert page.url.endswith("/admin/")


def looks_right(opened: Window) -> list[str]:
    """Barriers, and what makes the page scroll sideways, at both widths."""
    found = [*opened.barriers(), *opened.overflow()]
    opened.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    found += [*opened.barriers(), *opened.overflow()]
    opened.page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})
    return found


def confirm(opened: Window) -> None:
    opened.page.get_by_label("Password").fill(PHRASE)
    opened.follow(opened.page.get_by_role("button", name="Confirm"))


def sign_out(opened: Window) -> None:
    opened.open(f"{opened.site.url}/en/account/second-factor/")
    opened.follow(opened.page.get_by_role("button", name="Sign out"))
    expect(opened.page.get_by_text("You have signed out.")).to_be_visible()


def test_from_an_invitation_to_a_second_factor(demo: DemoSite, chromium: Browser) -> None:
    address, link = invite(demo, chromium)
    with window(chromium, demo, WIDE, locale="en", accept_downloads=True) as opened:
        page = opened.page
        accept(opened, link)

        opened.open(f"{demo.url}/admin/account/")
        page.get_by_role("tab", name="Sign-in and security").click()
        opened.follow(page.get_by_role("link", name="Set up a second factor"))
        assert looks_right(opened) == []
        opened.follow(page.get_by_role("link", name="Add an app"))
        assert looks_right(opened) == []
        confirm(opened)
        assert page.locator(".account-qr svg").is_visible()
        assert looks_right(opened) == []
        secret = page.locator(".account-secret").inner_text()
        page.get_by_label("Code that the app shows").fill(code_of(secret))
        opened.follow(page.get_by_role("button", name="Add the app"))

        codes = page.locator(".account-codes code").all_inner_texts()
        assert len(codes) == 10
        assert looks_right(opened) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert download.value.path().read_text().split() == codes

        sign_out(opened)
        page.get_by_label("E-mail address").fill(address.upper())
        page.get_by_label("Password").fill(PHRASE)
        opened.follow(page.get_by_role("button", name="Sign in", exact=True))
        assert looks_right(opened) == []
        page.get_by_label("Code").fill(code_of(secret))
        opened.follow(page.get_by_role("button", name="Sign in", exact=True))
        assert page.url.endswith("/admin/")

        opened.open(f"{demo.url}/en/account/sessions/")
        assert "Chrome on Linux" in page.locator("main").inner_text()
        assert looks_right(opened) == []


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_with_a_passkey_no_password_is_needed(demo: DemoSite, chromium: Browser) -> None:
    """Browsers know passkeys for names alone, and not for addresses of numbers."""
    _address, link = invite(demo, chromium)
    with window(chromium, replace(demo, url=demo.url.replace("127.0.0.1", "localhost")), WIDE, locale="en") as opened:
        page, site = opened.page, opened.site
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        accept(opened, link)

        opened.open(f"{site.url}/en/account/second-factor/")
        opened.follow(page.get_by_role("link", name="Add a passkey"))
        confirm(opened)
        assert looks_right(opened) == []
        page.get_by_label("Name of the passkey").fill("The key of these tests")
        opened.follow(page.get_by_role("button", name="Add the passkey"))
        assert page.locator("h1").inner_text() == "Recovery codes"
        opened.open(f"{site.url}/en/account/second-factor/")
        assert "The key of these tests" in page.locator("main").inner_text()
        assert looks_right(opened) == []

        sign_out(opened)
        opened.follow(page.get_by_role("button", name="Sign in with a passkey"))
        assert page.url == f"{site.url}/admin/"

        opened.open(f"{site.url}/en/account/password/")
        opened.open(f"{site.url}/en/account/second-factor/")
        opened.follow(page.get_by_role("link", name="Remove: The key of these tests"))
        opened.follow(page.get_by_role("link", name="Use a passkey"))
        opened.follow(page.get_by_role("button", name="Use a passkey"))
        opened.follow(page.get_by_role("button", name="Remove the passkey"))
        assert "The key of these tests" not in page.locator("main").inner_text()


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_the_way_in_has_no_barriers_in_any_language(demo: DemoSite, chromium: Browser, language: str) -> None:
    with window(chromium, demo, WIDE, locale=language) as opened:
        for path in ENTRANCE:
            opened.open(f"{demo.url}/{language}/{path}")
            assert opened.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            assert looks_right(opened) == [], path


def test_the_way_in_can_be_taken_without_scripts(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, PHONE, locale="en", java_script_enabled=False) as opened:
        opened.open(f"{demo.url}/en/account/login/")
        assert not opened.page.get_by_role("button", name="Sign in with a passkey").is_visible()
        sign_in(opened)


def test_the_page_can_be_had_in_another_language(demo: DemoSite, chromium: Browser) -> None:
    with window(chromium, demo, WIDE, locale="en") as opened:
        opened.open(f"{demo.url}/admin/pages/")
        opened.follow(opened.page.get_by_role("link", name="Қазақ тілі"))
        assert opened.page.locator("h1").inner_text() == "Кіру"
        assert "next=%2Fadmin%2Fpages%2F" in opened.page.url
