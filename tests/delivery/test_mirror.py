"""The mirror of docs/how-to, run as partners run it: as a program, against a site in which people work."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms.delivery.models import LEDGER, Entry, Ledger, Mark, Published
from cms.delivery.services import begin, settle
from tests.delivery.mirroring import PROGRAM, held, public, start, wait_until_equal
from tests.factories.media import make_image
from tests.factories.pages import make_news, make_standard_page
from tests.factories.site import published, translate
from tests.factories.statistics import make_measure
from tests.factories.vocabularies import add_labels, make_country
from tests.programs import database_url, report_of

if TYPE_CHECKING:
    from pathlib import Path

    from wagtail.models import Site

MANY = 30_000

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]


def run_once(address: str, copy: Path) -> None:
    with start(address, copy, "--once") as program:
        _out, problems = program.communicate(timeout=120)
        assert program.returncode == 0, problems


@pytest.fixture
def begun(site: Site) -> None:
    begin()
    settle()


def test_the_program_is_short_and_needs_nothing_else() -> None:
    lines = PROGRAM.read_text().splitlines()
    assert len(lines) <= 100
    imported = {name for line in lines for name in re.findall(r"^(?:import|from) (\w+)", line)}
    assert imported <= sys.stdlib_module_names


def test_a_copy_follows_what_people_do_and_survives_stops(begun: None, live_server: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    program = start(live_server.url, copy)
    try:
        page, other = make_news(title="One"), make_standard_page(title="Other")
        translate(page, "ru", title="Один")
        wait_until_equal(copy)
        page.title, page.slug, page.cover_image, page.cover_alt = "Two", "two", make_image(), "A room"
        published(page)
        country = make_country("GE")
        make_measure(country)
        PageViewRestriction.objects.create(page=other, restriction_type=PageViewRestriction.LOGIN)
        wait_until_equal(copy)
        program.kill()
        program.communicate()
        other.delete()
        add_labels(country, {"en": "Georgia, renamed"})
        make_news(title="While it was away")
        program = start(live_server.url, copy)
        wait_until_equal(copy)
        assert ("pages", other.pk) not in held(copy)
        assert {kind for kind, _pk in held(copy)} >= {"pages", "images", "redirects", "countries", "measures"}
    finally:
        program.kill()
        program.communicate()


def test_a_copy_outlives_the_deaths_of_server_and_mirror(site: Site, tmp_path: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    report = report_of("tests.delivery.mirroring", str(tmp_path), database_url(tmp_path), **settings)
    assert report["equal"]
    assert report["position"] == report["version"]
    assert report["behind"] > 5, "otherwise nothing was missed while the mirror was away"
    assert report["noticed"], "otherwise the server was not away while the mirror ran"


def test_a_copy_waits_for_a_site_that_is_away(begun: None, live_server: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    with start("http://127.0.0.1:9", copy, "--once") as program:
        assert program.stderr
        assert "trying again in 1 s" in program.stderr.readline()
        assert "trying again in 2 s" in program.stderr.readline()
        program.kill()
    run_once(live_server.url, copy)
    assert held(copy) == public()


def test_a_copy_of_a_ledger_that_is_gone_is_made_anew(begun: None, live_server: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    run_once(live_server.url, copy)
    with sqlite3.connect(copy) as rows:
        rows.execute("UPDATE position SET version = version + 1000")
        rows.execute("UPDATE objects SET payload = '{}'")
    run_once(live_server.url, copy)
    assert held(copy) == public()


def test_thirty_thousand_objects_are_copied_within_a_minute(site: Site, live_server: Any, tmp_path: Path) -> None:
    text = json.dumps({"id": 0, "meta": {"type": "news.NewsPage"}, "body": "A sentence of usual length. " * 40})
    facts = {"kind": "pages", "type": "news.NewsPage", "locale": "en", "etag": "x", "changed_at": timezone.now()}
    numbers = range(1, MANY + 1)
    Entry.objects.bulk_create([Entry(version=one, object_id=one, **facts) for one in numbers], batch_size=5000)
    rows = [Published(version=one, object_id=one, is_public=True, payload=text, **facts) for one in numbers]
    Published.objects.bulk_create(rows, batch_size=2000)
    Ledger.objects.update_or_create(pk=LEDGER, defaults={"version": MANY})
    Mark.objects.all().delete()  # of the pages of the site, which are not in this ledger
    started = time.monotonic()
    run_once(live_server.url, tmp_path / "copy.sqlite3")
    assert time.monotonic() - started < 60
    assert len(held(tmp_path / "copy.sqlite3")) == MANY
