from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Frequency, LeftOut, ScaleType
from reports.importers.catalogue import Definition, ensure
from reports.importers.layouts import Layout, iso_days
from reports.importers.places import Places, places_by_code
from reports.importers.profiles.base import Options, Profile, code_of, some, the_only, unknown
from reports.importers.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.importers.files import TextFile

CODE, PLACE, DAY = KEYS = ("iso_code", "location", "date")
CODEBOOK_COLUMNS = ("column", "source", "category", "description")
SOURCE = "our-world-in-data"
# Facts about a country that the file repeats on each of its days, although they are of some year.
BACKGROUND_CATEGORY = "Others"
DESCRIPTIONS = ("continent", "location", "tests_units")
AGGREGATES = (
    "OWID_WRL OWID_AFR OWID_ASI OWID_EUN OWID_EUR OWID_HIC OWID_LIC OWID_LMC OWID_NAM OWID_OCE OWID_SAM OWID_UMC"
)
PARTS = ("OWID_ENG", "OWID_NIR", "OWID_SCT", "OWID_WLS")
NO_CODES = ("OWID_CYN",)
INTERNATIONAL, INTERNATIONAL_CODE = "International", "OWID_INT"
CODE_LENGTH = 55
RATES = {
    "_per_million": ("per million people", 3),
    "_per_thousand": ("per thousand people", 3),
    "_per_hundred": ("per hundred people", 2),
}


class OurWorldInData(Profile):
    code = "owid"
    name = gettext_lazy("Our World in Data, one row for each country and day")
    files = gettext_lazy("The file with the values and its codebook.")

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterator[Layout]:
        books = [file for file in files if file.header(",")[:1] == [CODEBOOK_COLUMNS[0]]]
        book = the_only(books, _("the codebook, with the columns column, source, category and description"))
        described = read_codebook(book)
        background = {name for name, row in described.items() if row["category"] == BACKGROUND_CATEGORY}
        for file in [file for file in files if file not in books]:
            table = Table.opened(file, KEYS)
            names = set(table.columns) - set(KEYS)
            cells = [
                name for name in table.columns if name in described and name in names - background - {*DESCRIPTIONS}
            ]
            some(cells, file)
            definitions = {name: definition(described[name]) for name in cells}
            found = ensure({one.code: one for one in definitions.values()})
            yield Layout(
                rows=table,
                place=CODE,
                places=places(),
                cells=tuple(cells),
                frequency=Frequency.DAILY,
                by_column={name: found[one.code] for name, one in definitions.items()},
                period=DAY,
                read_period=iso_days,
                known_rows=((LeftOut.NO_PLACE, (pl.col(CODE) == "") & (pl.col(PLACE) == INTERNATIONAL)),),
                left_out_columns={name: LeftOut.BACKGROUND for name in table.columns if name in names & background}
                | {name: LeftOut.DESCRIPTION for name in table.columns if name in names and name in DESCRIPTIONS},
                unknown_columns=unknown(table.columns, {*KEYS, *described, *DESCRIPTIONS}),
            )


def places() -> Places:
    return places_by_code(
        dict.fromkeys(AGGREGATES.split(), LeftOut.AGGREGATE)
        | dict.fromkeys(PARTS, LeftOut.SUBNATIONAL)
        | dict.fromkeys(NO_CODES, LeftOut.NO_CODE)
        | {INTERNATIONAL_CODE: LeftOut.NO_PLACE}
    )


def read_codebook(file: TextFile) -> dict[str, dict[str, str]]:
    """The descriptions of columns by name. Descriptions may be longer than a line."""
    frame = Table.opened(file, CODEBOOK_COLUMNS).whole()
    return {row["column"]: row for row in frame.iter_rows(named=True)}


def definition(row: dict[str, str]) -> Definition:
    """What the codebook says of a column, as an indicator."""
    name = row["column"]
    unit, decimals = next((facts for ending, facts in RATES.items() if name.endswith(ending)), ("number", 0))
    scale = ScaleType.RATE if decimals else ScaleType.COUNT
    if "_index" in name:
        unit, decimals, scale = "index", 2, ScaleType.INDEX
    elif name.endswith("_rate") or "excess_mortality" in name or name == "tests_per_case":
        unit, decimals, scale = "rate", 3, ScaleType.RATE
    return Definition(
        code=f"OWID.{code_of(name, CODE_LENGTH)}",
        name=name.replace("_", " ").capitalize(),
        definition=row["description"],
        unit=unit,
        scale_type=scale,
        decimals=decimals,
        frequency=Frequency.DAILY,
        source=SOURCE,
        attribution=_attribution(row["source"]),
    )


def _attribution(source: str) -> str:
    return f"{source}; collected by Mathieu, E. et al., Our World in Data, CC BY 4.0"
