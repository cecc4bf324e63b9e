"""Reads the values of charts: those of a page together, and long histories once for all readers.

A long history is thinned (see `reports.thinning`) and kept under the state of its series, which its summary tells:
whatever changes a series writes its summary anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.cache import caches

from cms.core import memory
from reports.axes import DAYS
from reports.choices import Origin
from reports.histories import History, Point, append, history_of
from reports.models.observations import Observation
from reports.models.series import SeriesSummary
from reports.thinning import MOST_DRAWN
from reports.vega.rendering import CACHE, KEEP_FOR

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from reports.models.indicators import Indicator
    from taxonomy.models import Country

    # Indicators, the countries for which their values are shown, and the first and the last day of the time shown
    Need = tuple[Sequence[Indicator], Sequence[Country], datetime.date | None, datetime.date | None]

# Changes with what is kept of a history.
EDITION = 1


class Stretch(NamedTuple):
    """Which history: ids of an indicator and a country, and the time shown; all time where there are no dates."""

    indicator: int
    country: int
    start: datetime.date | None
    end: datetime.date | None


def load_histories(*needs: Need) -> dict[Stretch, History]:
    """Current values, in one query; what the request has loaded before in none.

    Of daily and weekly values the states are asked for first; then the observations of those that are not kept.
    """
    known = memory.objects()
    wanted = {
        Stretch(one.pk, country.pk, start, end): one.frequency
        for indicators, countries, start, end in needs
        for one in indicators
        for country in countries
    }
    found = {one: known["history", one] for one in wanted if ("history", one) in known}
    if absent := {one: frequency for one, frequency in wanted.items() if one not in found}:
        loaded = load(absent)
        known.update({("history", one): history for one, history in loaded.items()})
        found |= loaded
    return found


def summaries(indicator: Indicator) -> list[SeriesSummary]:
    """What is kept of all series of an indicator, with the newest observation of each; one query in a request."""
    known = memory.objects()
    key = ("summaries", indicator.pk)
    if key not in known:
        known[key] = list(SeriesSummary.objects.filter(indicator=indicator).select_related("newest"))
    found: list[SeriesSummary] = known[key]
    return found


def load(wanted: dict[Stretch, str]) -> dict[Stretch, History]:
    """Histories by their frequency: long ones as they are kept, where they are, others from the observations."""
    keys = keys_of_long(wanted)
    cache = caches[CACHE]
    kept = cache.get_many(keys.values()) if keys else {}
    found = {one: unpacked(kept[key]) for one, key in keys.items() if key in kept}
    absent = [one for one in wanted if one not in found]
    points = read(absent)
    for one in absent:
        found[one] = history_of(points.get((one.indicator, one.country), []), one.start, one.end, wanted[one])
    if fresh := {key: packed(found[one]) for one, key in keys.items() if key not in kept}:
        cache.set_many(fresh, KEEP_FOR)
    return found


def keys_of_long(wanted: Mapping[Stretch, str]) -> dict[Stretch, str]:
    """Under what the histories of series are kept that are too long to be drawn as they are: of days and of weeks."""
    possible = [one for one, frequency in wanted.items() if frequency in DAYS]
    if not possible:
        return {}
    rows = SeriesSummary.objects.filter(
        origin=Origin.INTERNATIONAL,
        value_count__gt=MOST_DRAWN,
        indicator__in={one.indicator for one in possible},
        country__in={one.country for one in possible},
    )
    states = {
        (indicator, country): f"{changed.timestamp():.6f}/{count}/{newest}"
        for indicator, country, changed, count, newest in rows.values_list(
            "indicator_id", "country_id", "changed", "value_count", "newest_id"
        )
    }
    return {
        one: f"history/{EDITION}/{one.indicator}/{one.country}/{one.start}/{one.end}/{state}"
        for one in possible
        if (state := states.get((one.indicator, one.country)))
    }


def read(wanted: Iterable[Stretch]) -> dict[tuple[int, int], list[Point]]:
    """All points of some series by indicator and country, oldest first, in one query."""
    countries: dict[int, set[int]] = {}
    for one in wanted:
        countries.setdefault(one.indicator, set()).add(one.country)
    if not countries:
        return {}
    fields = ("indicator_id", "country_id", "frequency", "period_start", "value", "status")
    pairs = [([indicator], list(ids)) for indicator, ids in countries.items()]
    found: dict[tuple[int, int], list[Point]] = {}
    for indicator, country, frequency, *values in Observation.objects.current().of_any(pairs).values_list(*fields):
        append(found.setdefault((indicator, country), []), Point(*values), frequency)
    return found


def packed(history: History) -> tuple[Any, ...]:
    """A history of types that every version of this code can read."""
    points, table = ([tuple(point) for point in rows] for rows in (history.points, history.listed))
    return points, table, history.step, history.is_covered, history.newest


def unpacked(kept: tuple[Any, ...]) -> History:
    points, table, *facts = kept
    return History([Point(*row) for row in points], [Point(*row) for row in table], *facts)
