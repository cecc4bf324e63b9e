"""What a second file does to the values of a first one, and what an import that fails does not do."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from reports.choices import Frequency, ObservationStatus, RejectReason
from reports.importers.errors import RefusedFileError
from reports.models import ImportRun, Indicator, Observation
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

pytestmark = pytest.mark.django_db
HEADER = "Country Name,Country Code,Year,Value"
A = (HEADER, "Kazakhstan,KAZ,2018,10", "Kazakhstan,KAZ,2019,11", "Georgia,GEO,2018,3", "World,WLD,2018,99")
B = (HEADER, "Kazakhstan,KAZ,2018,10", "Kazakhstan,KAZ,2019,12.5", "Georgia,GEO,2018,", "Georgia,GEO,2019,4")


def known(rows: Any) -> dict[tuple[str, int], Decimal | None]:
    return {(row.country.code, row.period_start.year): row.value for row in rows}


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.rejected


@pytest.fixture
def revised(take: Take, write: Write) -> tuple[FileReport, FileReport, datetime.datetime]:
    """The reports of A and of B, and a moment between the two."""
    (first,) = take("worldbank", write("population.csv", *A))
    between = timezone.now()
    (second,) = take("worldbank", write("population.csv", *B))
    return first, second, between


def test_a_revision_is_counted_exactly(revised: tuple[FileReport, FileReport, datetime.datetime]) -> None:
    first, second, _between = revised
    assert counts(first) == (3, 0, 0, 0)
    assert counts(second) == (1, 2, 1, 0)
    assert Observation.objects.exclude(valid_to=None).count() == 2


def test_the_past_is_as_it_was(revised: tuple[FileReport, FileReport, datetime.datetime]) -> None:
    _first, _second, between = revised
    before = {("KZ", 2018): Decimal(10), ("KZ", 2019): Decimal(11), ("GE", 2018): Decimal(3)}
    after = {("KZ", 2018): Decimal(10), ("KZ", 2019): Decimal("12.5"), ("GE", 2018): None, ("GE", 2019): Decimal(4)}
    assert known(Observation.objects.as_of(between)) == before
    assert known(Observation.objects.as_of(timezone.now())) == after
    assert known(Observation.objects.current()) == after


def test_at_the_moment_of_a_revision_the_new_value_holds(
    revised: tuple[FileReport, FileReport, datetime.datetime],
) -> None:
    closed, opened = Observation.objects.filter(country__code="KZ", period_start__year=2019).order_by("pk")
    assert closed.valid_to == opened.valid_from
    at_once = Observation.objects.as_of(opened.valid_from).filter(country__code="KZ", period_start__year=2019)
    assert list(at_once) == [opened]


def test_a_value_that_the_file_leaves_empty_is_withdrawn(
    revised: tuple[FileReport, FileReport, datetime.datetime],
) -> None:
    row = Observation.objects.current().get(country__code="GE", period_start__year=2018)
    assert (row.value, row.status) == (None, ObservationStatus.MISSING)


def test_each_run_knows_its_values(revised: tuple[FileReport, FileReport, datetime.datetime]) -> None:
    first, second, _between = revised
    assert Observation.objects.filter(import_run=first.run).count() == 3
    assert Observation.objects.filter(import_run=second.run).count() == 3
    earlier, run = ImportRun.objects.order_by("pk")
    assert (earlier.pk, run.pk) == (first.run, second.run)
    assert (run.profile, run.file_name, run.rows_read) == ("worldbank", "population.csv", 4)
    assert (run.added, run.changed, run.unchanged, run.rejected) == (1, 2, 1, 0)
    assert earlier.left_out == {"aggregate": 1}


def test_a_file_that_goes_back_opens_the_first_value_anew(
    revised: tuple[FileReport, FileReport, datetime.datetime], take: Take, write: Write
) -> None:
    (third,) = take("worldbank", write("population.csv", *A))
    assert counts(third) == (0, 2, 1, 0)
    values = Observation.objects.filter(country__code="KZ", period_start__year=2019).order_by("pk")
    assert list(values.values_list("value", flat=True)) == [11, Decimal("12.5"), 11]


def test_what_a_file_does_not_mention_stays(take: Take, write: Write) -> None:
    take("worldbank", write("population.csv", *A))
    take("worldbank", write("population.csv", HEADER, "Kazakhstan,KAZ,2018,10"))
    assert Observation.objects.current().count() == 3


def test_a_dry_run_says_the_same_and_touches_nothing(take: Take, write: Write) -> None:
    path = write("population.csv", *A)
    (dry,) = take("worldbank", path, dry_run=True)
    assert counts(dry) == (3, 0, 0, 0)
    assert dry.run is None
    assert [model.objects.count() for model in (Observation, ImportRun, Indicator)] == [0, 0, 0]
    (real,) = take("worldbank", path)
    assert counts(real) == counts(dry)


def test_when_one_file_is_refused_none_is_kept(take: Take, write: Write) -> None:
    good, bad = write("population.csv", *A), write("gdp.csv", "Country Name,Country,Year,Value", "Georgia,GEO,2018,3")
    with pytest.raises(RefusedFileError, match=r"gdp\.csv, line 1, column “Country Code”"):
        take("worldbank", good, bad)
    assert [model.objects.count() for model in (Observation, ImportRun)] == [0, 0]


def test_an_import_that_is_interrupted_leaves_the_data_as_it_was(take: Take, write: Write) -> None:
    """Interrupted in the second of two files: the values of the first one are written by then, and not committed."""
    revision, other = write("population.csv", *A), write("gdp.csv", *A)
    take("worldbank", revision)
    write("population.csv", *B)
    before = list(Observation.objects.order_by("pk").values())

    def interrupt(name: str, _read: int, _size: int) -> None:
        if name == other.name:
            assert Observation.objects.exclude(valid_to=None).count() == 2
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take("worldbank", revision, other, progress=interrupt)
    assert list(Observation.objects.order_by("pk").values()) == before
    assert counts(take("worldbank", revision)[0]) == (1, 2, 1, 0)


def test_daily_values_become_those_of_the_ends_of_months(take: Take, write: Write) -> None:
    make_indicator("OXCGRT.STRINGENCY", frequency=Frequency.MONTHLY, aggregation="end of period")
    header = '"","country_code","country_name","30Jan2020","31Jan2020","01Feb2020","02Feb2020"'
    path = write("stringency_index.csv", header, '"1","KAZ","Kazakhstan","5","NA","11.11","22.22"')
    (report,) = take("oxcgrt", path)
    assert counts(report) == (2, 0, 0, 0)
    assert list(Observation.objects.order_by("period_start").values_list("period_start", "value", "frequency")) == [
        (datetime.date(2020, 1, 1), Decimal(5), "M"),
        (datetime.date(2020, 2, 1), Decimal("22.22"), "M"),
    ]
    assert counts(take("oxcgrt", path)[0]) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("frequency", "aggregation", "sentence"),
    [
        (Frequency.MONTHLY, "mean", "make its aggregation “end of period”"),
        (Frequency.ANNUAL, "", "Change its frequency"),
    ],
)
def test_values_of_another_frequency_need_a_rule(
    take: Take, write: Write, frequency: Frequency, aggregation: str, sentence: str
) -> None:
    make_indicator("OXCGRT.STRINGENCY", frequency=frequency, aggregation=aggregation)
    path = write("stringency_index.csv", ",country_code,country_name,30Jan2020", "1,KAZ,Kazakhstan,5")
    with pytest.raises(RefusedFileError, match=sentence):
        take("oxcgrt", path)


def test_annual_values_are_none_of_a_daily_indicator(take: Take, write: Write) -> None:
    make_indicator("WB.SP.POP.TOTL", frequency=Frequency.DAILY)
    with pytest.raises(RefusedFileError, match="Change the indicator"):
        take("worldbank", write("population.csv", *A))


def test_ordinal_values_are_those_of_the_scale(take: Take, write: Write) -> None:
    path = write(
        "c1_school_closing.csv", ",country_code,country_name,30Jan2020,31Jan2020,01Feb2020", "1,KAZ,Kazakhstan,3,4,1.5"
    )
    (report,) = take("oxcgrt", path)
    assert counts(report) == (1, 0, 0, 2)
    assert {(one.column, one.value, one.reason) for one in report.rejects} == {
        ("31Jan2020", "4", RejectReason.SCALE),
        ("01Feb2020", "1.5", RejectReason.SCALE),
    }


def test_the_texts_of_an_indicator_that_is_there_stay(take: Take, write: Write) -> None:
    mine = make_indicator("WB.SP.POP.TOTL", labels={"en": "Residents"}, frequency=Frequency.ANNUAL)
    take("worldbank", write("population.csv", *A))
    assert Indicator.objects.get(code="WB.SP.POP.TOTL").label == "Residents"
    assert mine.observations.count() == 3


def test_a_place_without_a_code_is_taken_in_once_the_vocabulary_has_it(take: Take, write: Write) -> None:
    path = write("population.csv", HEADER, "Kosovo,XKX,2018,7")
    (report,) = take("worldbank", path)
    assert (report.added, report.left_out) == (0, {"no-code": 1})
    kosovo = type(make_country("KZ")).objects.create(code="XK", alpha3="XKX", m49="999")
    (report,) = take("worldbank", path)
    assert (report.added, report.left_out) == (1, {})
    assert Observation.objects.get().country == kosovo
