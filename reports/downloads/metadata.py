"""What has to be known of figures to use them: as plain facts, and in the W3C's form for tables (CSVW)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from cms.languages import reader_language
from reports.choices import ObservationStatus, Origin, Scope
from reports.models import ImportRun, Observation

if TYPE_CHECKING:
    from reports.downloads.selection import Selection
    from reports.models import Indicator

XSD_OF_COLUMN = {"value": "decimal", "known_since": "dateTime"}
REQUIRED = ("indicator_code", "country_code", "period", "frequency", "status", "origin")


def facts(selection: Selection) -> dict[str, Any]:
    """All about an indicator and the selected figures, in the reader's language; three queries."""
    indicator, row = selection.indicator, selection.indicator.label_row
    return {
        "language": row.language if row else reader_language(),
        "code": indicator.code,
        "name": indicator.label,
        "short_name": row.short_name if row else "",
        "definition": row.definition if row else "",
        "caveats": row.caveats if row else "",
        "theme": indicator.theme.label if indicator.theme else "",
        "unit": {"code": indicator.unit, "name": indicator.unit_name},
        "scale": scale(indicator),
        "frequency": {"code": indicator.frequency, "name": indicator.get_frequency_display()},
        "aggregation": indicator.aggregation,
        "comparable_between_countries": indicator.is_comparable,
        "source": {"name": indicator.source.label, "url": indicator.source_url},
        "attribution": attribution(indicator),
        "licence": {"code": indicator.licence, "name": indicator.get_licence_display(), "url": indicator.licence_url},
        "expected_update_days": indicator.update_days,
        "statuses": {one.value: str(one.label) for one in ObservationStatus},
        "scopes": {one.value: str(one.label) for one in Scope} if indicator.is_ordinal else {},
        "origins": {one.value: str(one.label) for one in Origin},
        "as_of": selection.as_of,
        "coverage": coverage(selection),
        "imports": imports(selection),
    }


def attribution(indicator: Indicator) -> str:
    row = indicator.label_row
    return (row.attribution if row else "") or indicator.source.label


def scale(indicator: Indicator) -> dict[str, Any]:
    return {
        "type": indicator.scale_type,
        "name": str(indicator.get_scale_type_display()),
        "direction": indicator.direction,
        "decimals": indicator.decimals,
        "values": {str(value): label for value, label in sorted(indicator.ordinal_labels.items())},
    }


def coverage(selection: Selection) -> dict[str, Any]:
    return dict(
        selection.rows.aggregate(
            countries=Count("country", distinct=True),
            first_period=Min("period_start"),
            last_period=Max("period_start"),
            rows=Count("pk"),
            values=Count("value"),
            changed=Max("valid_from"),
        )
    )


def imports(selection: Selection) -> list[dict[str, Any]]:
    """The files that the figures were read from, the newest first; none for figures that came otherwise."""
    runs = selection.rows.exclude(import_run=None).order_by().values("import_run")
    used = dict(runs.values_list("import_run").annotate(number=Count("pk")))
    rows = ImportRun.objects.filter(pk__in=used).values("pk", "file_name", "sha256", "profile", "started")
    return [
        {
            "file": row["file_name"],
            "sha256": row["sha256"],
            "profile": row["profile"],
            "retrieved": row["started"],
            "rows": used[row["pk"]],
        }
        for row in rows.order_by("-started")
    ]


def csvw(selection: Selection, url: str, columns: list[str]) -> dict[str, Any]:
    """Metadata of the CSV file at `url`, after "Metadata Vocabulary for Tabular Data" of the W3C."""
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
            "columns": [column(name, known) for name in columns],
            "primaryKey": ["indicator_code", "country_code", "period", "origin"],
        },
        "notes": [known],
    }


def column(name: str, known: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": name,
        "titles": name,
        "dc:description": descriptions()[name],
        "datatype": XSD_OF_COLUMN.get(name, "string"),
    }
    if name in REQUIRED:
        facts["required"] = True
    if name == "value":
        facts["schema:unitText"] = known["unit"]["name"]
    return facts


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
