"""Whatever files come: what is known now, and was known then, is what a dictionary would have kept."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.models import Observation

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]

pytestmark = pytest.mark.django_db
HEADER = "Country Name,Country Code,Year,Value\n"
Place = tuple[str, int]
State = dict[Place, Decimal | None]
PLACES = st.tuples(st.sampled_from(["KAZ", "GEO", "ARM"]), st.integers(2018, 2020))
# Small numbers, so that values often stay and come back; None is a cell without a value.
VALUES = st.sampled_from(["0", "1", "1.0", "2.5", "-3", None])
FILES = st.lists(st.dictionaries(PLACES, VALUES, min_size=1, max_size=6), min_size=1, max_size=5)


def content(cells: dict[Place, str | None]) -> str:
    return HEADER + "".join(f"Name,{country},{year},{value or ''}\n" for (country, year), value in cells.items())


def after(state: State, cells: dict[Place, str | None]) -> State:
    """What is known once a file has come: an empty cell is no news where nothing was known."""
    told = {place: None if value is None else Decimal(value) for place, value in cells.items()}
    return state | {place: value for place, value in told.items() if value is not None or place in state}


def known(moment: datetime.datetime) -> State:
    rows = Observation.objects.as_of(moment).values_list("country__alpha3", "period_start__year", "value")
    return {(country, year): value for country, year, value in rows}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES)
def test_the_present_and_every_past_are_kept(take: Take, tmp_path: Path, files: list[dict[Place, str | None]]) -> None:
    path = tmp_path / "population.csv"
    history: list[tuple[datetime.datetime, State]] = []
    state: State = {}
    with transaction.atomic():
        for cells in files:
            path.write_text(content(cells))
            before, state = state, after(state, cells)
            (report,) = take("worldbank", path)
            history.append((timezone.now(), state))
            told = [place for place in cells if place in state]
            assert report.added == len(state) - len(before)
            assert report.changed == sum(place in before and state[place] != before[place] for place in told)
            assert report.unchanged == sum(place in before and state[place] == before[place] for place in told)
            assert take("worldbank", path)[0].unchanged == len(told)
        assert [known(moment) for moment, _state in history] == [state for _moment, state in history]
        assert Observation.objects.current().count() == len(state)
        transaction.set_rollback(True)
