from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext_lazy

from reports.choices import LeftOut
from reports.importers.layouts import Layout, iso_days
from reports.importers.places import places_by_code
from reports.importers.profiles.base import Options, Profile, unknown
from reports.importers.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.importers.files import TextFile

KEY, COUNTRY, CODE, REGION, DAY = ("id", "Country", "iso3", "Region", "Date")
LEVELS = ("Measure_L1", "Measure_L2", "Measure_L3", "Measure_L4")
COMMENT, SOURCE = ("Comment", "Source")
COLUMNS = (KEY, COUNTRY, CODE, REGION, DAY, *LEVELS, COMMENT, SOURCE)
SHIP = "Diamond Princess"


class Measures(Profile):
    code = "cccsl"
    name = gettext_lazy("CCCSL, measures of governments")
    files = gettext_lazy("One file with a row for each measure.")
    encoding = "cp1252"

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterator[Layout]:
        for file in files:
            table = Table.opened(file, COLUMNS)
            yield Layout(
                rows=table,
                place=CODE,
                places=places_by_code({}),
                cells=(),
                frequency=None,
                period=DAY,
                read_period=iso_days,
                known_rows=((LeftOut.NO_PLACE, (pl.col(CODE) == "") & (pl.col(COUNTRY) == SHIP)),),
                unknown_columns=unknown(table.columns, COLUMNS),
            )


OTHERS = "*"


@cache
def categories() -> dict[tuple[str, str], dict[str, str]]:
    """By levels 1 and 2 of the taxonomy: the category by level 3, `OTHERS` among them; empty where there is none."""
    table = tomllib.loads((Path(__file__).parent.parent / "cccsl.toml").read_text())
    return {
        (first, second): found if isinstance(found, dict) else {OTHERS: found}
        for first, rows in table.items()
        for second, found in rows.items()
    }


def category_of(first: str, second: str, third: str) -> str | None:
    """The category of a measure; empty where the platform has none for it, None where the taxonomy does not know it."""
    found = categories().get((first, second))
    return None if found is None else found.get(third, found[OTHERS])
