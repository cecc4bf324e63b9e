"""Measures: when they are in force, and how they are named."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.choices import CCCSL_CROSSWALK, MeasureCategory
from reports.models import Measure
from tests.factories.statistics import make_measure
from tests.factories.vocabularies import make_country


def day(number: int | None) -> datetime.date | None:
    return None if number is None else datetime.date(2020, 1, 1) + datetime.timedelta(days=number)


# A measure from day 10 to day 20, or from day 10 on.
@pytest.mark.parametrize(
    ("start", "end", "closed", "open_ended"),
    [
        (0, 9, False, False),
        (0, 10, True, True),
        (12, 13, True, True),
        (20, 30, True, True),
        (21, 30, False, True),
        (None, 9, False, False),
        (None, 10, True, True),
        (20, None, True, True),
        (21, None, False, True),
        (None, None, True, True),
    ],
)
def test_a_measure_is_in_force_on_each_of_its_days(
    db: None, start: int | None, end: int | None, *, closed: bool, open_ended: bool
) -> None:
    with_end = make_measure(start=day(10), end=day(20))
    without_end = make_measure(start=day(10), end=None)
    found = set(Measure.objects.in_force(day(start), day(end)))
    assert (with_end in found, without_end in found) == (closed, open_ended)


days = st.integers(0, 30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=days, length=st.none() | st.integers(0, 10), window_start=days, window_length=st.integers(0, 10))
def test_in_force_means_that_the_two_periods_share_a_day(
    db: None, first: int, length: int | None, window_start: int, window_length: int
) -> None:
    last = first + (60 if length is None else length)
    shared = set(range(first, last + 1)) & set(range(window_start, window_start + window_length + 1))
    measure = make_measure(start=day(first), end=None if length is None else day(first + length))
    found = Measure.objects.in_force(day(window_start), day(window_start + window_length)).filter(pk=measure.pk)
    assert found.exists() == bool(shared)


def test_measures_in_force_stand_by_category_then_by_start(db: None) -> None:
    for category, start in [("H1", 1), ("C1", 9), ("C1", 2)]:
        make_measure(category=category, start=day(start))
    rows = [(row.category, row.start) for row in Measure.objects.in_force(None, None)]
    assert all(before <= after for before, after in pairwise(rows))


def test_a_country_has_its_own_measures_newest_first(db: None) -> None:
    older, newer = (make_measure(make_country("KZ"), start=day(number)) for number in (1, 2))
    make_measure(make_country("GE"))
    assert list(Measure.objects.of_country(make_country("KZ"))) == [newer, older]


def test_a_measure_cannot_end_before_it_begins(db: None) -> None:
    measure = make_measure(start=day(10), end=day(10))
    measure.full_clean()
    measure.end = day(9)
    with pytest.raises(ValidationError, match="cannot end before it begins"):
        measure.full_clean()


@pytest.mark.parametrize(
    ("active", "titles", "shown"),
    [
        ("ru", {"en": "Schools closed", "ru": "Школы закрыты"}, "Школы закрыты"),
        ("kk", {"en": "Schools closed", "ru": "Школы закрыты"}, "Школы закрыты"),
        ("ar", {"kk": "Мектептер жабық"}, "Мектептер жабық"),
        ("en", {}, "School closing"),
    ],
)
def test_a_measure_has_a_title_in_every_language(db: None, active: str, titles: dict[str, str], shown: str) -> None:
    measure = make_measure(titles=titles)
    with translation.override(active):
        assert measure.title == shown


def test_every_category_has_its_place_in_the_crosswalk() -> None:
    assert set(CCCSL_CROSSWALK) == set(MeasureCategory.values)
    assert Measure(category="C1").cccsl_theme == ("Social distancing", "Closure of educational institutions")
    assert Measure(category="H7").cccsl_theme is None
