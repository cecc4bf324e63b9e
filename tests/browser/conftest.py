"""A running site with the demonstration content, and a browser to look at it.

The site is a process of its own with its own database, as a reader meets it. `TEST_SITE_URL` names one that is running
already and spares the loading; the tests then sign in as the superuser that `site` names. Where `TEST_TEMPLATE` names a
migrated database, the site's begins as its copy.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from cms.settings.env import BASE_DIR
from tests.browser.site import ADDRESS, PASSWORD, USER, DemoSite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# A secretariat, a moderator of ideas, the focal point of Kazakhstan, and who translates into Russian: their names are
# also their addresses.
STAFF = f"""
from cms.users.models import RoleAssignment, User
from cms.users.services import assign
from taxonomy.models import Country
country = Country.objects.get(code="KZ")
russian = {{"language": "ru"}}
roles = {{"editor": {{}}, "publisher": {{}}, "idea-moderator": {{}}, "focal-point": {{"country": country}}}}
for name, facts in (roles | {{"translator": russian, "translation-reviewer": russian}}).items():
    login = f"staff-{{name}}"
    names = {{"first_name": name, "last_name": "Osmonova"}}
    user = User.objects.create_user(login, f"{{login}}@example.org", {PASSWORD!r}, **names)
    assign(user, [RoleAssignment(role=name, **facts)])
"""
MANAGE = BASE_DIR / "manage.py"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    if given := os.environ.get("TEST_SITE_URL"):
        yield DemoSite(given.rstrip("/"))
        return
    folder = tmp_path_factory.mktemp("site")
    if migrated := os.environ.get("TEST_TEMPLATE"):
        shutil.copyfile(migrated, folder / "site.sqlite3")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "PRIVATE_ROOT": str(folder / "private"),
        "PUBLIC_URL": url,
        "EMAIL_URL": f"file:///{folder / 'mail'}",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    for command in (
        ["migrate"],
        ["install_roles"],
        ["install_workflow"],
        ["demo"],
        ["createsuperuser", "--noinput", "--username", USER, "--email", ADDRESS],
        ["shell", "--verbosity", "0", "--command", STAFF],
    ):
        manage(command, environment)
    processes = [
        subprocess.Popen(
            [sys.executable, str(MANAGE), *command, "--skip-checks"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in (["runserver", f"127.0.0.1:{port}", "--noreload"], ["worker", "--interval", "0.2"])
    ]
    try:
        wait_for(port)
        yield DemoSite(url, folder / "mail")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def manage(command: list[str], environment: dict[str, str]) -> None:
    finished = subprocess.run(
        [sys.executable, str(MANAGE), *command], env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr[-2000:]


def wait_for(port: int) -> None:
    for _attempt in range(120):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    pytest.fail("The site did not start within a minute.")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Started for each module, not for the session: Playwright's event loop would stand in the way of other tests."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
