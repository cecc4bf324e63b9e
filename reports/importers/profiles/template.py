"""The platform's own form: one row for each value, as CSV or as a spreadsheet, filled in by a country."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from reports.choices import NATIONAL_FORM, Origin
from reports.importers.catalogue import known_indicators
from reports.importers.layouts import Layout, sdmx_periods
from reports.importers.places import Places
from reports.importers.profiles.base import Options, Profile, unknown
from reports.importers.tables import Table
from reports.importers.workbooks import Sheet, is_workbook
from reports.models import Indicator
from taxonomy.models import Country

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.importers.files import TextFile
    from reports.importers.layouts import Rows

INDICATOR, COUNTRY, PERIOD, VALUE, STATUS, NOTE = COLUMNS = (
    "indicator",
    "country",
    "period",
    "value",
    "status",
    "note",
)
# Spreadsheets of some languages separate with semicolons, because their numbers have commas.
SEPARATORS = (",", ";", "\t")


class Template(Profile):
    code = NATIONAL_FORM
    name = gettext_lazy("National figures in the form of this platform")
    files = gettext_lazy("A CSV file or a spreadsheet (XLSX) in the form that can be downloaded here.")
    origin = Origin.NATIONAL

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterator[Layout]:
        for file in files:
            rows: Rows = Sheet.opened(file, COLUMNS) if is_workbook(file) else Table.opened(file, COLUMNS, SEPARATORS)
            yield Layout(
                rows=rows,
                place=COUNTRY,
                places=Places(country_codes(), {}),
                cells=(VALUE,),
                frequency=None,
                indicator_column=INDICATOR,
                by_code=known_indicators(),
                period=PERIOD,
                read_period=sdmx_periods,
                period_forms=True,
                status=STATUS,
                note=NOTE,
                unknown_columns=unknown(rows.columns, COLUMNS),
            )


def country_codes() -> dict[str, int]:
    """Country ids by alpha-2 and by alpha-3."""
    rows = Country.objects.prefetch_related(None).values_list("pk", "code", "alpha3")
    return {code: pk for pk, alpha2, alpha3 in rows for code in (alpha2, alpha3)}


def write_template(target: Any, country: Country, kind: str) -> None:
    """Write the empty form to a file or an answer. As XLSX, a second sheet says what belongs where."""
    if kind == "csv":
        csv.writer(target).writerow(COLUMNS)
        return
    book = Workbook()
    book.active.title = _("National figure")
    book.active.append(COLUMNS)
    notes = book.create_sheet(_("How to fill it in"))
    for line in explanations(country):
        notes.append([line])
    notes.append([])
    notes.append([_("Code"), _("Indicator"), _("Unit"), _("Frequency")])
    for one in Indicator.objects.all():
        notes.append([one.code, one.label, one.unit_name, one.get_frequency_display()])
    book.save(target)


def explanations(country: Country | None) -> list[str]:
    """What belongs into each column; without a country, into those that are typed in."""
    chosen = (
        [
            _("indicator: the code of the indicator, out of the list below"),
            _("country: %(code)s for %(country)s") % {"code": country.code, "country": country.label},
        ]
        if country
        else []
    )
    return [
        *chosen,
        _("period: 2024 for years, 2024-Q1 for quarters, 2024-01 for months, 2024-W01 for weeks, 2024-01-31 for days"),
        _("value: a number with a point before decimals and no separators; empty where there is none"),
        _("status: A normal, E estimated, P provisional, M no value, B break in the series; empty stands for A or M"),
        _("note: at most 255 characters"),
    ]
