"""Programs that tests run as processes of their own, on the test database, and what they report at their end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from django.db import connection

from tests.contracts.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def database_url(folder: Path) -> str:
    """The address of the test database; for one in memory, of a copy in a file."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "copy.sqlite3")])
        return f"sqlite:///{folder / 'copy.sqlite3'}"
    password = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    host = facts["HOST"] or "localhost"
    return f"postgres://{facts['USER']}{password}@{host}:{facts['PORT'] or 5432}/{facts['NAME']}"


def report_of(module: str, argument: str, url: str, **variables: str) -> Any:
    """The last line of what a program of the tests says, which is JSON."""
    command = [sys.executable, "-m", module, argument]
    environment = os.environ | {"DATABASE_URL": url} | variables
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
