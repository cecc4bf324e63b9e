"""Figures in words, in the reader's language."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from reports import wording
from reports.charts import Form, charts_for
from reports.choices import ScaleType
from reports.key_figures import key_figures
from reports.models import IndicatorValueLabel
from taxonomy.models import Membership
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from reports.models import Indicator


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def of_scale(scale: ScaleType, decimals: int = 1) -> Indicator:
    return make_indicator(f"X.{scale}", scale_type=scale, decimals=decimals)


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("0", "en", "0"),
        ("999999", "en", "999,999"),
        ("20621400", "en", "20.6 million"),
        ("225496000000", "en", "225 billion"),
        ("20621400", "ru", "20,6\xa0млн"),
        ("225496000000", "kk", "225\xa0млрд"),
        ("-1234567", "en", "-1.23 million"),
    ],
)
def test_large_numbers_are_shortened_in_headlines(db: None, value: str, language: str, expected: str) -> None:
    with translation.override(language):
        assert wording.compact(of_scale(ScaleType.COUNT, 0), Decimal(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [("2", "2 – Closed"), ("3", "3"), ("0", "0 – Open")])
def test_levels_are_named_in_tables_where_they_have_a_name(db: None, value: str, expected: str) -> None:
    indicator = of_scale(ScaleType.ORDINAL, 0)
    for level, label in {0: "Open", 2: "Closed"}.items():
        IndicatorValueLabel.objects.create(indicator=indicator, value=level, language="en", label=label)
    assert wording.value_text(indicator, Decimal(value)) == expected


@pytest.mark.parametrize(
    ("start", "end", "language", "expected"),
    [
        ("2020-01-01", "2022-12-31", "en", "2020–2022"),
        ("2021-01-01", "2021-12-31", "en", "2021"),
        ("2020-03-01", "2021-06-30", "en", "March 2020\u2009–\u2009June 2021"),
        ("2020-03-16", "2020-06-30", "en", "16 Mar\u2009–\u200930 Jun 2020"),
        ("2020-03-01", "2021-06-30", "ru", "март 2020\u202fг. – июнь 2021\u202fг."),
        ("2020-03-01", "2021-06-30", "kk", "2020\u202fж. наурыз – 2021\u202fж. маусым"),
    ],
)
def test_a_stretch_of_time_is_named_by_whole_years_or_months(
    start: str, end: str, language: str, expected: str
) -> None:
    with translation.override(language):
        assert wording.interval(day(start), day(end)) == expected


def test_time_without_a_beginning_or_an_end_has_no_name() -> None:
    assert wording.interval(None, day("2021-01-01")) == wording.interval(day("2021-01-01"), None) == ""


@pytest.mark.parametrize(
    ("scale", "values", "expected"),
    [
        (ScaleType.COUNT, (200, 206), "+3.0 % since January 2021"),
        (ScaleType.COUNT, (0, 5), "+5.0 since January 2021"),
        (ScaleType.PERCENT, (40, 38.5), "\N{MINUS SIGN}1.5 percentage points since January 2021"),
        (ScaleType.INDEX, (60, 72.5), "+12.5 since January 2021"),
        (ScaleType.ORDINAL, (3, 1), "3 in the period before (January 2021)"),
        (ScaleType.INDEX, (5, 5), "unchanged since January 2021"),
    ],
)
def test_a_change_is_told_in_the_manner_of_its_scale(
    db: None, scale: ScaleType, values: tuple[float, float], expected: str
) -> None:
    indicator = of_scale(scale)
    observe(indicator, make_country("KZ"), dict(zip(["2021-01-01", "2021-02-01"], values, strict=True)))
    figure = key_figures([indicator], make_country("KZ"))[0].figure
    assert wording.change_text(figure) == expected


def test_a_first_value_has_not_changed(db: None) -> None:
    indicator = of_scale(ScaleType.INDEX)
    observe(indicator, make_country("KZ"), {"2021-01-01": 1})
    figure = key_figures([indicator], make_country("KZ"))[0].figure
    assert wording.change_text(figure) == ""


def test_a_description_says_what_the_chart_shows(db: None) -> None:
    indicator = of_scale(ScaleType.INDEX)
    observe(indicator, make_country("KZ"), {"2021-01-01": 5, "2021-02-01": 0, "2021-03-01": 7.5})
    observe(indicator, make_country("GE"), {"2021-01-01": None})
    (chart,) = charts_for([indicator], [make_country(code) for code in ("KZ", "GE", "AM")], Form())
    assert wording.description(chart) == (
        "Kazakhstan: from 5.0 (January 2021) to 7.5 (March 2021); "
        "lowest 0.0 (February 2021), highest 7.5 (March 2021). "
        "Georgia: no value. Armenia: not covered."
    )
    assert wording.time_shown(chart) == "January\u2009–\u2009March 2021"


@pytest.mark.parametrize(("until", "expected"), [(None, "Founder since 2013"), ("2024-12-31", "Founder, 2013–2024")])
def test_membership_is_told_with_its_years(until: str | None, expected: str) -> None:
    membership = Membership(role="founder", since=day("2013-03-15"), until=day(until) if until else None)
    assert wording.membership_text(membership) == expected


def test_a_source_without_attribution_is_named_with_its_licence(db: None) -> None:
    indicator = make_indicator()
    assert wording.source_text(indicator) == "Hale et al. (2021), Oxford COVID-19 Government Response Tracker"
    indicator.labels.all().delete()
    indicator = type(indicator).objects.get(pk=indicator.pk)
    assert wording.source_text(indicator) == "University of Oxford, Creative Commons Attribution 4.0"
