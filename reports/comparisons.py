"""What readers of a chart choose: its countries, its time and its form, and the order of the table of all values.

Parameters that mean nothing are ignored, as in lists: a link that somebody shared years ago still shows a chart.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.core.blocks import COUNTRIES_IN, MAX_LINES, ChartType
from cms.languages import sort_key
from reports import charts
from taxonomy.models import Country, Membership

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.models import Indicator, Observation

MAX_COUNTRIES = MAX_LINES
COUNTRIES_AT_FIRST = 5
MAX_PARAMETERS = 50
FIRST_YEAR, LAST_YEAR = 1800, 2200


@dataclass(frozen=True)
class Choice:
    """A country that can be put into the chart."""

    country: Country
    is_chosen: bool


@dataclass(frozen=True)
class Column:
    """A column of the table; `url` sorts by it, or turns its order round. `order` is a value of aria-sort."""

    name: str
    label: str
    order: str
    url: str


class Comparison:
    """An indicator: the chart of the chosen countries, and the newest value of every country."""

    def __init__(self, indicator: Indicator, query: QueryDict) -> None:
        self.indicator = indicator
        self._query = query
        self.latest = charts.latest_values(indicator)

    @cached_property
    def member_dates(self) -> dict[int, datetime.date]:
        """Ids of the countries that belong to the network today, and since when."""
        today = timezone.localdate()
        rows = Membership.objects.filter(Q(until=None) | Q(until__gte=today)).order_by("-since")
        return dict(rows.values_list("country_id", "since"))

    @property
    def covered(self) -> list[Country]:
        return [row.country for row in self.latest]

    @cached_property
    def asked_for(self) -> list[Country]:
        """The countries of the query string, in its order; those that are not covered are among them."""
        codes = list(dict.fromkeys(code.upper() for code in self._query.getlist("country")))[:MAX_PARAMETERS]
        possible = [code for code in codes if code.isascii() and code.isalpha()]
        known = {country.code: country for country in Country.objects.filter(code__in=possible)} if possible else {}
        return [known[code] for code in possible if code in known]

    @cached_property
    def chosen(self) -> list[Country]:
        """At most as many countries as a chart can hold; the oldest members where none was asked for."""
        if self.asked_for:
            return self.asked_for[: self.most]
        dates = self.member_dates
        members = sorted((one for one in self.covered if one.pk in dates), key=lambda one: dates[one.pk])
        return (members or self.covered)[: COUNTRIES_AT_FIRST if self.indicator.is_comparable else 1]

    @property
    def most(self) -> int:
        """How many countries a chart of the form asked for can hold: as many as the one of which an editor chose it."""
        return max(MAX_COUNTRIES, COUNTRIES_IN.get(ChartType(self.form.chart_type), (1, MAX_COUNTRIES))[1])

    @property
    def has_too_many(self) -> bool:
        return len(self.asked_for) > self.most

    @cached_property
    def form(self) -> charts.Form:
        """The time and the form asked for; all time where its end is before its start."""
        start, end = (self._day(name) for name in ("from", "to"))
        if start and end and end < start:
            start = end = None
        wanted = self._query.get("chart", "")
        return charts.Form(start, end, wanted if wanted in ChartType.values else ChartType.LINE)

    def _day(self, name: str) -> datetime.date | None:
        """A day as ISO 8601 writes it, of a year that a chart can show."""
        try:
            day = datetime.date.fromisoformat(self._query.get(name, ""))
        except ValueError:
            return None
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None

    @property
    def chart_types(self) -> list[ChartType]:
        """The forms between which readers of a chart choose, and the one that it has."""
        several = [ChartType.MULTIPLES] if self.indicator.is_comparable else []
        offered = [ChartType.LINE, ChartType.BAR, *several, ChartType.TABLE]
        present = ChartType(self.form.chart_type)
        return offered if present in offered else [present, *offered]

    @property
    def is_of_all(self) -> bool:
        """Whether all countries are meant, of which only a map shows so many."""
        return self.form.chart_type == ChartType.MAP and not self.asked_for

    @cached_property
    def chart(self) -> charts.Chart | None:
        """None where no country is covered."""
        countries = [] if self.is_of_all else self.chosen
        return charts.charts_for([self.indicator], countries, self.form)[0] if self.chosen else None

    @property
    def members(self) -> list[Choice]:
        return self._choices(country for country in self.covered if country.pk in self.member_dates)

    @property
    def others(self) -> list[Choice]:
        return self._choices(country for country in self.covered if country.pk not in self.member_dates)

    @cached_property
    def members_not_covered(self) -> list[Country]:
        missing = self.member_dates.keys() - {country.pk for country in self.covered}
        rows = [country for country in Country.vocabulary().rows if country.pk in missing]
        return sorted(rows, key=lambda country: sort_key(country.label))

    def _choices(self, countries: Iterable[Country]) -> list[Choice]:
        chosen = {country.pk for country in self.chosen}
        return [Choice(country, country.pk in chosen) for country in countries]

    @property
    def sort(self) -> str:
        """The column by which the table is sorted, with a minus before it where the greatest comes first."""
        wanted = self._query.get("sort", "")
        names = ["country", "period"] if not self.indicator.is_comparable else ["country", "value", "period"]
        return wanted if wanted.removeprefix("-") in names else "country"

    @property
    def rows(self) -> list[Observation]:
        """The newest values in the chosen order; countries without a value last."""
        name, is_reversed = self.sort.removeprefix("-"), self.sort.startswith("-")
        if name == "country":
            return self.latest[::-1] if is_reversed else self.latest
        known = [row for row in self.latest if row.value is not None]
        if name == "value":
            known.sort(key=lambda row: row.value or Decimal(0), reverse=is_reversed)
        else:
            known.sort(key=lambda row: row.period_start, reverse=is_reversed)
        return known + [row for row in self.latest if row.value is None]

    @property
    def columns(self) -> list[Column]:
        labels = {"country": _("Country"), "value": self.indicator.unit_name, "period": _("Period")}
        return [self._column(name, label) for name, label in labels.items()]

    def _column(self, name: str, label: str) -> Column:
        """Texts are sorted from A first, numbers and periods from the greatest."""
        if name == "value" and not self.indicator.is_comparable:
            return Column(name, label, "", "")
        first, second = (name, f"-{name}") if name == "country" else (f"-{name}", name)
        order = {name: "ascending", f"-{name}": "descending"}.get(self.sort, "")
        return Column(name, label, order, self._with_sort(second if self.sort == first else first))

    def _with_sort(self, sort: str) -> str:
        query = QueryDict(mutable=True)
        query.setlist("country", [country.code for country in self.asked_for])
        query["sort"] = sort
        for name in ("from", "to", "chart"):
            if value := self._query.get(name):
                query[name] = value
        return f"?{query.urlencode()}#values"
