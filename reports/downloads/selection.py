"""Which figures somebody asks for: an indicator, narrowed by country, period, origin and what was known when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from reports.choices import Origin
from reports.models.observations import Observation
from taxonomy.models import Country

if TYPE_CHECKING:
    from django.http import QueryDict

    from reports.models import Indicator

ALL = "all"
ORIGINS: dict[str, tuple[Origin, ...]] = {**{one.value: (one,) for one in Origin}, ALL: tuple(Origin)}


class BadParameterError(ValueError):
    """A parameter that cannot be understood; the message says which, and what to do."""


@dataclass(frozen=True)
class Selection:
    """Figures of an indicator: by default the present ones of international origin, of all countries and periods."""

    indicator: Indicator
    countries: tuple[int, ...] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None
    as_of: datetime.datetime | None = None
    origins: tuple[Origin, ...] = (Origin.INTERNATIONAL,)

    @property
    def rows(self) -> Any:
        figures = Observation.objects.filter(indicator=self.indicator)
        rows = figures.as_of(self.as_of, *self.origins) if self.as_of else figures.current(*self.origins)
        if self.countries:
            rows = rows.filter(country__in=self.countries)
        if self.start:
            rows = rows.filter(period_start__gte=self.start)
        if self.end:
            rows = rows.filter(period_start__lte=self.end)
        return rows


def selected(indicator: Indicator, query: QueryDict) -> Selection:
    """What the parameters of a request ask for. Raises `BadParameterError`."""
    return Selection(
        indicator,
        countries_of(query),
        day_of(query, "from"),
        day_of(query, "to"),
        moment_of(query, "as_of"),
        origins_of(query),
    )


def countries_of(query: QueryDict) -> tuple[int, ...]:
    codes = dict.fromkeys(code.upper() for code in query.getlist("country"))
    possible = [code for code in codes if code.isascii() and code.isalpha()]
    rows = Country.objects.prefetch_related(None).filter(code__in=possible) if possible else Country.objects.none()
    known = dict(rows.values_list("code", "pk"))
    if unknown := [code for code in codes if code not in known]:
        message = _("“country” must be a code of ISO 3166-1 such as KZ; this is none: %(code)s")
        raise BadParameterError(message % {"code": unknown[0]})
    return tuple(known.values())


def day_of(query: QueryDict, name: str) -> datetime.date | None:
    text = query.get(name, "")
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        message = _("“%(name)s” must be a date such as 2020-01-31; this is none: %(text)s")
        raise BadParameterError(message % {"name": name, "text": text}) from error


def moment_of(query: QueryDict, name: str) -> datetime.datetime | None:
    """A moment, or the end of a day; both in UTC where they name no time zone, and not in the future."""
    text = query.get(name, "")
    if not text:
        return None
    facts = {"name": name, "text": text}
    try:
        moment = datetime.datetime.fromisoformat(text)
        if len(text) <= len("2020-W01-1"):  # a day without a time
            moment = datetime.datetime.combine(moment, datetime.time.max)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        message = _("“%(name)s” must be a day or a moment such as 2020-01-31T12:00Z; this is none: %(text)s")
        raise BadParameterError(message % facts) from error
    if moment.date() > timezone.now().astimezone(datetime.UTC).date():
        message = _("“%(name)s” must not lie in the future: nobody knows yet what is known then (%(text)s)")
        raise BadParameterError(message % facts)
    return moment


def origins_of(query: QueryDict) -> tuple[Origin, ...]:
    text = query.get("origin", "") or Origin.INTERNATIONAL.value
    if text not in ORIGINS:
        message = _("“origin” must be one of %(names)s; this is none: %(text)s")
        raise BadParameterError(message % {"names": ", ".join(ORIGINS), "text": text})
    return ORIGINS[text]
