"""Labels of language-neutral rows: one row each, a label row per language.

A subclass of `LabelRow` holds the texts; `Labelled.label` picks the reader's language, then the order of
`settings.LANGUAGE_FALLBACKS`, then any language, then the code, so that nothing is ever shown without a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel

from cms.core import memory
from cms.languages import interface_languages, language_order, reader_language

if TYPE_CHECKING:
    from typing import Self


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


class LabelledQuerySet(models.QuerySet["Labelled"]):
    def matching(self, text: str) -> Self:
        """Rows of which a name in any language, or the code, contains the text; letter case does not matter.

        A regular expression, because SQLite's LIKE knows letter case in Latin script only.
        """
        conditions = (models.Q(**{f"{name}__iregex": re.escape(text)}) for name in self.model.names)
        matches = self.model._base_manager.filter(reduce(or_, conditions))
        return self.filter(pk__in=matches.values("pk"))

    def by_label(self) -> Self:
        """In the order of the labels that the reader sees, which becomes the `label_order` of each row."""
        rows = self.model.labels.rel.related_model.objects.filter(owner=models.OuterRef("pk"))
        labels = (
            models.Subquery(rows.filter(language=language).values("label")[:1])
            for language in language_order(reader_language())
        )
        return self.annotate(label_order=Coalesce(*labels, "code", output_field=models.CharField())).order_by(
            "label_order", "pk"
        )


class LabelledManager(models.Manager.from_queryset(LabelledQuerySet)):  # type: ignore[misc]  # built while running
    """Every row comes with its labels: a row without a name is of no use to anybody."""

    def get_queryset(self) -> LabelledQuerySet:
        return super().get_queryset().prefetch_related("labels")


@dataclass(frozen=True)
class Vocabulary:
    """All rows of a model in its order, as they are kept in memory: to be read and not to be altered."""

    rows: list[Any]

    @cached_property
    def by_pk(self) -> dict[Any, Any]:
        return {row.pk: row for row in self.rows}

    @cached_property
    def by_code(self) -> dict[str, Any]:
        return {row.code: row for row in self.rows}


class Labelled(ClusterableModel):
    """A row with a code and labels.

    `names` are the paths by which editors and readers find a row; `kept_relations` are kept in memory with it.
    """

    code: Any
    names: tuple[str, ...] = ("code", "labels__label")
    kept_relations: tuple[str, ...] = ()
    # Of a row that is kept in memory: its label by language, once a reader has asked for it.
    kept_labels: dict[str, str] | None = None
    objects = LabelledManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @classmethod
    def vocabulary(cls) -> Vocabulary:
        """All rows, with their labels."""

        def load() -> Vocabulary:
            rows = list(cls._default_manager.prefetch_related(*cls.kept_relations))
            for row in rows:
                row.kept_labels = {}
            return Vocabulary(rows)

        return memory.kept(cls._meta.label, "rows", load)

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
