"""Ten thousand quick posts over HTTP to the site as it runs in production, while others read."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import connection

from cms.background.models import Letter
from ideas.models import ConsentText, Idea, IdeaEvent, IdeaFile, IdeaKey, Submitter
from ideas.proofs import solved
from ideas.views import TRIES
from tests.contracts.sources import ROOT
from tests.factories.pages import make_practice
from tests.ideas.browsing import FILLED_IN, FORM, value_of
from tests.programs import database_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database, pytest.mark.usefixtures("site")]

WORKERS, CONNECTIONS, POSTS = 2, 8, 10_000
LONGEST_WAIT = 1.0  # seconds within which 95 of 100 readers have their page
START = 60
MACHINE = "203.0.113.9"
PAGES = ("/en/", "/ru/", "/en/ideas/", "/kk/ideas/send/", "/en/practices/", "/kk/search/", "/en/search/?q=form")
TABLES = [model._meta.db_table for model in (Idea, Submitter, IdeaFile, IdeaEvent, IdeaKey, ConsentText, Letter)]


class Browser:
    """One connection that is kept open, from a network address of its own, as a web server in front reports it."""

    def __init__(self, port: int, address: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=START)
        self.headers = {"X-Forwarded-For": address}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        body = urlencode(fields) if fields else None
        form = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        self.connection.request(method, path, body, self.headers | form)
        response = self.connection.getresponse()
        if cookie := response.headers.get("Set-Cookie"):
            self.headers["Cookie"] = cookie.partition(";")[0]
        return response.status, response.read().decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def fill_in(self, **changed: str) -> dict[str, str]:
        document = BeautifulSoup(self.ask("GET", FORM)[1], "html5lib")
        hidden = {name: value_of(document, name) for name in ("ticket", "terms", "csrfmiddlewaretoken")}
        return FILLED_IN | hidden | changed


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    if connection.vendor != "sqlite":
        pytest.skip("The server gets a copy of the test database in a file")
    make_practice(title="One form for school and kindergarten")
    return Path(database_url(tmp_path).removeprefix("sqlite:///"))


@pytest.fixture
def port(copy: Path) -> Iterator[int]:
    """Where granian serves the site, as `docs/how-to/deploy.md` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{copy}",
        "DJANGO_SETTINGS_MODULE": "tests.ideas.queue_settings",
        "PRIVATE_ROOT": str(copy.parent / "private"),
    }
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "32", "cms.wsgi:application"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet, process_group=0)
    try:
        wait_for(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # with its workers; a copy of a database needs no farewell
        server.wait()


def wait_for(port: int) -> None:
    """Until a worker answers: the port is open before there is one."""
    until = time.monotonic() + START
    while True:
        try:
            with Browser(port, "198.51.100.1") as first:
                assert first.ask("GET", "/health/")[0] == 200
        except ConnectionError:
            assert time.monotonic() < until, "The server did not start"
            time.sleep(0.1)
        else:
            return


def kept(copy: Path) -> tuple[list[int], list[Path]]:
    """How many rows each table has in which an idea leaves something, and the files."""
    with sqlite3.connect(copy) as opened:
        rows = [opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]  # noqa: S608 - fixed
    return rows, [path for path in (copy.parent / "private").rglob("*") if path.is_file()]


def test_ten_thousand_quick_posts_leave_nothing_and_readers_have_their_pages(port: int, copy: Path) -> None:
    """A machine with a valid form sends it again and again on several connections, too short to be an idea."""
    with Browser(port, MACHINE) as machine:
        values, headers = machine.fill_in(title="x"), machine.headers
    before = kept(copy)

    def post(number: int) -> Counter[tuple[int, str]]:
        with Browser(port, MACHINE) as sender:
            sender.headers |= headers
            answers = (sender.ask("POST", FORM, values) for _post in range(POSTS // CONNECTIONS))
            return Counter((status, text if len(text) < 200 else "the form") for status, text in answers)

    with ThreadPoolExecutor(CONNECTIONS) as senders, Browser(port, "198.51.100.1") as reader:
        posts = [senders.submit(post, number) for number in range(CONNECTIONS)]
        waits = read(reader, lambda: all(one.done() for one in posts))
        answers = sum((one.result() for one in posts), Counter[tuple[int, str]]())
    assert answers.total() == POSTS
    assert {status for status, _text in answers} == {400, 429}
    assert answers[400, "the form"] <= WORKERS * TRIES.times
    [(sentence, shortly)] = [(text, count) for (_status, text), count in answers.items() if text != "the form"]
    assert "wait a while" in sentence
    assert shortly > 0.9 * POSTS
    assert kept(copy) == before
    assert quantiles(waits, n=20)[-1] < LONGEST_WAIT
    with Browser(port, "198.51.100.2") as other:
        sent = other.fill_in()
        assert other.ask("POST", FORM, sent | {"ticket": solved(sent["ticket"])})[0] == 302, "others are still heard"
    assert kept(copy)[0][0] == before[0][0] + 1


def read(reader: Browser, is_over: Callable[[], bool]) -> list[float]:
    """Read one page after the other for as long as it takes; how many seconds each of them took."""
    waits: list[float] = []
    while not is_over():
        start = time.monotonic()
        status, text = reader.ask("GET", PAGES[len(waits) % len(PAGES)])
        waits.append(time.monotonic() - start)
        assert (status, "<h1" in text) == (200, True), text
    return waits
