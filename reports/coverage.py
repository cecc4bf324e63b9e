"""For which countries an indicator has values, from when to when, and whose values they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min, Q

from cms.languages import sort_key
from reports.choices import Origin
from reports.models.observations import Observation
from taxonomy.models import Country

if TYPE_CHECKING:
    import datetime

    from reports.models.indicators import Indicator


@dataclass(frozen=True)
class Span:
    """Periods from the first to the last one that has a value, and how many have one; none where `values` is 0."""

    first: datetime.date | None
    last: datetime.date | None
    values: int


@dataclass
class CountryCoverage:
    """The series of a country: the international one, and its own; the newest figure of its own."""

    country: Country
    spans: dict[str, Span] = field(default_factory=dict)
    newest_own: Observation | None = None

    @property
    def international(self) -> Span | None:
        return self.spans.get(Origin.INTERNATIONAL)

    @property
    def national(self) -> Span | None:
        return self.spans.get(Origin.NATIONAL)


@dataclass(frozen=True)
class Coverage:
    """All countries that are covered, by name, and when the newest change of their values was."""

    countries: list[CountryCoverage]
    changed: datetime.datetime | None = None

    @property
    def international(self) -> list[Span]:
        """The spans of the countries for which an international source has a value."""
        return [one.international for one in self.countries if one.international and one.international.values]

    @property
    def first(self) -> datetime.date | None:
        return min((span.first for span in self.international if span.first), default=None)

    @property
    def last(self) -> datetime.date | None:
        return max((span.last for span in self.international if span.last), default=None)

    @property
    def has_national(self) -> bool:
        return any(one.national for one in self.countries)


def coverage_of(indicator: Indicator) -> Coverage:
    """Two queries, of which the second is left out where no country has figures of its own."""
    rows: Any = Observation.objects.current(*Origin).filter(indicator=indicator).order_by()
    has_value = Q(value__isnull=False)
    figures = {
        "first": Min("period_start", filter=has_value),
        "last": Max("period_start", filter=has_value),
        "values": Count("value"),
        "changed": Max("valid_from"),
    }
    changes = []
    countries = Country.vocabulary().by_pk
    found: dict[int, CountryCoverage] = {}
    for row in rows.values("country", "origin").annotate(**figures):
        one = found.setdefault(row["country"], CountryCoverage(countries[row["country"]]))
        one.spans[row["origin"]] = Span(row["first"], row["last"], row["values"])
        changes.append(row["changed"])
    wanted = [
        Q(country=pk, period_start=one.national.last) for pk, one in found.items() if one.national and one.national.last
    ]
    if wanted:
        for own in Observation.objects.current(Origin.NATIONAL).filter(reduce(or_, wanted), indicator=indicator):
            found[own.country_id].newest_own = own
    return Coverage(sorted(found.values(), key=lambda one: sort_key(one.country.label)), max(changes, default=None))
