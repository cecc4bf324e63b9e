"""Worker and receiver of webhooks are killed at random moments: real processes on a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.contracts.sources import ROOT
from tests.delivery.processes import EVENTS
from tests.integration.test_workers import database_url

if TYPE_CHECKING:
    from pathlib import Path

    from wagtail.models import Site

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_event_arrives_and_none_before_the_one_before_it(site: Site, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": database_url(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.delivery.worker_settings"}
    command = [sys.executable, "-m", "tests.delivery.processes", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert list(dict.fromkeys(report["versions"])) == list(range(1, EVENTS + 1))
    # An event may come again, but never one that came before the event after it.
    assert report["versions"] == sorted(report["versions"])
    assert 0 < report["seen"][0] < report["seen"][-1] < EVENTS, "otherwise nothing was on its way at the kills"
