from reports.models.countries import CountryIndexPage, CountryPage
from reports.models.editions import FixedIndicator
from reports.models.indicators import Indicator, IndicatorLabel, IndicatorValueLabel
from reports.models.measures import Measure, MeasureSource, MeasureText
from reports.models.observations import ImportRun, Observation
from reports.models.pages import CountryReportPage, IndicatorIndexPage, ReportIndexPage
from reports.models.parts import (
    KeyIndicator,
    Recommendation,
    ReportIndicator,
    ReportMeasure,
    ReportPractice,
    ReportSource,
)
from reports.models.series import SeriesSummary
from reports.models.uploads import StatisticsUpload, UploadedFile

__all__ = [
    "CountryIndexPage",
    "CountryPage",
    "CountryReportPage",
    "FixedIndicator",
    "ImportRun",
    "Indicator",
    "IndicatorIndexPage",
    "IndicatorLabel",
    "IndicatorValueLabel",
    "KeyIndicator",
    "Measure",
    "MeasureSource",
    "MeasureText",
    "Observation",
    "Recommendation",
    "ReportIndexPage",
    "ReportIndicator",
    "ReportMeasure",
    "ReportPractice",
    "ReportSource",
    "SeriesSummary",
    "StatisticsUpload",
    "UploadedFile",
]
