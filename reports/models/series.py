from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.fields import VocabularyKey
from reports.choices import Origin
from reports.models.observations import Observation


class SeriesSummary(models.Model):
    """What the open observations of an indicator, a country and an origin amount to, so that no page has to count them.

    Whoever writes observations writes it anew in the same transaction (`reports.services.summarise`). `first_period`
    and `last_period` begin the first and the last period that has a value; they are empty where none has. `newest` is
    the observation of the last period that has a value, of the last period of all where none has. What was known at an
    earlier moment is asked of the observations.
    """

    indicator = VocabularyKey(
        "reports.Indicator",
        on_delete=models.PROTECT,
        db_index=False,  # the constraint begins with it
        related_name="+",
        verbose_name=_("indicator"),
    )
    country = VocabularyKey("taxonomy.Country", on_delete=models.PROTECT, related_name="+", verbose_name=_("country"))
    origin = models.CharField(_("origin"), max_length=13, choices=Origin.choices)
    first_period = models.DateField(null=True)
    last_period = models.DateField(null=True)
    value_count = models.PositiveIntegerField()
    changed = models.DateTimeField()
    newest = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "country", "origin"], name="series_summarised_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.country}, {self.origin}"
