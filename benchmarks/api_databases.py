"""Measures the API on databases made for it: SQLite, and PostgreSQL where it is installed.

`make bench N=1000`, or `.venv/bin/python benchmarks/api_databases.py 1000 [--seconds 2]`: so many items in three
languages, in a temporary folder and a temporary cluster on 127.0.0.1, gone afterwards. Options are those of `api.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv/bin/python")
CONTENT = ("migrate", "load_vocabularies", "install_roles", "install_workflow", "demo")


def measure(url: str, media: str, items: str, options: list[str]) -> None:
    """Fill a database, write its ledger and measure. Raises `CalledProcessError`."""
    environment = os.environ | {"DATABASE_URL": url, "MEDIA_ROOT": media}
    commands = [["manage.py", name] for name in CONTENT]
    commands += [["manage.py", "load", items], ["manage.py", "ledger", "rebuild"], ["manage.py", "update_index"]]
    for command in commands:
        print(" ".join(command), file=sys.stderr, flush=True)
        subprocess.run([PYTHON, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - of this project
    subprocess.run([PYTHON, "benchmarks/api.py", *options], cwd=ROOT, env=environment, check=True)  # noqa: S603 - as above


def main() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from postgres import programs, temporary_server

    items, options = sys.argv[1] if len(sys.argv) > 1 else "1000", sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        measure(f"sqlite:///{folder}/bench.sqlite3", folder, items, options)
    if programs() is None:
        print("\nPostgreSQL is not installed: not measured.")
        return
    print(flush=True)
    with tempfile.TemporaryDirectory() as folder, temporary_server() as url:
        measure(url, folder, items, options)


if __name__ == "__main__":
    main()
