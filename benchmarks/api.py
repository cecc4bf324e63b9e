"""Requests a second of the API: Wagtail's own beside ours, on the present database, from two workers of a web server.

`DATABASE_URL=… .venv/bin/python benchmarks/api.py [--seconds 2] [--connections 16] [--only search]`; `make bench`
makes databases for it. The ledger has to be complete (`manage.py ledger rebuild`). An answer that is not 200 (or 304,
where that is asked for) ends it.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import signal
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
    from collections.abc import Iterable, Iterator

    from api_cases import Case

Costs = dict[str, float]
PATIENCE = 5  # seconds
ROUNDS = 9  # in which what is close to each other is measured in turn
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """`work` is how many seconds the processors worked for it, those of the server and of PostgreSQL."""

    seconds: float
    times: list[float]
    size: int
    work: float

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def cost(self) -> float:
        """Seconds of work for a request."""
        return self.work / len(self.times)

    @property
    def quantiles(self) -> str:
        p99 = statistics.quantiles([*self.times, *self.times], n=100)[-1]
        return f"{statistics.median(self.times) * 1000:.1f} | {p99 * 1000:.1f}"


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


def work_of(processes: Iterable[int]) -> dict[int, float]:
    """Seconds for which processors have worked for each of some processes; nothing where the system does not tell."""
    found = {}
    for pid in processes:
        with suppress(OSError):
            facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            found[pid] = (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
    return found


def processes_of(server: int) -> set[int]:
    """Those of a web server, and those with which PostgreSQL serves them."""
    from django.db import connection

    found = {server}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            found |= {int(stat.parent.name)} if parent == server else set()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            found |= {row[0] for row in cursor.fetchall()}
    return found


def measure(server: Server, paths: list[str], options: argparse.Namespace, etag: str = "") -> Measured:
    extra = f"If-None-Match: {etag}\r\n" if etag else ""
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{extra}\r\n".encode() for path in paths]
    for seconds in (options.warm, options.seconds):
        began, processes = time.perf_counter(), processes_of(server.pid)
        work = work_of(processes)
        clients = [Client(server.port, requests, began + seconds) for _one in range(options.connections)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        if problems := [client.problem for client in clients if client.problem]:
            sys.exit(problems[0])
    times = [one for client in clients for one in client.times]
    spent = sum(seconds - work[pid] for pid, seconds in work_of(processes).items() if pid in work)
    return Measured(time.perf_counter() - began, times, max(client.size for client in clients), spent)


@dataclass(frozen=True)
class Server:
    port: int
    pid: int


@contextmanager
def serving(**environment: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(ROOT / ".venv/bin/granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--no-ws", "--log-level", "error", "--blocking-threads", "32", "cms.wsgi:application"]
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.api_settings"} | environment
    environment = os.environ | settings
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603 - its name is fixed
    try:
        wait_for(port)
        yield Server(port, process.pid)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and its workers, which may wait for a reader that is gone."""
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    sys.exit("The web server does not start.")


def queries(path: str, *, keeps_lists: bool = True) -> int:
    """How many questions an answer takes that is not kept; nor are lists, unless they are."""
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    from cms.delivery import answers

    browser = Browser(headers={"host": "127.0.0.1"})
    browser.get(path)
    (answers.answers.clear if keeps_lists else answers.forget)()
    with CaptureQueriesContext(connection) as captured:
        browser.get(path)
    return len(captured)


def main() -> None:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped, too
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.api_settings")
    import django

    django.setup()
    from api_cases import cases
    from django.db import connection
    from wagtail.models import Page

    asked = [case for case in cases() if not options.only or options.only in case.name]
    pages = Page.objects.live().filter(depth__gt=1).count()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {connection.vendor}")
    print(f"{pages:,} pages, {options.connections} connections, load {os.getloadavg()[0]:.1f} at the beginning\n")
    print("| Request | By | Queries | Requests a second | p50 ms | p99 ms | CPU ms | Times Wagtail |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    compare(asked, options)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--warm", type=float, default=0.5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--only", default="", help="Requests whose names contain this.")
    return parser.parse_args()


def compare(asked: list[Case], options: argparse.Namespace) -> None:
    """Each kind of request side by side: Wagtail, the ledger with and without kept lists, kept answers, bytes alone."""
    stock: Costs = {}
    with serving(UNCACHED="1") as server:
        for case in asked:
            if case.stock:
                found = measure(server, case.stock, options)
                stock[case.name] = found.cost
                say(case, "Wagtail", queries(case.stock[0]), found)
            say(case, "the ledger", queries(case.ours[0]), measure(server, case.ours, options), stock)
    with serving(UNCACHED="1", UNLISTED="1") as server:
        for case in asked:
            if case.is_list:
                count = queries(case.ours[0], keeps_lists=False)
                say(case, "the ledger, no list kept", count, measure(server, case.ours, options), stock)
    with serving() as server, serving(BARE="1") as bare:
        shares = [compare_kept(case, server, bare, options, stock) for case in asked if case.is_kept]
    print(
        "\n| Request | Kept answers, of a view alone | 304, of kept answers |",
        "| --- | ---: | ---: |",
        *shares,
        sep="\n",
    )


def compare_kept(case: Case, server: Server, bare: Server, options: argparse.Namespace, stock: Costs) -> str:
    """In turn, as the machine differs more from minute to minute than these do; a row of how they compare in rounds."""
    etag, size = etag_of(case.ours[0]), measure(server, case.ours, options).size
    kept, same, alone = [], [], []
    for _round in range(ROUNDS):
        kept.append(measure(server, case.ours, options))
        same.append(measure(server, case.ours[:1], options, etag))
        alone.append(measure(bare, [f"/bare/{size}/"], options))
    say(case, "kept answers", 1, together(kept), stock)
    say(case, "304", 1, together(same), stock)
    say(case, "a view alone", 0, together(alone), stock)
    return f"| {case.name} | {share_of(kept, alone)} | {share_of(same, kept)} |"


def share_of(found: list[Measured], others: list[Measured]) -> str:
    """The median of the rounds, and between what half of them lie."""
    shares = [one.rate / other.rate for one, other in zip(found, others, strict=True)]
    low, middle, high = statistics.quantiles(shares, n=4)
    return f"{middle:.0%} ({low:.0%} to {high:.0%})"


def together(found: list[Measured]) -> Measured:
    times = [one for part in found for one in part.times]
    return Measured(sum(part.seconds for part in found), times, found[0].size, sum(part.work for part in found))


def say(case: Case, by: str, count: int, found: Measured, stock: Costs | None = None) -> None:
    """A row; how many times cheaper than Wagtail's own an answer is, is told by the work of the processors."""
    times = f"{stock[case.name] / found.cost:,.0f}" if stock and case.name in stock and found.cost else ""
    numbers = f"{found.rate:,.0f} | {found.quantiles} | {found.cost * 1000:.2f} | {times}"
    print(f"| {case.name} | {by} | {count} | {numbers} |", flush=True)


def etag_of(path: str) -> str:
    from django.test import Client as Browser

    return str(Browser(headers={"host": "127.0.0.1"}).get(path)["ETag"])


if __name__ == "__main__":
    main()
