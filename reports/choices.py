from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Clearance(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("report", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("report", "Submitted")
    CLEARED = "cleared", pgettext_lazy("report", "Cleared")


class Addressee(models.TextChoices):
    NATIONAL_GOVERNMENT = "national-government", _("National government")
    MINISTRIES = "ministries", _("Ministries")
    LOCAL_GOVERNMENT = "local-government", _("Local government")
    CIVIL_SERVICE_BODY = "civil-service-body", _("Civil service body")
    INTERNATIONAL_PARTNERS = "international-partners", _("International partners")
    HUB = "hub", _("The hub")


class Priority(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class FollowUp(models.TextChoices):
    NEW = "new", pgettext_lazy("recommendation", "New")
    ACCEPTED = "accepted", pgettext_lazy("recommendation", "Accepted")
    IN_PROGRESS = "in-progress", pgettext_lazy("recommendation", "In progress")
    DONE = "done", pgettext_lazy("recommendation", "Done")
    DECLINED = "declined", pgettext_lazy("recommendation", "Declined")


class ScaleType(models.TextChoices):
    COUNT = "count", _("Count")
    RATE = "rate", _("Rate")
    INDEX = "index", _("Index")
    ORDINAL = "ordinal", _("Ordinal scale")
    PERCENT = "percent", _("Per cent")
    CURRENCY = "currency", _("Currency")


class Direction(models.TextChoices):
    UP = "up-is-better", _("Higher is better")
    DOWN = "down-is-better", _("Lower is better")
    NEUTRAL = "neutral", _("Neither")


class Frequency(models.TextChoices):
    """SDMX code list CL_FREQ."""

    ANNUAL = "A", _("Annual")
    QUARTERLY = "Q", _("Quarterly")
    MONTHLY = "M", _("Monthly")
    WEEKLY = "W", _("Weekly")
    DAILY = "D", _("Daily")


class ObservationStatus(models.TextChoices):
    """SDMX code list CL_OBS_STATUS."""

    NORMAL = "A", _("Normal value")
    ESTIMATED = "E", _("Estimated value")
    PROVISIONAL = "P", _("Provisional value")
    MISSING = "M", _("No value")
    BREAK = "B", _("Break in the series")


# Values that their source may still correct.
UNCERTAIN = frozenset({ObservationStatus.ESTIMATED, ObservationStatus.PROVISIONAL})


class Scope(models.TextChoices):
    """Scope flag of the Oxford COVID-19 Government Response Tracker."""

    TARGETED = "0", _("Targeted")
    GENERAL = "1", _("General")


class MeasureCategory(models.TextChoices):
    """Codes of the Oxford COVID-19 Government Response Tracker, code book of 2021."""

    C1 = "C1", _("School closing")
    C2 = "C2", _("Workplace closing")
    C3 = "C3", _("Cancellation of public events")
    C4 = "C4", _("Restrictions on gatherings")
    C5 = "C5", _("Closing of public transport")
    C6 = "C6", _("Stay-at-home requirements")
    C7 = "C7", _("Restrictions on internal movement")
    C8 = "C8", _("International travel controls")
    E1 = "E1", _("Income support")
    E2 = "E2", _("Debt relief for households")
    E3 = "E3", _("Fiscal measures")
    E4 = "E4", _("International support")
    H1 = "H1", _("Public information campaigns")
    H2 = "H2", _("Testing policy")
    H3 = "H3", _("Contact tracing")
    H4 = "H4", _("Emergency investment in health care")
    H5 = "H5", _("Investment in vaccines")
    H6 = "H6", _("Facial coverings")
    H7 = "H7", _("Vaccination policy")
    H8 = "H8", _("Protection of elderly people")


# (Level 1, level 2) of the CCCSL taxonomy (Desvars-Larrive et al. 2020) nearest to each category; the taxonomy knows
# no household support and no vaccination, so those categories have no counterpart.
CCCSL_CROSSWALK: dict[str, tuple[str, str] | None] = {
    "C1": ("Social distancing", "Closure of educational institutions"),
    "C2": ("Social distancing", "Special measures for certain establishments"),
    "C3": ("Social distancing", "Mass gathering cancellation"),
    "C4": ("Social distancing", "Small gathering cancellation"),
    "C5": ("Travel restriction", "Stop public transports"),
    "C6": ("Travel restriction", "National lockdown"),
    "C7": ("Travel restriction", "Individual movement restrictions"),
    "C8": ("Travel restriction", "Border restriction"),
    "E1": None,
    "E2": None,
    "E3": ("Returning to normal life", "Reactivate the economy"),
    "E4": ("Resource allocation", "Provide international help"),
    "H1": ("Risk communication", "Educate and actively communicate with the public"),
    "H2": ("Healthcare and public health capacity", "Enhance laboratory testing"),
    "H3": ("Case identification, contact tracing and related measures", "Tracing and monitoring"),
    "H4": ("Healthcare and public health capacity", "Enhance healthcare capacity - Funds"),
    "H5": ("Healthcare and public health capacity", "Research"),
    "H6": ("Social distancing", "Mandatory use of masks"),
    "H7": None,
    "H8": ("Social distancing", "Measures for special populations"),
}


class Certainty(models.TextChoices):
    CERTAIN = "certain", _("Known")
    ESTIMATED = "estimated", _("Estimated")
    ONGOING = "ongoing", _("In force")
    UNKNOWN = "unknown", _("Not known")


class OnDay(models.TextChoices):
    """How a measure stands on a day."""

    IN_FORCE = "in-force", _("In force")
    PERHAPS = "perhaps", _("Perhaps in force: its end is not known")
    ENDED = "ended", _("Ended")
    TO_COME = "to-come", _("Not begun")


class MeasureLevel(models.TextChoices):
    NATIONAL = "national", _("National")
    REGIONAL = "regional", _("Regional")
    LOCAL = "local", _("Local")


class Bindingness(models.TextChoices):
    BINDING = "binding", _("Binding")
    RECOMMENDED = "recommended", _("Recommended")


class Origin(models.TextChoices):
    INTERNATIONAL = "international", _("International source")
    NATIONAL = "national", _("National figure")


# The profile of the platform's own form, in which countries send their figures.
NATIONAL_FORM = "template"


class UploadState(models.TextChoices):
    CHECKING = "checking", pgettext_lazy("upload", "Being checked")
    CHECKED = "checked", pgettext_lazy("upload", "Checked, not imported yet")
    IMPORTING = "importing", pgettext_lazy("upload", "Being imported")
    IMPORTED = "imported", pgettext_lazy("upload", "Imported")
    REFUSED = "refused", pgettext_lazy("upload", "Refused")


class LeftOut(models.TextChoices):
    """What an import knows and does not keep."""

    AGGREGATE = "aggregate", _("Aggregates of several countries")
    SUBNATIONAL = "subnational", _("Parts of countries")
    NO_CODE = "no-code", _("Places without a code of ISO 3166-1")
    NO_PLACE = "no-place", _("Ships, games and other rows that are no place")
    BACKGROUND = "background", _("Columns with facts that have no date of their own")
    DESCRIPTION = "description", _("Columns that describe the row")
    NO_CATEGORY = "no-category", _("Measures of kinds that this platform has no category for")


class RejectReason(models.TextChoices):
    """Why something of a file was not imported, and what to do about it."""

    COLUMN = (
        "column",
        _("The column is not known, and nothing of it was imported. Compare its name with the published form."),
    )
    SHORT_ROW = "short-row", _("The row has fewer values than there are columns.")
    LONG_ROW = "long-row", _("The row has more values than there are columns. Is a comma part of a value?")
    COUNTRY = "country", _("The country is not known. Use the code or the name of the published form.")
    OTHER_COUNTRY = "other-country", _("Only rows of the country that was chosen are imported.")
    INDICATOR = "indicator", _("There is no indicator with this code.")
    DATE = "date", _("Not a date in the form that the source uses.")
    DATE_RANGE = "date-range", _("The date lies in the future or before 1800.")
    NUMBER = "number", _("Not a number. Use the digits 0 to 9, a point before decimals, and no other signs.")
    TOO_LARGE = "too-large", _("The number has more than 18 digits before the point.")
    SCALE = "scale", _("Not a value of the indicator’s scale.")
    STATUS = "status", _("Not a status: A, E, P, M, B or empty.")
    NO_VALUE = "no-value", _("A row without a value has status M or none; a row with one has another.")
    NOTE = "note", _("The note is longer than 255 characters.")
    DUPLICATE = (
        "duplicate",
        _("The file has several values for the same indicator, country and date. Leave one of them."),
    )
    FORMULA = "formula", _("The cell holds a formula. Replace it by its value.")
    TEXT = "text", _("The text is missing, or longer than the platform keeps.")
    CATEGORY = "category", _("Not a kind of measure of the published list.")
    EDITED = (
        "edited",
        _("Somebody has edited the measure here, so that the revision of the file was not written over it."),
    )
