"""Figures that somebody types in: read like a file of the platform's own form, and imported at once or not at all."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from reports.choices import NATIONAL_FORM
from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.profiles.template import COLUMNS
from reports.importers.services import Wish, import_statistics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.importers.reporting import FileReport
    from reports.models import Indicator
    from taxonomy.models import Country

# Of the first row below the names of the columns.
FIRST_LINE = 2


def take_in(user: Any, country: Country, indicator: Indicator, rows: Iterable[dict[str, str]]) -> FileReport:
    """Import rows (period, value, status, note) as national figures; where one is rejected, nothing is kept of any.

    Row number 0 is line `FIRST_LINE` of the report.
    """
    profile = PROFILES[NATIONAL_FORM]
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        path = Path(folder) / f"{country.code}.csv"
        with path.open("w", encoding=profile.encoding, newline="") as target:
            writer = csv.DictWriter(target, COLUMNS)
            writer.writeheader()
            writer.writerows({"indicator": indicator.code, "country": country.code, **row} for row in rows)
        options = Options(only_country=country.pk)
        (report,) = import_statistics(profile, [TextFile.at(path)], options, Wish(user=user))
        if report.rejected:
            transaction.set_rollback(True)
    return report
