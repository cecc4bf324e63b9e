"""A mirror, and a web server that is killed under it while somebody works: `python -m tests.delivery.mirroring FOLDER`.

Runs on the database that DATABASE_URL names. Server and mirror are processes of their own, as at a partner's; this one
edits. Nothing waits for a time: each step is taken once the one before it can be seen.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "docs/how-to/mirror.py"
PATIENCE = 60


def start(address: str, copy: Path, *options: str, problems: Any = subprocess.PIPE) -> subprocess.Popen[str]:
    """The program of docs/how-to."""
    command = [sys.executable, str(PROGRAM), address, str(copy), *options]
    return subprocess.Popen(command, stderr=problems, text=True)


def held(copy: Path) -> dict[tuple[str, int], Any]:
    with closing(sqlite3.connect(copy)) as rows:
        found = rows.execute("SELECT kind, id, payload FROM objects")
        return {(kind, pk): json.loads(payload) for kind, pk, payload in found}


def position(copy: Path) -> int:
    with closing(sqlite3.connect(copy)) as rows:
        return int(rows.execute("SELECT version FROM position").fetchone()[0])


def public() -> dict[tuple[str, int], Any]:
    from cms.delivery.models import Published

    return {(row.kind, row.object_id): json.loads(row.whole) for row in Published.objects.filter(is_public=True)}


def wait_for(condition: Callable[[], bool], problem: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(problem)
        time.sleep(0.05)


def wait_until_equal(copy: Path) -> None:
    wait_for(lambda: copy.exists() and held(copy) == public(), "the copy does not become what is public")


class Server:
    """The web server of production, at an address that stays the same."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address, self.log = f"http://127.0.0.1:{self.port}", log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", "--no-ws", "cms.wsgi:application"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def kill(self) -> None:
        """It and its workers, in the middle of whatever they do."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Editor:
    """What somebody does meanwhile: each round leaves something of every kind of change."""

    def __init__(self) -> None:
        from tests.factories.pages import make_news, make_standard_page
        from tests.factories.vocabularies import make_country

        self.country, self.rounds = make_country("GE"), 0
        self.section, self.other = make_standard_page(slug="section"), make_standard_page(slug="other")
        self.pages = [make_news(slug=f"news-{number}") for number in range(6)]
        make_standard_page(parent=self.section, slug="below")

    def work(self) -> None:
        from wagtail.models import Page

        from tests.factories.media import make_image
        from tests.factories.pages import make_news
        from tests.factories.site import published, translate
        from tests.factories.vocabularies import add_labels

        self.rounds += 1
        page, leaving = self.pages.pop(0), self.pages.pop(0)
        page.title, page.slug = f"Round {self.rounds}", f"round-{self.rounds}"
        page.cover_image, page.cover_alt = make_image(), "A room"
        published(page)
        translate(page, "ru", title=f"Круг {self.rounds}")
        leaving.delete() if self.rounds % 2 else leaving.unpublish()
        add_labels(self.country, {"en": f"Georgia {self.rounds}"})
        places = [self.other, self.section]
        # The page that was below the first of two is moved below the second, and back in the next round.
        below = Page.objects.get(slug="below")
        below.move(Page.objects.get(pk=places[(self.rounds + 1) % 2].pk), pos="last-child")
        self.pages.append(make_news(slug=f"new-{self.rounds}"))


def main() -> dict[str, Any]:
    from cms.delivery.models import Ledger
    from cms.delivery.services import begin, settle

    folder = Path(sys.argv[1])
    copy, log = folder / "mirror.sqlite3", folder / "mirror.log"
    server = Server(folder / "server.log")
    mirror: Any = None

    def version() -> int:
        return Ledger.objects.get().version

    def follow() -> Any:
        with log.open("a") as problems:
            return start(server.address, copy, problems=problems)

    try:
        server.start()  # it takes seconds, in which the ledger is begun
        begin()
        settle()
        editor = Editor()
        wait_for(server.answers, "the web server does not start")
        mirror = follow()
        wait_until_equal(copy)
        # The mirror goes in the middle of what it does, and is away while people go on.
        editor.work()
        mirror.kill()
        mirror.wait()
        editor.work()
        behind = version() - position(copy)
        mirror = follow()
        wait_until_equal(copy)
        # The server goes under the mirror, and is back some time after people have gone on.
        is_calm = not log.read_text()
        server.kill()
        server.start()
        editor.work()
        wait_until_equal(copy)
    finally:
        server.kill()
        if mirror:
            mirror.kill()
            mirror.wait()
    return {
        "behind": behind,
        "noticed": is_calm and "trying again" in log.read_text(),
        "version": version(),
        "position": position(copy),
        "equal": held(copy) == public(),
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main()))
