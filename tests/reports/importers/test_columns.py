"""Columns of any name: what a file calls its columns disturbs nothing of how it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from reports.choices import RejectReason
from reports.models import Measure, Observation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport

    Take = Callable[..., list[FileReport]]
    Write = Callable[..., Path]

pytestmark = pytest.mark.django_db
# What the importer itself calls its columns on the way to the database.
OWN_NAMES = (
    *("country_id", "left_out", "day", "reason", "text", "value", "status", "scope", "note", "line", "cell"),
    *("indicator_id", "frequency", "period_start", "id", "literal", "column", "END", "index"),
)
WORLD_BANK = "Country Name,Country Code,Year,Value"
MEASURES = "id,Country,iso3,Region,Date,Measure_L1,Measure_L2,Measure_L3,Measure_L4,Comment,Source"
MEASURE = "7,Austria,AUT,,2020-03-16,Social distancing,Closure of educational institutions,,,,"


def package(*fields: dict[str, Any] | str) -> str:
    """A description of one data set of Our World in Data, with fields by their names or with their settings."""
    listed: list[dict[str, Any]] = [{"name": "Entity"}, {"name": "Year"}]
    for one in fields:
        field = {"name": one} if isinstance(one, str) else one
        listed.append(field | {"owidDisplaySettings": json.dumps(field.get("owidDisplaySettings", {}))})
    described = {"id": 7, "title": "Set", "sources": [{"name": "Office"}]}
    return json.dumps(described | {"resources": [{"schema": {"fields": listed}}]})


def test_a_column_more_is_rejected_whatever_it_is_called(take: Take, write: Write) -> None:
    header = ",".join((WORLD_BANK, *OWN_NAMES))
    (report,) = take("worldbank", write("gdp.csv", header, f"Kazakhstan,KAZ,2018,10{',x' * len(OWN_NAMES)}"))
    assert [(one.line, one.column, one.reason) for one in report.rejects] == [
        (1, name, RejectReason.COLUMN) for name in OWN_NAMES
    ]
    assert Observation.objects.get().value == 10


def test_a_column_of_values_is_read_whatever_it_is_called(take: Take, write: Write) -> None:
    numbers = range(len(OWN_NAMES))
    data = write("data.csv", ",".join(("Entity", "Year", *OWN_NAMES)), f"Algeria,2019,{','.join(map(str, numbers))}")
    (report,) = take("owid-package", write("datapackage.json", package(*OWN_NAMES)), data)
    assert (report.added, report.rejected) == (len(OWN_NAMES), 0)
    found = dict(Observation.objects.values_list("indicator__code", "value"))
    assert found == {f"OWID.7.{name.upper()}": number for name, number in zip(OWN_NAMES, numbers, strict=True)}


def test_a_column_more_among_measures_is_rejected_whatever_it_is_called(take: Take, write: Write) -> None:
    more = [name for name in OWN_NAMES if name != "id"]
    lines = ",".join((MEASURES, *more)), f"{MEASURE}{',x' * len(more)}"
    (report,) = take("cccsl", write("measures.csv", *lines, encoding="cp1252"))
    assert (report.added, report.rejected) == (1, len(more))
    assert Measure.objects.get().start.isoformat() == "2020-03-16"
