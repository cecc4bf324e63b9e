"""For which countries an indicator has values, from when to when, and whose values they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from cms.languages import sort_key
from reports import loading
from reports.choices import Origin
from taxonomy.models import Country

if TYPE_CHECKING:
    import datetime

    from reports.models.indicators import Indicator
    from reports.models.observations import Observation


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

    @cached_property
    def has_national(self) -> bool:
        return any(one.national for one in self.countries)


def coverage_of(indicator: Indicator) -> Coverage:
    """One query at most, whose rows are as many as series, however long these are."""
    found: dict[int, CountryCoverage] = {}
    changes = []
    countries = Country.vocabulary().by_pk
    for row in loading.summaries(indicator):
        one = found.setdefault(row.country_id, CountryCoverage(countries[row.country_id]))
        one.spans[row.origin] = Span(row.first_period, row.last_period, row.value_count)
        if row.origin == Origin.NATIONAL and row.value_count:
            one.newest_own = row.newest
        changes.append(row.changed)
    return Coverage(sorted(found.values(), key=lambda one: sort_key(one.country.label)), max(changes, default=None))
