from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Frequency, LeftOut
from reports.importers.layouts import Layout, iso_days
from reports.importers.places import Places, places_by_name
from reports.importers.profiles.base import Options, Profile, ensure_listed, the_only, unknown
from reports.importers.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.importers.files import TextFile

DAY, COUNTRY = KEYS = ("Date", "Country")
INDICATORS = {"Confirmed": "JHU.CONFIRMED", "Recovered": "JHU.RECOVERED", "Deaths": "JHU.DEATHS"}
REFERENCE = ("UID", "iso3", "Province_State", "Country_Region")


class JohnsHopkins(Profile):
    code = "jhu"
    name = gettext_lazy("Johns Hopkins University, aggregated by country")
    files = gettext_lazy("The file with the values and the look-up table of countries.")

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterator[Layout]:
        references = [file for file in files if file.header(",")[:1] == [REFERENCE[0]]]
        places = read_places(the_only(references, _("the look-up table of countries, reference.csv")))
        for file in [file for file in files if file not in references]:
            table = Table.opened(file, (*KEYS, *INDICATORS))
            found = ensure_listed(INDICATORS.values(), file)
            yield Layout(
                rows=table,
                place=COUNTRY,
                places=places,
                cells=tuple(INDICATORS),
                frequency=Frequency.DAILY,
                by_column={name: found[code] for name, code in INDICATORS.items()},
                period=DAY,
                read_period=iso_days,
                unknown_columns=unknown(table.columns, {*KEYS, *INDICATORS}),
            )


def read_places(file: TextFile) -> Places:
    """Countries by the names of the look-up table. What has a name and no code there is a ship or an event."""
    rows = Table.opened(file, REFERENCE).whole()
    whole = rows.filter(pl.col("Province_State") == "").select("Country_Region", "iso3")
    codes = {name: code for name, code in whole.rows() if code}
    return places_by_name(codes, {name: LeftOut.NO_PLACE for name, code in whole.rows() if not code})
