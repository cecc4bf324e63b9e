from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Frequency, LeftOut, ScaleType
from reports.importers.catalogue import Definition, ensure
from reports.importers.layouts import Layout, days_since, years
from reports.importers.places import english_names, places_by_name
from reports.importers.profiles.base import Options, Profile, code_of, some, the_only, unknown
from reports.importers.profiles.owid import SOURCE
from reports.importers.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.importers.files import TextFile

ENTITY, YEAR = KEYS = ("Entity", "Year")
UNIT_OF_TIME = "time_unit"
TIMES = {"weekly": Frequency.WEEKLY, "monthly": Frequency.MONTHLY}
DESCRIPTIONS = ("time", UNIT_OF_TIME)
LEFT_OUT = {
    **dict.fromkeys(("World", "Africa", "Asia", "Europe", "European Union", "North America"), LeftOut.AGGREGATE),
    **dict.fromkeys(("Oceania", "South America", "High income", "Low income"), LeftOut.AGGREGATE),
    **dict.fromkeys(("Lower middle income", "Upper middle income"), LeftOut.AGGREGATE),
    **dict.fromkeys(("England", "England & Wales", "Northern Ireland", "Scotland", "Wales"), LeftOut.SUBNATIONAL),
    "Transnistria": LeftOut.NO_CODE,
}
USUAL_DECIMALS, MOST_DECIMALS = 2, 6
CODE_LENGTH = 40


class Packages(Profile):
    code = "owid-package"
    name = gettext_lazy("Our World in Data, data package of one data set")
    files = gettext_lazy("The file with the values and its datapackage.json.")

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterator[Layout]:
        descriptions = [file for file in files if file.name.lower().removesuffix(".gz").endswith(".json")]
        description = the_only(descriptions, "datapackage.json")
        file = the_only([one for one in files if one not in descriptions], _("the values, data.csv"))
        package = Package(description)
        table = Table.opened(file, KEYS)
        fields = {name: facts for name, facts in package.fields.items() if name not in (*KEYS, *DESCRIPTIONS)}
        cells = [name for name in table.columns if name in fields]
        some(cells, table.file)
        by_row = UNIT_OF_TIME in table.columns
        zero = package.zero_day()
        usual = Frequency.DAILY if zero else Frequency.ANNUAL
        definitions = {name: package.definition(name, Frequency.WEEKLY if by_row else usual) for name in cells}
        found = ensure({one.code: one for one in definitions.values()})
        yield Layout(
            rows=table,
            place=ENTITY,
            places=places_by_name(english_names(), LEFT_OUT),
            cells=tuple(cells),
            frequency=None if by_row else usual,
            by_column={name: found[one.code] for name, one in definitions.items()},
            period=YEAR,
            read_period=days_since(zero) if zero else years,
            row_frequency=(UNIT_OF_TIME, TIMES) if by_row else None,
            left_out_columns={name: LeftOut.DESCRIPTION for name in table.columns if name in DESCRIPTIONS},
            unknown_columns=unknown(table.columns, {*KEYS, *DESCRIPTIONS, *fields}),
        )


class Package:
    """A frictionless description of one table, with the settings that Our World in Data adds to its fields."""

    def __init__(self, file: TextFile) -> None:
        self.file = file
        try:
            content = json.loads(file.text())
            self.id, self.title = int(content["id"]), str(content["title"])
            self.sources = [str(one["name"]) for one in content.get("sources", [])]
            listed = content["resources"][0]["schema"]["fields"]
            self.fields: dict[str, dict[str, Any]] = {
                str(one["name"]): {
                    **(settings := json.loads(one.get("owidDisplaySettings") or "{}")),
                    "description": str(one.get("description") or ""),
                    "decimals": decimals(settings.get("numDecimalPlaces")),
                }
                for one in listed
            }
        except json.JSONDecodeError as error:
            raise file.refuse(_("The file is no JSON. Fetch it again from its source."), error.lineno) from error
        except (KeyError, IndexError, TypeError, ValueError) as error:
            reason = _(
                "The file does not describe a table as data packages of Our World in Data do: id, title, fields."
            )
            raise file.refuse(reason) from error

    def zero_day(self) -> datetime.date | None:
        """The day from which the column `Year` counts days, or None where it holds years."""
        settings = [one for one in self.fields.values() if one.get("yearIsDay")]
        days = {str(one.get("zeroDay", "")) for one in settings}
        if not days:
            return None
        try:
            (day,) = days
            return datetime.date.fromisoformat(day)
        except ValueError as error:
            raise self.file.refuse(_("The fields do not agree on one day zero.")) from error

    def definition(self, name: str, frequency: str) -> Definition:
        settings = self.fields[name]
        unit = str(settings.get("unit") or "number")
        title = str(settings.get("name") or name.replace("_", " ").capitalize())
        return Definition(
            code=f"OWID.{self.id}.{code_of(name, CODE_LENGTH)}",
            name=title,
            definition=settings["description"] or f"{title}. {self.title}.",
            unit=unit,
            scale_type=scale_of(unit),
            decimals=settings["decimals"],
            frequency=frequency,
            source=SOURCE,
            attribution=f"{', '.join(self.sources)}; published by Our World in Data, CC BY 4.0",
        )


def decimals(given: Any) -> int:
    """How many decimals are shown of a value; no more than are kept."""
    return USUAL_DECIMALS if given is None else min(max(int(given), 0), MOST_DECIMALS)


def scale_of(unit: str) -> str:
    if unit == "%":
        return ScaleType.PERCENT
    return ScaleType.RATE if unit.startswith("per ") else ScaleType.COUNT
