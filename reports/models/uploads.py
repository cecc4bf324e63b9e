from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.fields import VocabularyKey
from reports.choices import NATIONAL_FORM, UploadState

if TYPE_CHECKING:
    from typing import Self


class UploadQuerySet(models.QuerySet["StatisticsUpload"]):
    def visible_to(self, countries: frozenset[int] | None) -> Self:
        """All, or those with national figures of some countries (ids); the newest first, without what was found."""
        own = self if countries is None else self.filter(country__in=countries, profile=NATIONAL_FORM)
        return own.select_related("user").defer("found").order_by("-pk")


class StatisticsUpload(models.Model):
    """Files that somebody has sent, checked by a dry run and then imported. `found` is what came of each file.

    With a country, rows of other countries are rejected: focal points send files for their own.
    """

    profile = models.CharField(_("source profile"), max_length=60)
    indicator = models.CharField(_("indicator"), max_length=60, blank=True)
    country = VocabularyKey(
        "taxonomy.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("country")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    state = models.CharField(_("state"), max_length=10, choices=UploadState.choices, default=UploadState.CHECKING)
    problem = models.TextField(_("problem"), blank=True)
    found = models.JSONField(default=list, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("statistics that were sent")
        verbose_name_plural = _("statistics that were sent")

    def __str__(self) -> str:
        return f"#{self.pk} ({self.profile})"

    @property
    def is_working(self) -> bool:
        return self.state in {UploadState.CHECKING, UploadState.IMPORTING}

    @property
    def rejects(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The rejects of each file by its name, as `reports.importers.reporting.write_rejects` takes them."""
        return [(one["file"], one["rejects"]) for one in self.found]


class UploadedFile(models.Model):
    """One of the files. Kept in the database, where every worker reaches it and nobody else, until it is imported."""

    upload = models.ForeignKey(StatisticsUpload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
