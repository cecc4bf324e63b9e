"""What is kept of each series is what its observations amount to, whatever files have come."""

from __future__ import annotations

import importlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.importers.errors import RefusedFileError
from reports.models import Indicator, Observation, SeriesSummary
from tests.factories.statistics import make_indicator, observe, revise
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

pytestmark = pytest.mark.django_db
PUBLISHED = "Country Name,Country Code,Year,Value\n"
OWN = "indicator,country,period,value,status,note\n"
PLACES = st.tuples(st.sampled_from(["KAZ", "GEO", "ARM"]), st.integers(2018, 2021))
# Small numbers, so that values often stay and come back; an empty cell withdraws a value.
CELLS = st.dictionaries(PLACES, st.sampled_from(["0", "1", "2.5", ""]), min_size=1, max_size=6)
NAMES = st.sampled_from(["population", "gdp", "own"])
FILES = st.lists(st.tuples(NAMES, CELLS), min_size=1, max_size=5)


def kept() -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """What is kept of each series, by indicator, country and origin."""
    return {
        (one.indicator.code, one.country.code, one.origin): (
            one.first_period,
            one.last_period,
            one.value_count,
            one.changed,
            one.newest_id,
        )
        for one in SeriesSummary.objects.all()
    }


def counted() -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """The same, of the open observations themselves."""
    series: dict[tuple[str, str, str], list[Observation]] = {}
    for row in Observation.objects.filter(valid_to=None).order_by("period_start"):
        series.setdefault((row.indicator.code, row.country.code, row.origin), []).append(row)
    found = {}
    for key, rows in series.items():
        valued = [row for row in rows if row.value is not None]
        first, last = (valued[0].period_start, valued[-1].period_start) if valued else (None, None)
        found[key] = (first, last, len(valued), max(row.valid_from for row in rows), (valued or rows)[-1].pk)
    return found


def published(cells: dict[tuple[str, int], str]) -> str:
    return PUBLISHED + "".join(f"Name,{country},{year},{value}\n" for (country, year), value in cells.items())


def own(cells: dict[tuple[str, int], str]) -> str:
    return OWN + "".join(f"WB.SP.POP.TOTL,{country},{year},{value},,\n" for (country, year), value in cells.items())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES)
def test_files_in_any_order_leave_what_counting_would_find(
    take: Take, tmp_path: Path, files: list[tuple[str, dict[tuple[str, int], str]]]
) -> None:
    make_indicator("WB.SP.POP.TOTL", frequency="A")
    with transaction.atomic():
        for name, cells in files:
            path = tmp_path / f"{name}.csv"
            path.write_text(own(cells) if name == "own" else published(cells))
            take("template" if name == "own" else "worldbank", path)
            assert kept() == counted()
        transaction.set_rollback(True)


@pytest.fixture
def population(take: Take, write: Write) -> Indicator:
    """Two years of Kazakhstan, and one of Georgia."""
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2019,1", "-,KAZ,2020,2", "-,GEO,2019,5"))
    return Indicator.objects.get(code="WB.SP.POP.TOTL")


def summary(code: str = "KZ", origin: str = "international") -> SeriesSummary:
    return SeriesSummary.objects.select_related("newest").get(country__code=code, origin=origin)


def test_a_dry_run_leaves_the_series_as_they_are(population: Indicator, take: Take, write: Write) -> None:
    before = kept()
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2021,3", "-,ARM,2021,3"), dry_run=True)
    assert kept() == before


def test_a_second_file_that_is_refused_takes_the_first_back(population: Indicator, take: Take, write: Write) -> None:
    before = kept()
    first = write("population.csv", PUBLISHED.strip(), "-,KAZ,2021,3", "-,ARM,2021,3")
    with pytest.raises(RefusedFileError):
        take("worldbank", first, write("gdp.csv", PUBLISHED.strip()))
    assert kept() == before


def test_a_file_without_news_touches_no_series(population: Indicator, take: Take, write: Write) -> None:
    SeriesSummary.objects.update(value_count=77)
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2019,1", "-,GEO,2019,5"))
    assert {one.value_count for one in SeriesSummary.objects.all()} == {77}


def test_only_the_series_that_a_file_changes_are_written(population: Indicator, take: Take, write: Write) -> None:
    SeriesSummary.objects.update(value_count=77)
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2019,9", "-,GEO,2019,5"))
    assert (summary("KZ").value_count, summary("GE").value_count) == (2, 77)


def test_the_newest_is_the_row_that_was_opened_last(population: Indicator, take: Take, write: Write) -> None:
    before = summary().newest
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2020,8"))
    assert summary().newest.value == 8
    assert summary().newest_id != before.pk
    assert summary().changed == summary().newest.valid_from > before.valid_from


def test_a_revision_of_an_earlier_year_is_a_change_of_the_series_alone(
    population: Indicator, take: Take, write: Write
) -> None:
    before = summary()
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2019,8"))
    after = summary()
    assert after.newest == before.newest
    assert after.changed > before.changed


def test_a_newest_value_that_is_withdrawn_gives_way_to_the_one_before(
    population: Indicator, take: Take, write: Write
) -> None:
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2020,"))
    found = summary()
    assert (found.last_period, found.value_count, found.newest.value) == (found.first_period, 1, Decimal(1))
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2019,"))
    found = summary()
    assert (found.first_period, found.last_period, found.value_count) == (None, None, 0)
    assert (found.newest.period_start.year, found.newest.value) == (2020, None)
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2018,4"))
    found = summary()
    assert (found.newest.period_start.year, found.newest.value) == (2018, Decimal(4))


def test_national_figures_are_series_of_their_own(population: Indicator, take: Take, write: Write) -> None:
    international = kept()
    take("template", write("own.csv", OWN.strip(), "WB.SP.POP.TOTL,KZ,2024,7,P,Census"))
    assert summary("KZ", "national").newest.note == "Census"
    assert {key: facts for key, facts in kept().items() if key[2] == "international"} == international
    with pytest.raises(SeriesSummary.DoesNotExist):
        summary("GE", "national")


def test_a_status_alone_reaches_what_is_kept(population: Indicator, take: Take, write: Write) -> None:
    take("template", write("own.csv", OWN.strip(), "WB.SP.POP.TOTL,KZ,2024,7,P,"))
    take("template", write("own.csv", OWN.strip(), "WB.SP.POP.TOTL,KZ,2024,7,A,"))
    assert summary("KZ", "national").newest.status == "A"


def test_the_past_is_asked_of_the_observations(population: Indicator, take: Take, write: Write) -> None:
    moment = summary().changed
    take("worldbank", write("population.csv", PUBLISHED.strip(), "-,KAZ,2021,3", "-,KAZ,2020,9"))
    assert [row.value for row in Observation.objects.as_of(moment).filter(country__code="KZ").order_by("pk")] == [1, 2]
    assert summary().value_count == 3


def test_an_installation_that_has_observations_finds_its_series_summarised(population: Indicator) -> None:
    revise(observe(population, make_country("AM"), {"2001-01-01": 1, "2002-01-01": None})[0], 4)
    observe(population, make_country("AM"), {"2003-01-01": 1}, origin="national")
    migration = importlib.import_module("reports.migrations.0008_summarise_series")
    SeriesSummary.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(migration.SUMMARISE)
    assert kept() == counted()
    assert len(kept()) == 4


def test_an_observation_that_is_the_newest_is_not_deleted_behind_the_back_of_its_series(
    population: Indicator,
) -> None:
    with pytest.raises(ProtectedError):
        summary().newest.delete()
