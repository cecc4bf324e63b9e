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
from typing import TYPE_CHECKING

import catalogues
import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = "2"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    catalogues.compile_changed()
    has_browser = any(map(shutil.which, CHROMIUM))
    has_postgres = bool(os.environ.get("TEST_POSTGRES_URL") or postgres.programs())
    left_out = [
        *([] if has_browser else ["the browser tests: Chromium is not installed"]),
        *([] if has_postgres else ["PostgreSQL: TEST_POSTGRES_URL is not set and no server is installed"]),
    ]
    for part in left_out:
        print("Left out:", part, flush=True)
    if left_out and os.environ.get("NOTHING_LEFT_OUT"):
        return 1
    marks = "not postgres" if has_browser else "not postgres and not browser"
    first = pytest("SQLite", "-m", marks)
    if not has_postgres:
        return first
    with postgres_url() as url:
        second = pytest("PostgreSQL", "-m", "not browser and not one_database", DATABASE_URL=url)
    return first or second


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with postgres.temporary_server() as url:
        yield url


def pytest(name: str, *arguments: str, **variables: str) -> int:
    """Run the suite with environment variables on top of this process's own; pytest's exit code."""
    print(f"\nTests on {name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", PROCESSES, "--dist", "loadgroup", "-q", *arguments, *sys.argv[1:]]
    return subprocess.run(command, check=False, env={**os.environ, **variables}).returncode


if __name__ == "__main__":
    sys.exit(main())
