"""`make test`: the whole suite with what the machine has, saying plainly what it leaves out.

SQLite always. PostgreSQL where `TEST_POSTGRES_URL` is set or its server is installed. The browser where Chromium is.
With `NOTHING_LEFT_OUT=1` a missing piece is an error. `make coverage` measures what the tests on SQLite run through;
here it would cost a third of the time.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import catalogues
import postgres
import psycopg
from psycopg import sql

PROCESSES = "2"
TEMPLATE = "migrated"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# What one process has compiled is there for the hundreds of others, wherever this is run.
UNWANTED = "PYTHONDONTWRITEBYTECODE"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.pop(UNWANTED, None)
    catalogues.compile_changed()
    has_browser = any(map(shutil.which, CHROMIUM))
    given = os.environ.get("TEST_POSTGRES_URL", "")
    has_postgres = bool(given or postgres.programs())
    left_out = [
        *([] if has_browser else ["the browser tests: Chromium is not installed"]),
        *([] if has_postgres else ["PostgreSQL: TEST_POSTGRES_URL is not set and no server is installed"]),
    ]
    for part in left_out:
        print("Left out:", part, flush=True)
    if left_out and os.environ.get("NOTHING_LEFT_OUT"):
        return 1
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="suites-"))
        file, template = f"{folder}/{TEMPLATE}.sqlite3", ""
        urls = [f"sqlite:///{file}"]
        if has_postgres and not given:
            given, template = stack.enter_context(postgres.temporary_server()), TEMPLATE
            urls.append(create(given, TEMPLATE))
        migrate(urls)
        marks = "not postgres" if has_browser else "not postgres and not browser"
        codes = [pytest("SQLite", "-m", marks, "--reuse-db", TEST_TEMPLATE=file)]
        if has_postgres:
            marks = "not browser and not one_database"
            codes.append(pytest("PostgreSQL", "-m", marks, DATABASE_URL=given, TEST_TEMPLATE=template))
    return max(codes)


def create(url: str, name: str) -> str:
    """Create a database on the server at an address; the address of that database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{url.rpartition('/')[0]}/{name}"


def migrate(urls: list[str]) -> None:
    """Migrate empty databases, all at the same time: those of the test processes begin as their copies."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--settings=cms.settings.test"]
    running = [subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}) for url in urls]
    if max(process.wait() for process in running):
        sys.exit("The databases of the tests could not be migrated.")


def pytest(name: str, *arguments: str, **variables: str) -> int:
    """Run the suite with environment variables on top of this process's own; pytest's exit code."""
    print(f"\nTests on {name}", flush=True)
    # The order is that of tests/conftest.py: the longest come first, and no process is left alone with one at the end.
    processes = ["-n", PROCESSES, "--dist", "loadgroup", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", *processes, "-q", *arguments, *sys.argv[1:]]
    return subprocess.run(command, check=False, env={**os.environ, **variables}).returncode


if __name__ == "__main__":
    sys.exit(main())
