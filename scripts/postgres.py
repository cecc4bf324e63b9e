"""A PostgreSQL server for one run: its own cluster in a temporary folder, on a free port, gone afterwards.

As a command: `scripts/postgres.py make test` runs `make test` with `TEST_POSTGRES_URL` set.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Speed over safety: nothing in this cluster outlives the run.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1"


def programs() -> Path | None:
    """The folder that holds `initdb` and `pg_ctl`; Debian keeps it off the PATH. None where there is no server."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    folders = [folder.parent for folder in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def temporary_server() -> Iterator[str]:
    """Start a server and give its address as a database URL; stop it and remove its files at the end."""
    folder = programs()
    if folder is None:
        raise RuntimeError("PostgreSQL is not installed. On Debian and Ubuntu: apt install postgresql")
    # PostgreSQL refuses to run as root, so root lends it the account that its package created.
    account = "postgres" if os.geteuid() == 0 else None
    data = Path(tempfile.mkdtemp(prefix="postgres-"))
    if account:
        shutil.chown(data, account)
    port = free_port()

    def call(program: str, *arguments: str) -> None:
        command = [str(folder / program), "--pgdata", str(data), *arguments]
        subprocess.run(command, check=True, user=account, cwd=data, stdout=subprocess.DEVNULL)

    try:
        call(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        call("pg_ctl", "--wait", f"--log={data / 'log'}", "-o", f"-p {port} -k {data} {OPTIONS}", "start")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "--wait", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(data, ignore_errors=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with temporary_server() as url:
        environment = {**os.environ, "TEST_POSTGRES_URL": url}
        return subprocess.run(sys.argv[1:], check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
