"""Numbers, dates and sizes of files that Django itself writes."""

from __future__ import annotations

import datetime

from django.forms import DateField
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
