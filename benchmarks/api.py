"""Requests a second of the API: Wagtail's own beside ours, on the present database, from two workers of a web server.

`make bench-api`, or `DATABASE_URL=… .venv/bin/python benchmarks/api.py [--seconds 3] [--connections 16]`. The ledger
has to be complete (`manage.py ledger rebuild`). An answer that is not 200 (or 304, where that is asked for) ends it.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = 200
PRACTICES = "type=practices.PracticePage&fields=*&limit=20"


@dataclass(frozen=True)
class Measured:
    seconds: float
    times: list[float]
    size: int

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def cells(self) -> str:
        p99 = statistics.quantiles(self.times, n=100)[-1]
        return f"{self.rate:,.0f} | {statistics.median(self.times) * 1000:.1f} | {p99 * 1000:.1f}"


class Client(threading.Thread):
    """One connection that asks again and again, with as little work as possible: both sides share the machine."""

    def __init__(self, port: int, requests: list[bytes], until: float) -> None:
        super().__init__()
        self.requests, self.until, self.size = requests, until, 0
        self.times: list[float] = []
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.problem = ""

    def run(self) -> None:
        with self.connection, suppress(StopIteration):
            number = random.randrange(len(self.requests))
            while time.perf_counter() < self.until and not self.problem:
                began = time.perf_counter()
                self.connection.sendall(self.requests[number % len(self.requests)])
                self.read()
                self.times.append(time.perf_counter() - began)
                number += 1

    def read(self) -> None:
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            head += self.received()
        head, _end, body = head.partition(b"\r\n\r\n")
        status = head[9:12]
        if status not in {b"200", b"304"}:
            self.problem = head.decode(errors="replace")
            raise StopIteration
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        left = 0 if status == b"304" else length - len(body)
        while left > 0:
            left -= len(self.received())
        self.size = length

    def received(self) -> bytes:
        part = self.connection.recv(1 << 18)
        if not part:
            self.problem = "the server closed the connection"
            raise StopIteration
        return part


def measure(port: int, paths: list[str], options: argparse.Namespace, etag: str = "") -> Measured:
    extra = f"If-None-Match: {etag}\r\n" if etag else ""
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{extra}\r\n".encode() for path in paths]
    for seconds in (options.warm, options.seconds):
        began = time.perf_counter()
        clients = [Client(port, requests, began + seconds) for _one in range(options.connections)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        if problems := [client.problem for client in clients if client.problem]:
            sys.exit(problems[0])
    times = [one for client in clients for one in client.times]
    return Measured(time.perf_counter() - began, times, max(client.size for client in clients))


@contextmanager
def server(*, is_cached: bool) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(ROOT / ".venv/bin/granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--no-ws", "--log-level", "error", "--backpressure", "64", "cms.wsgi:application"]
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.api_settings", "UNCACHED": "" if is_cached else "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)  # noqa: S603 - its name is fixed
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    sys.exit("The web server does not start.")


def cases(base: str) -> dict[str, list[str]]:
    from wagtail.models import Page

    from cms.delivery.models import Published

    ids = list(Published.objects.filter(is_public=True).values_list("object_id", flat=True))
    chosen = random.Random(1).sample(ids, min(SAMPLE, len(ids)))
    deep = max(0, Page.objects.live().filter(content_type__model="practicepage").count() - 20)
    return {
        "detail": [f"{base}/pages/{pk}/" for pk in chosen],
        "20 practices, all fields": [f"{base}/pages/?{PRACTICES}&offset={start}" for start in range(0, 200, 20)],
        "20 practices, one language": [f"{base}/pages/?{PRACTICES}&locale=en&offset={at}" for at in range(0, 100, 20)],
        "20 practices, the last": [f"{base}/pages/?{PRACTICES}&offset={deep}"],
        "20 pages, by title": [f"{base}/pages/?order=title&offset={start}" for start in range(0, 200, 20)],
    }


def queries(path: str) -> int:
    """How many questions an answer takes that has been given before, but is not kept."""
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    from cms.delivery.answers import answers

    browser = Browser(headers={"host": "127.0.0.1"})
    browser.get(path)
    answers.clear()
    with CaptureQueriesContext(connection) as captured:
        browser.get(path)
    return len(captured)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--warm", type=float, default=1)
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.api_settings")
    import django

    django.setup()
    from django.db import connection

    stock, ours = cases("/stock/v2"), cases("/api/v2")
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {connection.vendor}")
    print("\n| Request | By | Queries | Requests a second | p50 ms | p99 ms |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    found: dict[tuple[str, str], Measured] = {}
    with server(is_cached=False) as port:
        for name in stock:
            for by, paths in (("Wagtail", stock[name]), ("the ledger", ours[name])):
                found[name, by] = measure(port, paths, options)
                print(f"| {name} | {by} | {queries(paths[0])} | {found[name, by].cells} |", flush=True)
    with server(is_cached=True) as port:
        for name in ("detail", "20 practices, all fields"):
            kept = found[name, "kept"] = measure(port, ours[name], options)
            print(f"| {name} | kept answers | 1 | {kept.cells} |", flush=True)
            print(f"| {name} | 304 | 1 | {measure(port, ours[name][:1], options, etag_of(ours[name][0])).cells} |")
            bare = found[name, "bare"] = measure(port, [f"/bare/{kept.size}/"], options)
            print(f"| {name} | a view that returns the same bytes | 0 | {bare.cells} |", flush=True)


def etag_of(path: str) -> str:
    from django.test import Client as Browser

    return str(Browser(headers={"host": "127.0.0.1"}).get(path)["ETag"])


if __name__ == "__main__":
    main()
