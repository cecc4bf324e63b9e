"""Worker and receiver of webhooks are killed at random moments: real processes on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.delivery.processes import EVENTS
from tests.programs import database_url, report_of

if TYPE_CHECKING:
    from pathlib import Path

    from wagtail.models import Site

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_event_arrives_and_none_before_the_one_before_it(site: Site, tmp_path: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "tests.delivery.worker_settings"}
    report = report_of("tests.delivery.processes", str(tmp_path), database_url(tmp_path), **settings)
    assert list(dict.fromkeys(report["versions"])) == list(range(1, EVENTS + 1))
    # An event may come again, but never one that came before the event after it.
    assert report["versions"] == sorted(report["versions"])
    assert 0 < report["seen"][0] < report["seen"][-1] < EVENTS, "otherwise nothing was on its way at the kills"
