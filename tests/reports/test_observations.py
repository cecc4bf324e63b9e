"""Numbers over time: what is current, what was known when, and what the database refuses."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.models import Indicator, Observation
from tests.factories.statistics import make_indicator, observe, revise, summarise_again
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from taxonomy.models import Country


def moment(day: int) -> datetime.datetime:
    return datetime.datetime(2022, 1, day, tzinfo=datetime.UTC)


@pytest.fixture
def indicator(db: None) -> Indicator:
    return make_indicator()


@pytest.fixture
def country(db: None) -> Country:
    return make_country("KZ")


def values(rows: QuerySet[Observation]) -> list[Decimal | None]:
    return list(rows.order_by("period_start").values_list("value", flat=True))


def test_a_revised_value_replaces_the_old_one_and_keeps_it(indicator: Indicator, country: Country) -> None:
    (first,) = observe(indicator, country, {"2021-01-01": 10}, moment(1))
    revise(first, 12, moment(5))
    assert values(Observation.objects.current()) == [12]
    assert Observation.objects.count() == 2


@pytest.mark.parametrize(("day", "known"), [(1, []), (2, [10]), (4, [10]), (5, [12]), (31, [12])])
def test_any_past_state_can_be_asked_for(indicator: Indicator, country: Country, day: int, known: list[int]) -> None:
    (first,) = observe(indicator, country, {"2021-01-01": 10}, moment(2))
    revise(first, 12, moment(5))
    assert values(Observation.objects.as_of(moment(day))) == known


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(revisions=st.lists(st.integers(-5, 5), min_size=1, max_size=5), day=st.integers(1, 28))
def test_at_every_moment_at_most_one_value_is_known(
    indicator: Indicator, country: Country, revisions: list[int], day: int
) -> None:
    with transaction.atomic():
        (row,) = observe(indicator, country, {"2021-01-01": revisions[0]}, moment(2))
        for number, value in enumerate(revisions[1:], start=1):
            row = revise(row, value, moment(2 + 4 * number))
        expected = [value for number, value in enumerate(revisions) if 2 + 4 * number <= day][-1:]
        assert values(Observation.objects.as_of(moment(day))) == expected
        assert values(Observation.objects.current()) == revisions[-1:]
        transaction.set_rollback(True)


def test_a_period_has_one_open_value(indicator: Indicator, country: Country) -> None:
    observe(indicator, country, {"2021-01-01": 10})
    with pytest.raises(IntegrityError), transaction.atomic():
        observe(indicator, country, {"2021-01-01": 11})
    observe(indicator, country, {"2021-02-01": 11})
    observe(indicator, make_country("GE"), {"2021-01-01": 11})
    assert Observation.objects.count() == 3


def test_a_missing_value_must_be_marked_as_missing(indicator: Indicator, country: Country) -> None:
    (row,) = observe(indicator, country, {"2021-01-01": None})
    row.status = "A"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_series_is_one_indicator_after_the_other_oldest_first(indicator: Indicator, country: Country) -> None:
    other, georgia = make_indicator("WB.POP"), make_country("GE")
    observe(other, country, {"2021-01-01": 1})
    observe(indicator, country, {"2021-03-01": 3, "2021-01-01": 1, "2021-02-01": None})
    observe(indicator, georgia, {"2021-01-01": 0})
    rows = Observation.objects.current().series([indicator.pk], [country.pk, georgia.pk])
    assert [(row.country.code, row.period_start.month, row.value) for row in rows] == [
        ("KZ", 1, 1),
        ("KZ", 2, None),
        ("KZ", 3, 3),
        ("GE", 1, 0),
    ]


def test_both_ends_of_a_period_are_included(indicator: Indicator, country: Country) -> None:
    observe(indicator, country, {f"2021-0{month}-01": month for month in range(1, 6)})
    start, end = datetime.date(2021, 2, 1), datetime.date(2021, 4, 1)
    rows = Observation.objects.series([indicator.pk], [country.pk], start, end)
    assert [row.period_start.month for row in rows] == [2, 3, 4]
    assert Observation.objects.series([indicator.pk], [country.pk], end, start).count() == 0


@pytest.mark.parametrize("value", ["0.000001", "-0.5", "123456789.123456", "100000000000000000"])
def test_a_value_comes_back_with_all_its_digits(indicator: Indicator, country: Country, value: str) -> None:
    observe(indicator, country, {"2020-01-01": value})
    assert values(Observation.objects.current()) == [Decimal(value)]


def test_coverage_counts_current_values_only(indicator: Indicator, country: Country) -> None:
    rows = observe(indicator, country, {"2020-01-01": 1, "2021-01-01": 2})
    observe(indicator, make_country("GE"), {"2021-06-01": 5})
    make_indicator("WB.EMPTY")
    rows[0].valid_to = moment(3)
    rows[0].save()
    summarise_again(indicator)
    covered, empty = Indicator.objects.with_coverage().order_by("code")
    assert (covered.country_count, covered.first_period, covered.last_period) == (
        2,
        datetime.date(2021, 1, 1),
        datetime.date(2021, 6, 1),
    )
    assert (empty.country_count, empty.first_period, empty.last_period) == (0, None, None)
