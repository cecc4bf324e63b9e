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


@cache
def categories() -> dict[tuple[str, str], str]:
    """The category by levels 1 and 2 of the taxonomy; empty where the platform has no category for it."""
    table = tomllib.loads((Path(__file__).parent.parent / "cccsl.toml").read_text())
    return {(first, second): category for first, rows in table.items() for second, category in rows.items()}
