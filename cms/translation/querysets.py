from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Cast
from wagtail.models import WorkflowState
from wagtail_localize.models import StringSegment, StringTranslation

from cms.translation.choices import Status

if TYPE_CHECKING:
    from typing import Self

    from wagtail.models import Page

# Translations that a machine made and nobody has confirmed. They are kept as unsound ones are (`has_error`), which
# wagtail-localize puts into no page, and stand for nothing until somebody does.
UNCONFIRMED = Q(translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE)


def is_unconfirmed(translation: StringTranslation) -> bool:
    return translation.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE


class TranslationStateQuerySet(models.QuerySet[Any]):
    def with_status(self) -> Self:
        """Each row with its `status`, a `Status` that is never `MISSING`: what is missing has no row.

        What is being done about a page comes before what readers see of it: an outdated page in review is in review.
        """
        reviews = WorkflowState.objects.filter(
            status__in=(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES),
            object_id=Cast(OuterRef("page_id"), CharField()),
            base_content_type__app_label="wagtailcore",
            base_content_type__model="page",
        )
        status = Case(
            When(source=None, then=Value(Status.ORPHANED.value)),
            When(Exists(reviews), then=Value(Status.IN_REVIEW.value)),
            When(page__live=False, then=Value(Status.DRAFT.value)),
            When(outdated_segments__gt=0, then=Value(Status.OUTDATED.value)),
            default=Value(Status.CURRENT.value),
        )
        return self.annotate(status=status)

    def outdated(self) -> Self:
        """Public translations whose original has changed since."""
        return self.filter(page__live=True, source__isnull=False, outdated_segments__gt=0)


class ChangedSegmentQuerySet(models.QuerySet[Any]):
    def of_page(self, page: Page) -> Self:
        """The changes that stand in the original of a translation as it is now, done with or not."""
        present = StringSegment.objects.filter(
            source__object_id=page.translation_key, string=OuterRef("string"), context=OuterRef("context")
        )
        return self.filter(Q(Exists(present)), context__object_id=page.translation_key, locale_id=page.locale_id)
