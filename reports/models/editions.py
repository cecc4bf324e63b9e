from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FixedIndicator(models.Model):
    """The state of an indicator that a report shows since it was published, in all its languages.

    `as_of` is the moment of the newest change that was known of the indicator for the report's country; empty where
    nothing was known. Later changes carry a later moment, those of an import that was under way as well. It belongs to
    the report and not to a version of its page: no revision of the page brings another state back.
    """

    report = models.UUIDField(_("report"))
    indicator = models.ForeignKey(
        "reports.Indicator", on_delete=models.CASCADE, related_name="+", verbose_name=_("indicator")
    )
    as_of = models.DateTimeField(_("newest change"), null=True)
    fixed_at = models.DateTimeField(_("fixed"))

    class Meta:
        verbose_name = _("state of an indicator in a report")
        verbose_name_plural = _("states of indicators in reports")
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="indicator_fixed_once")]

    def __str__(self) -> str:
        return f"{self.report}, {self.indicator_id}: {self.as_of}"
