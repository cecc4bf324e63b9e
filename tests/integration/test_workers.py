"""Workers that are killed, and workers that do the same at the same time: real processes on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from wagtail.models import Page

from tests.background.processes import KILLS, TASKS
from tests.factories.pages import make_practice
from tests.factories.site import locale
from tests.programs import database_url, report_of

if TYPE_CHECKING:
    from pathlib import Path

PAGES = 50
SETTINGS = "tests.background.worker_settings"

pytestmark = pytest.mark.django_db(transaction=True)


def run(what: str, folder: Path) -> Any:
    return report_of("tests.background.processes", what, database_url(folder), DJANGO_SETTINGS_MODULE=SETTINGS)


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
