"""Indicators, their values and measures as public JSON."""

import datetime
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from cms.core.shapes import Code, Label
from taxonomy.api.shapes import InLanguage, Texts


class LicenceJSON(TypedDict):
    code: Annotated[str, "SPDX identifier."]
    label: str
    url: str


class ScaleValue(TypedDict):
    """What a value of an ordinal scale means."""

    value: int
    label: InLanguage


class Series(TypedDict):
    """What must stay with the figures of an indicator, wherever they go."""

    code: Code
    label: InLanguage
    unit: Annotated[str, "Its symbol or code."]
    unit_label: InLanguage
    scale_type: Annotated[str, "What may be done with the values: a sum of ordinal ones means nothing."]
    scale: Annotated[list[ScaleValue], "Of ordinal scales: what each value means."]
    decimals: Annotated[int, "How many digits behind the point are shown to readers."]
    frequency: Label
    source: Label
    source_url: str
    attribution: Annotated[str, "To be named wherever the figures are shown."]
    licence: LicenceJSON


class Coverage(TypedDict):
    """Of current values from international sources."""

    countries: int
    first_period: datetime.date | None
    last_period: datetime.date | None


class IndicatorJSON(Series):
    """A defined statistic. Its values stand in `observations/`."""

    labels: NotRequired[Texts]
    short_name: str
    definition: InLanguage
    definitions: NotRequired[Texts]
    caveats: InLanguage
    direction: Annotated[str, "Whether more is better."]
    aggregation: Annotated[str, "How daily values become those of the period."]
    is_comparable: Annotated[bool, "Between countries."]
    update_days: Annotated[int | None, "After so many days the series counts as overdue."]
    theme: Label | None
    coverage: Coverage
    data_version: Annotated[datetime.datetime | None, "When its values were changed last; none where it has none."]


class MeasureSourceJSON(TypedDict):
    url: str
    language: str
    date: datetime.date | None


class MeasureJSON(TypedDict):
    """A government action with a beginning, usually an end, and a source."""

    id: int
    country: Label
    category: Label
    title: InLanguage
    titles: NotRequired[Texts]
    description: InLanguage
    descriptions: NotRequired[Texts]
    language: Annotated[str, "Of title and description; empty where nobody has written any."]
    announced: datetime.date | None
    start: datetime.date
    end: datetime.date | None
    end_certainty: Label
    level: Label
    geographic_scope: str
    target_groups: str
    bindingness: Label
    strength: Annotated[int | None, "On the ordinal scale of the category."]
    cccsl: Annotated[
        list[str], "Levels 1 and 2 of the CCCSL taxonomy nearest to the category; none without counterpart."
    ]
    legal_act: str
    replaces: Annotated[int | None, "The id of the measure that it replaces."]
    sources: list[MeasureSourceJSON]


class ObservationJSON(TypedDict):
    """One value of one indicator for one country and period."""

    indicator: str
    country: str
    period: Annotated[str, "SDMX time period, such as 2020, 2020-Q1, 2020-01, 2020-W05 or 2020-01-31."]
    frequency: Annotated[str, "SDMX code list CL_FREQ."]
    value: Annotated[float | None, "None where there is no value, which status M says."]
    status: Annotated[str, "SDMX code list CL_OBS_STATUS."]
    scope: Annotated[str, "0 targeted, 1 general; of measures of the Oxford tracker."]
    note: str
    origin: Annotated[str, "international or national."]


class ObservationsMeta(TypedDict):
    next: Annotated[str | None, "Where the list goes on."]
    as_of: Annotated[datetime.datetime, "The values are those that were known then."]


class ObservationsJSON(TypedDict):
    """Values by indicator, country and period, and after them what explains these."""

    items: list[ObservationJSON]
    indicators: Annotated[dict[str, Series], "By code: what must stay with the figures."]
    countries: Annotated[dict[str, str], "Names by code."]
    meta: ObservationsMeta


class ColumnJSON(TypedDict):
    name: str
    titles: str
    datatype: str
    description: str


class TableSchema(TypedDict):
    columns: list[ColumnJSON]


class Described(TypedDict):
    """What the values are that the same filters give."""

    rows: int
    first_period: datetime.date | None
    last_period: datetime.date | None
    as_of: datetime.datetime
    origin: str
    indicators: list[Series]
    statuses: Annotated[list[Label], "SDMX code list CL_OBS_STATUS."]
    frequencies: Annotated[list[Label], "SDMX code list CL_FREQ."]


MetadataJSON = TypedDict(
    "MetadataJSON",
    {"@context": str, "url": str, "tableSchema": TableSchema, "notes": Described},
)
MetadataJSON.__doc__ = "Metadata of the CSV file, in the vocabulary for tabular data on the web (W3C, CSVW)."
