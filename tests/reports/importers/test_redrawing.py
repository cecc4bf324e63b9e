"""After an import workers draw what live pages show of the new values, and no reader waits for it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
import vl_convert
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cms.background.services import execute
from reports.choices import Frequency
from reports.importers.errors import RefusedFileError
from reports.importers.tasks import check_statistics
from reports.models import Indicator, IndicatorIndexPage
from reports.tasks import draw_changed, draw_indicator
from reports.vega.rendering import CACHE
from taxonomy.models import Country
from tests.background.effects import claimed, work
from tests.factories.pages import make_standard_page
from tests.factories.site import homes, index_page
from tests.factories.statistics import make_indicator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from wagtail.models import Site

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

HEADER = "Country Name,Country Code,Year,Value"
A = (HEADER, "Kazakhstan,KAZ,2018,10", "Kazakhstan,KAZ,2019,11")
B = (HEADER, "Kazakhstan,KAZ,2018,10", "Kazakhstan,KAZ,2019,13")


@pytest.fixture
def shared(settings: Any, tmp_path: Path) -> None:
    """Processes share what is drawn."""
    folder = str(tmp_path / "charts")
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": folder}
    settings.CACHES = settings.CACHES | {CACHE: files}


@pytest.fixture
def population(countries: None, site: Site) -> Indicator:
    return make_indicator("WB.SP.POP.TOTL", frequency=Frequency.ANNUAL)


@pytest.fixture
def bring(take: Take, write: Write, shared: None, population: Indicator) -> Callable[..., None]:
    """Import values of the population."""

    def import_rows(rows: tuple[str, ...], **wish: Any) -> None:
        take("worldbank", write("population.csv", *rows), **wish)

    return import_rows


@pytest.fixture
def queue(settings: Any) -> None:
    """Tasks wait until a worker's turn."""
    settings.TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}


@pytest.fixture
def pages(population: Indicator) -> dict[str, Any]:
    """A page with a chart in two languages, one that is no longer public, and one without a chart."""
    value = {"indicators": [population.pk], "countries": [Country.objects.get(code="KZ").pk], "chart_type": "line"}
    body = [{"type": "indicator_chart", "value": value | {"note": "", "start": None, "end": None}}]
    made = {code: make_standard_page(homes()[code], title=f"Chart {code}", body=body) for code in ("en", "ru")}
    made["withdrawn"] = make_standard_page(title="Withdrawn", body=body)
    made["withdrawn"].unpublish()
    make_standard_page(title="No chart")
    return made


def waiting() -> list[tuple[str, Any]]:
    rows = DBTaskResult.objects.filter(status="READY").order_by("-priority", "enqueued_at")
    return [(row.task_path.rsplit(".", 1)[-1], row.args_kwargs["args"]) for row in rows]


def test_what_live_pages_show_is_drawn_in_each_language_before_a_reader_asks(
    client: Client,
    bring: Callable[..., None],
    population: Indicator,
    pages: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for rows in (A, B):
        bring(rows)
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda *_args, **_options: pytest.fail("drawn for a reader"))
    addresses = [pages[code].url for code in ("en", "ru")]
    addresses += [f"{index_page(IndicatorIndexPage, code).url}{population.code}/" for code in ("en", "ru", "kk")]
    for address in addresses:
        assert b"plot-wide" in client.get(address).content


def test_an_import_only_asks_for_the_drawings_and_what_people_wait_for_goes_first(
    bring: Callable[..., None], population: Indicator, pages: dict[str, Any], queue: None
) -> None:
    bring(A)
    assert waiting() == [("draw_changed", [[population.pk]])]
    check_statistics.enqueue(1)
    assert [name for name, _arguments in waiting()] == ["check_statistics", "draw_changed"]
    execute(claimed())
    execute(claimed())
    assert waiting() == [
        ("draw_indicator", [population.pk]),
        *(("draw_charts", [pages[code].pk]) for code in ("en", "ru")),
    ]
    assert work() == 3
    assert DBTaskResult.objects.exclude(status="SUCCESSFUL").count() == 0


@pytest.mark.parametrize("case", ["dry run", "unchanged", "refused", "not shared"])
def test_what_changes_no_value_or_reaches_no_reader_has_nothing_drawn(
    case: str, bring: Callable[..., None], queue: None, settings: Any
) -> None:
    if case == "unchanged":
        bring(A)
        work()
    if case == "not shared":
        settings.CACHES = settings.CACHES | {CACHE: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    refusal = pytest.raises(RefusedFileError) if case == "refused" else nullcontext()
    with refusal:
        rows = (HEADER,) if case == "refused" else A
        bring(rows, dry_run=case == "dry run")
    assert waiting() == []


def test_a_chart_that_cannot_be_drawn_is_tried_again_and_named(
    bring: Callable[..., None], queue: None, population: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(A)

    def fail(*_args: Any, **_options: Any) -> str:
        raise ValueError("no room")

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", fail)
    work()
    row = DBTaskResult.objects.get(status="READY")
    assert row.task_path.endswith("draw_indicator")
    assert f"DrawingError: {population.code}" in row.traceback
    monkeypatch.undo()
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    assert work() == 1
    assert DBTaskResult.objects.exclude(status="SUCCESSFUL").count() == 0


def test_what_was_deleted_meanwhile_needs_no_drawing(shared: None, site: Site) -> None:
    draw_indicator.enqueue(10**9)
    draw_changed.enqueue([10**9])
