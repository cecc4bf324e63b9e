"""The rows of a download: what belongs to each figure, in words and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from reports.downloads.notation import digits, sdmx_period
from taxonomy.models import Country

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from reports.downloads.selection import Selection

READ_AT_A_TIME, BATCH = 5000, 1000
FIELDS = ("country_id", "period_start", "frequency", "value", "status", "scope", "note", "origin", "valid_from")


class Row(NamedTuple):
    """A figure. `value` is None where there is none; `known_since` is when it took the place of the one before."""

    country_code: str
    country: str
    period: str
    frequency: str
    value: Decimal | None
    status: str
    origin: str
    scope: str
    note: str
    known_since: datetime.datetime

    @property
    def number(self) -> str:
        return digits(self.value)

    @property
    def facts(self) -> dict[str, Any]:
        """All of it by name."""
        return dict(zip(Row.__annotations__, self, strict=True))


def rows_of(selection: Selection) -> Iterator[Row]:
    """The figures by country, period and origin, read in parts, so that memory does not grow with their number.

    The names of countries are read at once, in the reader's language: the rest may be read after the request.
    """
    countries = {country.pk: (country.code, country.label) for country in Country.objects.all()}
    found = selection.rows.order_by("country__code", "period_start", "origin").values_list(*FIELDS)

    def read() -> Iterator[Row]:
        for country, day, frequency, value, status, scope, note, origin, known_since in found.iterator(READ_AT_A_TIME):
            period = sdmx_period(day, frequency)
            yield Row(*countries[country], period, frequency, value, status, origin, scope, note, known_since)

    return read()
