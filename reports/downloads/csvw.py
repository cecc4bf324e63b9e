"""The description of a CSV file after "Metadata Vocabulary for Tabular Data" of the W3C (CSVW)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from reports.downloads.csv_files import COLUMNS
from reports.downloads.metadata import facts
from reports.models import Observation

if TYPE_CHECKING:
    from reports.downloads.selection import Selection

XSD_OF_COLUMN = {"value": "decimal", "known_since": "dateTime"}
REQUIRED = ("indicator_code", "country_code", "period", "frequency", "status", "origin")


def csvw(selection: Selection, url: str) -> dict[str, Any]:
    """Metadata of the CSV file at `url`."""
    known = facts(selection)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": known["language"]}],
        "url": url,
        "dc:identifier": known["code"],
        "dc:title": known["name"],
        "dc:description": known["definition"],
        "dc:creator": known["source"]["name"],
        "dc:rights": known["attribution"],
        "dc:license": {"@id": known["licence"]["url"]} if known["licence"]["url"] else known["licence"]["name"],
        "dc:source": {"@id": known["source"]["url"]} if known["source"]["url"] else known["source"]["name"],
        "dc:modified": known["coverage"]["changed"],
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tableSchema": {
            "columns": [column(name, known) for name in COLUMNS],
            "primaryKey": ["indicator_code", "country_code", "period", "origin"],
        },
        "notes": [known],
    }


def column(name: str, known: dict[str, Any]) -> dict[str, Any]:
    datatype = XSD_OF_COLUMN.get(name, "string")
    facts = {"name": name, "titles": name, "dc:description": descriptions()[name], "datatype": datatype}
    required = {"required": True} if name in REQUIRED else {}
    unit = {"schema:unitText": known["unit"]["name"]} if name == "value" else {}
    return facts | required | unit


def descriptions() -> dict[str, str]:
    """What stands in each column of a CSV file."""
    labels = {field.name: str(field.verbose_name) for field in Observation._meta.fields}
    return {
        "indicator_code": _("Code of the indicator"),
        "indicator": _("Name of the indicator"),
        "country_code": _("Code of the country (ISO 3166-1 alpha-2)"),
        "country": _("Name of the country"),
        "period": _("Period, as SDMX writes it: 2020, 2020-Q1, 2020-01, 2020-W05 or 2020-01-31"),
        "frequency": _("Frequency (SDMX code list CL_FREQ)"),
        "value": _("Value; empty where there is none, which is not zero"),
        "unit": _("Unit"),
        "status": _("Status (SDMX code list CL_OBS_STATUS)"),
        "attribution": _("Whom to name when the figure is used"),
        "licence": _("Licence (SPDX)"),
        "origin": _("International source or national figure"),
        "scope": labels["scope"],
        "note": labels["note"],
        "known_since": _("Since when this value is the one that is known here"),
    }
