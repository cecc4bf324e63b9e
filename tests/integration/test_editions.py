"""An import that is under way while a report is published: two connections to a real database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from reports.choices import Frequency
from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.services import Wish, import_statistics
from reports.models import FixedIndicator, Observation, ReportIndicator
from tests.factories.pages import make_country_page, make_report
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "WB.SP.POP.TOTL"
PATIENCE = 30


def import_value(folder: Path, value: int) -> None:
    path = folder / "population.csv"
    path.write_text(f"Country Name,Country Code,Year,Value\nKazakhstan,KAZ,2021,{value}\n")
    import_statistics(PROFILES["worldbank"], [TextFile.at(path)], Options(CODE), Wish())


class UnderWay(threading.Thread):
    """An import that has written its values and does not commit before it is told to."""

    def __init__(self, folder: Path, value: int) -> None:
        super().__init__()
        self.folder, self.value = folder, value
        self.written, self.may_commit = threading.Event(), threading.Event()
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            with transaction.atomic():
                import_value(self.folder, self.value)
                self.written.set()
                assert self.may_commit.wait(PATIENCE)
        except BaseException as error:  # noqa: BLE001 - told to the test, which fails by it
            self.problem = error
        finally:
            self.written.set()
            connection.close()


@pytest.fixture
def facts(site: Any) -> Any:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time: publishing waits until the import is done")
    make_country_page(country=make_country("KZ"))
    return make_indicator(CODE, frequency=Frequency.ANNUAL, scale_type="count", decimals=0)


def panel_of(client: Client, report: Any) -> str:
    return client.get(report.url).content.decode().partition('class="panel-figure"')[2].partition("</section>")[0]


@pytest.mark.parametrize("before", [100, None])
def test_what_it_brings_is_newer_than_what_the_report_shows(
    client: Client, facts: Any, tmp_path: Path, before: int | None
) -> None:
    """Whether something was known before or nothing: publishing does not wait, and shows what was there."""
    if before is not None:
        import_value(tmp_path, before)
    running = UnderWay(tmp_path, 200)
    running.start()
    assert running.written.wait(PATIENCE)
    assert running.problem is None
    report = make_report(indicator_panel=[ReportIndicator(indicator=facts)])
    shown = panel_of(client, report)
    running.may_commit.set()
    running.join(PATIENCE)
    assert running.problem is None
    assert Observation.objects.current().get().value == 200
    assert Observation.objects.current().get().valid_from < FixedIndicator.objects.get().fixed_at
    after = panel_of(client, report)
    assert ("not covered" in shown, "not covered" in after) == (before is None, before is None)
    assert ">200<" not in after
    assert "1 value of this time was changed or added" in after
