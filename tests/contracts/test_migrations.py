from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.contracts.sources import ROOT, python_sources
from tests.factories.site import build_site, homes

if TYPE_CHECKING:
    from pathlib import Path

LABELS = (
    "home",
    "practices",
    "reports",
    "news",
    "search",
    "taxonomy",
    "core",
    "media",
    "users",
    "background",
    "workflows",
)
LINE_BUDGET = 400
THERE_AND_BACK = """
import gc
gc.set_threshold(200_000, 20, 20)
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

def tables():
    return sorted(connection.introspection.table_names())

before = tables()
MigrationExecutor(connection).migrate([(label, None) for label in {labels!r}])
left = [name for name in tables() if name.startswith({prefixes!r})]
assert not left, f"left behind: {{left}}"
call_command("migrate", verbosity=0)
assert tables() == before
"""


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_every_operation_can_be_reversed() -> None:
    loader = MigrationLoader(connection)
    irreversible = [
        f"{label}.{name}: {operation.describe()}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in LABELS
        for operation in migration.operations
        if not operation.reversible
    ]
    assert irreversible == []


def test_migrations_go_to_zero_and_back(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> None:
    """On a copy of the test database. All but the accounts: with them Wagtail's own migrations would have to go."""
    if connection.vendor != "sqlite":
        pytest.skip("The run on SQLite shows it.")
    path = tmp_path / "migrations.sqlite3"
    with django_db_blocker.unblock(), contextlib.closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        if not homes():  # a test has flushed the database
            build_site()
        connection.connection.backup(copy)
    migrated = {source.path.split("/")[-3] for source in python_sources() if source.is_migration}
    labels = [label for label in LABELS if label in migrated - {"users"}]
    program = THERE_AND_BACK.format(labels=labels, prefixes=tuple(f"{label}_" for label in labels))
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=False, capture_output=True, text=True, env=environment
    )
    assert answer.returncode == 0, answer.stderr


def test_migrations_are_short_and_hold_no_block_definitions() -> None:
    migrations = [source for source in python_sources() if source.is_migration]
    assert migrations
    assert [source.path for source in migrations if len(source.lines) > LINE_BUDGET] == []
    assert [
        source.path for source in migrations if "block_lookup" in source.text or "wagtail.blocks" in source.text
    ] == []
