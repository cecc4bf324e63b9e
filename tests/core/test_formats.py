"""Numbers, dates and sizes of files that Django itself writes."""

from __future__ import annotations

import datetime

import pytest
from django.forms import DateField, ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.formats import date_format, number_format

DAY = datetime.date(2026, 3, 5)


def test_kazakh_numbers_and_sizes() -> None:
    with translation.override("kk"):
        assert filesizeformat(1_234_567) == "1,2\N{NO-BREAK SPACE}МБ"
        assert number_format(12345.6, 1, force_grouping=True) == "12\N{NO-BREAK SPACE}345,6"


def test_kazakh_dates() -> None:
    with translation.override("kk"):
        assert date_format(DAY) == "05.03.2026"
        assert date_format(DAY, "YEAR_MONTH_FORMAT") == "03.2026"


def test_kazakh_forms_read_both_ways_of_writing_a_date() -> None:
    with translation.override("kk"):
        assert DateField().clean("05.03.2026") == DAY
        assert DateField().clean("2026-03-05") == DAY


def test_english_dates_cannot_be_read_the_other_way_round() -> None:
    moment = datetime.datetime(2026, 3, 5, 15, 4)  # noqa: DTZ001 - as it is written, not when it is
    with translation.override("en"):
        assert (date_format(DAY, "SHORT_DATE_FORMAT"), date_format(DAY)) == ("5 Mar 2026", "5 March 2026")
        assert date_format(moment, "SHORT_DATETIME_FORMAT") == "5 Mar 2026, 15:04"
        assert {DateField().clean(text) for text in ("2026-03-05", "5 March 2026", "5 Mar 2026")} == {DAY}
        with pytest.raises(ValidationError):
            DateField().clean("05/03/2026")
