from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Frequency, LeftOut, RejectReason
from reports.importers.layouts import COLUMN, Layout
from reports.importers.places import places_by_code
from reports.importers.profiles.base import Options, Profile, ensure_listed, unknown
from reports.importers.tables import LINE, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.importers.files import TextFile

NAMES_OF_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
MONTHS = {name: number for number, name in enumerate(NAMES_OF_MONTHS.split(), start=1)}
DAY = re.compile(rf"(\d\d)({'|'.join(MONTHS)})(\d{{4}})", re.ASCII)
POLICY = re.compile(r"([ceh]\d+)_(\w+)", re.ASCII)
FLAG = "flag"
OTHERS = {
    "stringency_index": "STRINGENCY",
    "containment_health_index": "CONTAINMENT-HEALTH",
    "economic_support_index": "ECONOMIC-SUPPORT",
    "government_response_index": "GOVERNMENT-RESPONSE",
    "confirmed_cases": "CASES",
    "confirmed_deaths": "DEATHS",
    "oxcgrt_timeseries_stringencyindex_v1": "STRINGENCY",
    "oxcgrt_timeseries_containmenthealthindex_v1": "CONTAINMENT-HEALTH",
    "oxcgrt_timeseries_economicsupportindex_v1": "ECONOMIC-SUPPORT",
    "oxcgrt_timeseries_governmentresponseindex_v1": "GOVERNMENT-RESPONSE",
}
CODE, NAME = "country_code", "country_name"
LEGACY = ("", CODE, NAME)
V1_CODE, REGION, JURISDICTION = "CountryCode", "RegionCode", "Jurisdiction"
V1 = (V1_CODE, "CountryName", REGION, "RegionName", "CityCode", "CityName", JURISDICTION)
NATIONAL = "NAT_TOTAL"
MISSING = ("", "NA")
FLAGS = ("0", "1")


class Oxford(Profile):
    code = "oxcgrt"
    name = gettext_lazy("Oxford COVID-19 Government Response Tracker, one column for each day")
    files = gettext_lazy("One file for each indicator, with the file of its flags where it has one.")

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterator[Layout]:
        kinds = {file: POLICY.fullmatch(file.stem) for file in files}
        flags = {kind[1]: file for file, kind in kinds.items() if kind and kind[2] == FLAG}
        values = [file for file, kind in kinds.items() if not kind or kind[2] != FLAG]
        for file in values:
            yield layout(file, code_of(file), flags.pop(key_of(file), None))
        for key, file in flags.items():
            raise file.refuse(_("These are flags only. Choose the values of %(key)s with them.") % {"key": key.upper()})


def key_of(file: TextFile) -> str:
    kind = POLICY.fullmatch(file.stem)
    return kind[1] if kind else ""


def code_of(file: TextFile) -> str:
    name = key_of(file).upper() or OTHERS.get(file.stem, "")
    if not name:
        reason = _("The name of the file says which indicator it holds, and this is none of the published names.")
        raise file.refuse(reason)
    return f"OXCGRT.{name}"


def layout(file: TextFile, code: str, flags: TextFile | None) -> Layout:
    is_v1 = V1_CODE in file.header(",")
    keys, place = (V1, V1_CODE) if is_v1 else (LEGACY, CODE)
    table = Table.opened(file, keys)
    days, refused = read_days(table, keys)
    is_part = (pl.col(REGION) != "") | (pl.col(JURISDICTION) != NATIONAL) if is_v1 else pl.lit(value=False)
    return Layout(
        rows=table,
        place=place,
        places=places_by_code({}),
        cells=tuple(days),
        frequency=Frequency.DAILY,
        only=ensure_listed([code], file)[code],
        days=days,
        known_rows=((LeftOut.SUBNATIONAL, is_part),),
        missing=MISSING,
        scopes=read_flags(flags) if flags else None,
        unknown_columns=refused,
    )


def read_days(table: Table, keys: Sequence[str]) -> tuple[dict[str, datetime.date], dict[str, RejectReason]]:
    """The days of columns, and the columns that are none, or whose day has not come yet; refused without any day."""
    days = {name: day for name in table.columns if (day := read_day(name))}
    if not days:
        raise table.file.refuse(_("No column is named after a day in the form 01Jan2020."), 1)
    refused = unknown(table.columns, {*keys, *days})
    today = timezone.now().date()
    future = {name: RejectReason.DATE_RANGE for name, day in days.items() if day > today}
    return {name: day for name, day in days.items() if name not in future}, refused | future


def read_day(name: str) -> datetime.date | None:
    if not (parts := DAY.fullmatch(name)):
        return None
    try:
        return datetime.date(int(parts[3]), MONTHS[parts[2]], int(parts[1]))
    except ValueError:
        return None


def read_flags(file: TextFile) -> pl.DataFrame:
    """The scope of each country (code) and day (column). A flag that is neither 0 nor 1 refuses the file."""
    table = Table.opened(file, LEGACY)
    days, _refused = read_days(table, LEGACY)
    long = table.whole().unpivot(on=list(days), index=[LINE, CODE], variable_name=COLUMN, value_name="scope")
    long = long.filter(pl.col("scope").is_in(MISSING).not_())
    for line, _code, column, flag in long.filter(pl.col("scope").is_in(FLAGS).not_()).head(1).rows():
        raise file.refuse(_("“%(flag)s” is no flag. Flags are 0, 1, NA or empty.") % {"flag": flag}, line, column)
    return long.drop(LINE).unique([CODE, COLUMN], keep="first")
