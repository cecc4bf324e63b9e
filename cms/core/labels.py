"""Labels of language-neutral rows: one row each, a label row per language.

A subclass of `LabelRow` holds the texts; `Labelled.label` picks the reader's language, then the order of
`settings.LANGUAGE_FALLBACKS`, then any language, then the code, so that nothing is ever shown without a name.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel

from cms.languages import interface_languages, language_order, reader_language


class LabelRow(models.Model):
    """A label in one language. Subclasses add the ParentalKey, named `owner`, with `related_name="labels"`."""

    language = models.CharField(_("language"), max_length=10, choices=interface_languages)
    label = models.CharField(_("label"), max_length=255)

    panels = [FieldPanel("language"), FieldPanel("label")]

    class Meta:
        abstract = True
        ordering = ["language"]

    def __str__(self) -> str:
        return self.label


class LabelledManager(models.Manager):
    """Every row comes with its labels: a row without a name is of no use to anybody."""

    def get_queryset(self) -> models.QuerySet[Labelled]:
        return super().get_queryset().prefetch_related("labels")


class Labelled(ClusterableModel):
    """A row with a code and labels."""

    code: Any
    objects = LabelledManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        row = self.label_row
        return row.label if row else self.fallback_label()

    @property
    def label_row(self) -> Any | None:
        """The label row to show to the reader; None where there is none in any language."""
        return self.label_row_in(reader_language())

    def label_row_in(self, language: str) -> Any | None:
        rows = {row.language: row for row in self.labels.all()}
        return next((rows[code] for code in language_order(language) if code in rows), None)

    def fallback_label(self) -> str:
        return str(self.code)
