"""Whether the limit of requests holds over several processes: a site of its own on 127.0.0.1, asked by many at once.

`DATABASE_URL=… .venv/bin/python benchmarks/limits.py [--rate 300] [--requests 1200]`. Nothing but the table of counts
is written to. Ends with status 1 where more was answered than the limit allows.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS, READERS = 2, 16
ADDRESS = "/api/v2/themes/"
MINUTE, LONGEST = 60, 30


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ask(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", ADDRESS)
        return connection.getresponse().status
    finally:
        connection.close()


def wait_for(port: int) -> None:
    """Until the site answers. Raises `TimeoutError`."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        try:
            ask(port)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no answer on port {port}")


def measure(port: int, requests: int) -> tuple[Counter[int], float]:
    """The statuses of so many requests within one full minute, and how many seconds they took."""
    left = MINUTE - time.time() % MINUTE
    time.sleep(left + 0.5)
    start = time.monotonic()
    with ThreadPoolExecutor(READERS) as readers:
        statuses = Counter(readers.map(lambda _number: ask(port), range(requests)))
    return statuses, time.monotonic() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--requests", type=int, default=1200)
    options = parser.parse_args()
    port = free_port()
    command = [str(ROOT / ".venv/bin/granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", "32", "cms.wsgi:application"]
    environment = {"DJANGO_SETTINGS_MODULE": "cms.settings.dev"} | os.environ
    environment["API_ANONYMOUS_RATE"] = str(options.rate)
    quiet = subprocess.DEVNULL
    site = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603 - fixed
    try:
        wait_for(port)
        statuses, seconds = measure(port, options.requests)
    finally:
        site.terminate()
        site.wait()
    answered = statuses[HTTPStatus.OK]
    print(
        f"{options.requests} requests in {seconds:.1f} s, {WORKERS} processes, limit {options.rate}: {dict(statuses)}"
    )
    if seconds > MINUTE - 1:
        print("They took more than a minute: ask for fewer.")
        return 1
    if odd := set(statuses) - {HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS}:
        print(f"There were other answers: {odd}. The database has to be migrated.")
        return 1
    return int(answered > options.rate)


if __name__ == "__main__":
    sys.exit(main())
