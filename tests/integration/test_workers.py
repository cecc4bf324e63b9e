"""Workers that are killed, and workers that do the same at the same time: real processes on a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from tests.background.processes import KILLS, TASKS
from tests.contracts.sources import ROOT
from tests.factories.pages import make_practice
from tests.factories.site import locale

if TYPE_CHECKING:
    from pathlib import Path

PAGES = 50
SETTINGS = "tests.background.worker_settings"

pytestmark = pytest.mark.django_db(transaction=True)


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


def report_of(module: str, folder: Path, *, settings: str) -> Any:
    """What a program of the tests says at its end, on the test database or a copy of it."""
    variables = {"DATABASE_URL": database_url(folder), "DJANGO_SETTINGS_MODULE": settings}
    command = [sys.executable, "-m", module, str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def run(what: str, folder: Path) -> dict[str, Any]:
    environment = os.environ | {"DATABASE_URL": database_url(folder), "DJANGO_SETTINGS_MODULE": SETTINGS}
    command = [sys.executable, "-m", "tests.background.processes", what]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def test_no_task_is_lost_and_no_effect_doubled_when_workers_are_killed(tmp_path: Path) -> None:
    report = run("kill", tmp_path)
    each = list(range(TASKS // 2))
    assert (report["tasks"], report["successful"]) == (TASKS, TASKS)
    assert report["once"] == each
    assert sorted(set(report["at_least_once"])) == each
    assert report["interrupted"] > KILLS / 2, "otherwise the workers were killed while they were idle"


def test_a_page_goes_live_at_its_time_and_once_with_two_workers(site: Any, tmp_path: Path) -> None:
    practice = make_practice()
    practice.unpublish()
    practice.go_live_at = timezone.now() + timedelta(seconds=3)
    practice.save_revision().publish()
    assert not Page.objects.get(pk=practice.pk).live
    report = run("publish", tmp_path)
    assert report["times"] == 1
    assert 0 <= report["seconds"] < 60


def test_fifty_pages_are_asked_for_in_three_languages_at_once_and_made_once(
    site: Any, admin_user: Any, tmp_path: Path
) -> None:
    for number in range(PAGES):
        make_practice(title=f"Window {number}")
    locale("fr")
    report = run("translate", tmp_path)
    assert report["seconds"] < 1
    assert 0 < report["interrupted_at"][-1] < 3 * PAGES, "otherwise the workers were killed while they were idle"
    assert (report["ready"], report["drafts"], report["made"]) == (3 * PAGES, 3 * PAGES, 3 * PAGES)
    assert report["languages"] == {"ru": PAGES, "kk": PAGES, "fr": PAGES}
    assert (report["live"], report["above"]) == (0, 0)
