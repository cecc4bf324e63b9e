"""How long a partner needs to copy everything: `docs/how-to/mirror.py` and the web server, on databases made for it.

`.venv/bin/python benchmarks/mirror.py [--objects 30000] [--bytes 8000]`: so many objects with JSON of that length stand
in the ledger of a temporary SQLite database, and of PostgreSQL where it is installed, and are copied over HTTP.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv/bin/python")
BATCH = 1000


def fill(count: int, size: int) -> None:
    """A ledger of invented news, written past everything that would make it one by one."""
    from django.utils import timezone

    from cms.delivery.models import LEDGER, Entry, Ledger, Mark, Published

    facts = {"kind": "pages", "type": "news.NewsPage", "locale": "en", "etag": "x", "changed_at": timezone.now()}
    text = json.dumps({"meta": {"type": "news.NewsPage"}, "body": ("A sentence of usual length. " * size)[:size]})
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        Entry.objects.bulk_create([Entry(version=one, object_id=one, **facts) for one in numbers])
        rows = [Published(version=one, object_id=one, is_public=True, payload=text, **facts) for one in numbers]
        Published.objects.bulk_create(rows)
    Ledger.objects.update_or_create(pk=LEDGER, defaults={"version": count})
    Mark.objects.all().delete()


def change(every: int) -> int:
    """Give some of the objects the next versions; how many these are."""
    from django.db.models import F

    from cms.delivery.models import Ledger, Published

    last = Ledger.objects.get().version
    changed = Published.objects.annotate(rest=F("object_id") % every).filter(rest=0)
    rows = list(changed.only("pk"))
    for number, row in enumerate(rows, 1):
        row.version = last + number
    Published.objects.bulk_update(rows, ["version"], batch_size=BATCH)
    Ledger.objects.update(version=last + len(rows))
    return len(rows)


def measure(count: int, size: int) -> None:
    import django

    django.setup()
    from api import serving
    from django.db import connection

    fill(count, size)
    with tempfile.TemporaryDirectory() as folder, serving() as server:
        command = [PYTHON, "docs/how-to/mirror.py", f"http://127.0.0.1:{server.port}", f"{folder}/copy", "--once"]

        def copy(what: str, objects: int) -> None:
            began = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - of this project
            seconds = time.perf_counter() - began
            print(
                f"| {connection.vendor} | {what} | {objects:,} | {seconds:.1f} | {objects / seconds:,.0f} |", flush=True
            )

        copy("everything, into an empty copy", count)
        copy("what has changed since, a hundredth", change(100))
        copy("nothing has changed", 0)


def on(url: str, options: argparse.Namespace) -> None:
    """Make the tables of a database and measure, in processes that know it alone. Raises `CalledProcessError`."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.api_settings"}
    numbers = ["--objects", str(options.objects), "--bytes", str(options.bytes)]
    for command in (["manage.py", "migrate", "--verbosity", "0"], [__file__, "--here", *numbers]):
        subprocess.run([PYTHON, *command], cwd=ROOT, env=environment, check=True)  # noqa: S603 - of this project


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=30_000)
    parser.add_argument("--bytes", type=int, default=8000)
    parser.add_argument("--here", action="store_true", help="Fill and measure the database that DATABASE_URL names.")
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
    if options.here:
        measure(options.objects, options.bytes)
        return
    from postgres import programs, temporary_server

    print(f"{options.objects:,} objects of {options.bytes:,} bytes; load {os.getloadavg()[0]:.1f} at the beginning\n")
    print("| Database | What is copied | Objects | Seconds | Objects a second |")
    print("| --- | --- | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        on(f"sqlite:///{folder}/mirror.sqlite3", options)
    if programs():
        with temporary_server() as url:
            on(url, options)


if __name__ == "__main__":
    main()
