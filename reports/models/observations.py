from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.core.fields import VocabularyKey
from reports.choices import Frequency, ObservationStatus, Origin, Scope

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from typing import Self


class ObservationQuerySet(models.QuerySet["Observation"]):
    def of_origin(self, *origins: Origin) -> Self:
        """Values of some origins; of international sources where none is named."""
        return self.filter(origin__in=origins or (Origin.INTERNATIONAL,))

    def current(self, *origins: Origin) -> Self:
        """Values that no revision has closed."""
        return self.of_origin(*origins).filter(valid_to=None)

    def as_of(self, moment: datetime.datetime, *origins: Origin) -> Self:
        """Values as they were known at a moment."""
        known = self.of_origin(*origins).filter(valid_from__lte=moment)
        return known.filter(Q(valid_to=None) | Q(valid_to__gt=moment))

    def with_names(self) -> Self:
        return self.select_related("import_run")

    def of_any(self, needs: Iterable[tuple[list[int], list[int]]]) -> Self:
        """Values of whichever of these pairs of indicators (ids) and countries (ids), oldest first."""
        pairs = [Q(indicator__in=indicators, country__in=countries) for indicators, countries in needs]
        return self.filter(reduce(or_, pairs)).order_by("indicator_id", "country_id", "period_start")

    def series(
        self,
        indicators: Iterable[int],
        countries: Iterable[int],
        start: datetime.date | None = None,
        end: datetime.date | None = None,
    ) -> Self:
        """Values of some indicators (ids) for some countries (ids), oldest first, both ends of the period included."""
        rows = self.filter(indicator__in=indicators, country__in=countries)
        if start:
            rows = rows.filter(period_start__gte=start)
        if end:
            rows = rows.filter(period_start__lte=end)
        return rows.order_by("indicator_id", "country_id", "period_start")


class ImportRun(models.Model):
    """One reading of one file: what it brought, what it changed and what it refused."""

    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    profile = models.CharField(_("source profile"), max_length=60)
    started = models.DateTimeField(_("started"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    left_out = models.JSONField(
        _("left out"),
        default=dict,
        blank=True,
        help_text=_("Number of rows or columns by the kind of what is left out."),
    )
    rejects = models.JSONField(
        _("rejected rows"),
        default=list,
        blank=True,
        help_text=_("Line, column, value and reason of each rejected row."),
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.profile})"


class Observation(models.Model):
    """One value of one indicator for one country and period, from an international source or from the country itself.

    A revised value closes the old row (`valid_to`) and opens a new one, so that any past state can be asked for.
    """

    indicator = VocabularyKey(
        "reports.Indicator", on_delete=models.PROTECT, related_name="observations", verbose_name=_("indicator")
    )
    country = VocabularyKey(
        "taxonomy.Country", on_delete=models.PROTECT, related_name="observations", verbose_name=_("country")
    )
    period_start = models.DateField(_("start of the period"))
    frequency = models.CharField(_("frequency"), max_length=1, choices=Frequency.choices)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=1, choices=ObservationStatus.choices, default=ObservationStatus.NORMAL
    )
    scope = models.CharField(_("scope"), max_length=1, choices=Scope.choices, blank=True)
    note = models.CharField(_("note"), max_length=255, blank=True)
    origin = models.CharField(
        _("origin"),
        max_length=13,
        choices=Origin.choices,
        default=Origin.INTERNATIONAL,
        db_default=Origin.INTERNATIONAL,
    )
    import_run = models.ForeignKey(
        ImportRun,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,  # it is followed from the observation only, and would slow down every import
        related_name="observations",
        verbose_name=_("import"),
    )
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "country", "period_start", "origin"],
                condition=Q(valid_to=None),
                name="observation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(status=ObservationStatus.MISSING),
                name="observation_value_or_missing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.country}, {self.period_start}"
