"""Filters of the admin's page lists.

Each narrows by primary key, not by a join: a list that is searched and filtered works with every search engine, and no
page stands twice in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, MultipleUserFilter, WagtailFilterSet
from wagtail.models import Page, WorkflowState

from cms.core.choices import ReviewState
from cms.users.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable


class PublicationState(models.TextChoices):
    LIVE = "live", _("Live")
    CHANGED = "changed", _("Live, with changes in draft")
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    REVIEW = "review", _("In review")


CONDITIONS = {
    PublicationState.LIVE: Q(live=True),
    PublicationState.CHANGED: Q(live=True, has_unpublished_changes=True),
    PublicationState.DRAFT: Q(live=False),
    PublicationState.SCHEDULED: Q(_revisions__approved_go_live_at__isnull=False),
    PublicationState.REVIEW: Q(_workflow_states__status=WorkflowState.STATUS_IN_PROGRESS),
}


def narrowed(pages: Any, condition: Q) -> Any:
    """Pages of a queryset that meet a condition on fields of their type or its relations."""
    return pages.filter(pk__in=pages.model._base_manager.filter(condition).values("pk"))


class AnyOf(django_filters.MultipleChoiceFilter):
    """Pages that have one of the chosen values at `field_name`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.CheckboxSelectMultiple, **kwargs)

    def filter(self, qs: Any, value: Iterable[str]) -> Any:
        return narrowed(qs, Q(**{f"{self.field_name}__in": value})) if value else qs


class RelatedTo(django_filters.ModelChoiceFilter):
    """Pages that are linked to the chosen row at `field_name`."""

    def filter(self, qs: Any, value: Any) -> Any:
        return narrowed(qs, Q(**{self.field_name: value})) if value else qs


class ContentFilterSet(WagtailFilterSet):
    """What every list of pages can be narrowed by; Wagtail adds the language."""

    review_state = AnyOf(label=_("Review state"), choices=ReviewState.choices)
    publication = django_filters.ChoiceFilter(
        label=_("Publication"),
        choices=PublicationState.choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="in_publication_state",
    )
    latest_revision_created_at = django_filters.DateFromToRangeFilter(label=_("Updated"), widget=DateRangePickerWidget)
    owner = MultipleUserFilter(
        label=_("Owner"),
        queryset=lambda _request: User.objects.filter(pk__in=Page.objects.values("owner")),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Wagtail says “Locale” where the column says “Language”."""
        super().__init__(*args, **kwargs)
        if "locale" in self.filters:
            self.filters["locale"].label = _("Language")

    def in_publication_state(self, pages: Any, _name: str, value: str) -> Any:
        """Wagtail relates revisions to the type of a page, and states of a workflow to `Page`."""
        model = Page if value == PublicationState.REVIEW else pages.model
        return pages.filter(pk__in=model._base_manager.filter(CONDITIONS[PublicationState(value)]).values("pk"))
