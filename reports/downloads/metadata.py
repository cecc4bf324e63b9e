"""What has to be known of figures to use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min

from cms.languages import reader_language
from reports.choices import ObservationStatus, Origin, Scope
from reports.models import ImportRun

if TYPE_CHECKING:
    from reports.downloads.selection import Selection
    from reports.models import Indicator


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
