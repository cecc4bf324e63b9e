from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Frequency, LeftOut
from reports.importers.layouts import Layout, years
from reports.importers.places import places_by_code
from reports.importers.profiles.base import Options, Profile, ensure_listed, unknown
from reports.importers.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.importers.files import TextFile

NAME, CODE, YEAR, VALUE = COLUMNS = ("Country Name", "Country Code", "Year", "Value")
# The files name no indicator. These are the names under which two of them are published.
INDICATORS = {"population": "WB.SP.POP.TOTL", "gdp": "WB.NY.GDP.MKTP.CD"}
# Regions, income groups and lending groups of the World Bank.
AGGREGATES = (
    "AFE AFR AFW ARB CEA CEB CEU CLA CME CSA CSS EAP EAR EAS ECA ECS EMU EUU FCS HIC HPC IBB IBD IBT IDA IDB IDX INX "
    "LAC LCN LDC LIC LMC LMY LTE MDE MEA MIC MNA NAC NAF NRS NXS OED OSS PRE PSS PST RRS SAS SSA SSF SST SXZ TEA TEC "
    "TLA TMN TSA TSS UMC WLD XZN"
)
CHANNEL_ISLANDS = "CHI"


class WorldBank(Profile):
    code = "worldbank"
    name = gettext_lazy("World Bank, one row for each country and year")
    files = gettext_lazy("One file for each indicator.")

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterator[Layout]:
        left_out = dict.fromkeys(AGGREGATES.split(), LeftOut.AGGREGATE) | {CHANNEL_ISLANDS: LeftOut.NO_CODE}
        places = places_by_code(left_out)
        for file in files:
            table = Table.opened(file, COLUMNS)
            code = options.indicator or INDICATORS.get(file.stem, "")
            if not code:
                reason = _("The file does not say of which indicator its values are. Name the code of the indicator.")
                raise file.refuse(reason)
            yield Layout(
                rows=table,
                place=CODE,
                places=places,
                cells=(VALUE,),
                frequency=Frequency.ANNUAL,
                by_column={VALUE: ensure_listed([code], file)[code]},
                period=YEAR,
                read_period=years,
                unknown_columns=unknown(table.columns, COLUMNS),
            )
