"""What the queue of ideas is narrowed by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from cms.core.filters import AnyOf
from cms.languages import interface_languages
from ideas.choices import OPEN, QUEUE, IdeaState
from ideas.models import CampaignPage, Idea

if TYPE_CHECKING:
    from django.http import HttpRequest

SEARCHED = ("number", "title")


class Box(models.TextChoices):
    """Parts of the list; what waits for a moderator is shown unless another one is chosen."""

    SPAM = "spam", pgettext_lazy("list of ideas", "Spam")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("list of ideas", "Not confirmed yet")
    DONE = "done", pgettext_lazy("list of ideas", "Decided and closed")
    ALL = "all", pgettext_lazy("list of ideas", "All")


WAITING = (*QUEUE, IdeaState.REVIEW, IdeaState.ACCEPTED)
NOT_DONE = (*OPEN, IdeaState.SPAM)


def in_box(ideas: Any, box: str) -> Any:
    conditions: dict[str, models.Q] = {
        Box.SPAM: models.Q(state=IdeaState.SPAM),
        Box.UNCONFIRMED: models.Q(state=IdeaState.SUBMITTED),
        Box.DONE: ~models.Q(state__in=NOT_DONE),
        Box.ALL: models.Q(),
    }
    return ideas.filter(conditions.get(box, models.Q(state__in=WAITING)))


def campaign_choices() -> list[tuple[str, str]]:
    """Calls by name, those that close last first, each once."""
    pages = CampaignPage.objects.filter(source_language=models.F("locale__language_code")).order_by("-closes", "pk")
    return [(str(key), title) for key, title in pages.values_list("translation_key", "title")]


class IdeaFilterSet(WagtailFilterSet):
    box = django_filters.ChoiceFilter(
        label=gettext_lazy("Show"),
        choices=Box.choices,
        empty_label=pgettext_lazy("list of ideas", "What waits"),
        method="ignore",
    )
    state = AnyOf(label=gettext_lazy("State"), choices=IdeaState.choices)
    language = AnyOf(label=gettext_lazy("Language"), choices=interface_languages)
    overdue = django_filters.ChoiceFilter(
        label=gettext_lazy("Time"), choices=[("yes", gettext_lazy("Overdue"))], method="only_overdue"
    )

    campaign = django_filters.ChoiceFilter(label=gettext_lazy("Call"), choices=campaign_choices)

    class Meta:
        model = Idea
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """The box counts unless a state is asked for: states say themselves where an idea is."""
        chosen = self.form.cleaned_data
        found = super().filter_queryset(queryset)
        return found if chosen["state"] else in_box(found, chosen["box"])

    def ignore(self, ideas: Any, name: str, value: str) -> Any:
        return ideas

    def only_overdue(self, ideas: Any, name: str, value: str) -> Any:
        return ideas.overdue()


def ideas_shown(request: HttpRequest) -> Any:
    """The ideas of a list by the parameters of its address, words that are looked for included."""
    found = IdeaFilterSet(request.GET, queryset=Idea.objects.all(), request=request)
    ideas = found.qs if found.is_valid() else Idea.objects.none()
    if words := request.GET.get("q", "").strip():
        condition = models.Q()
        for name in SEARCHED:
            condition |= models.Q(**{f"{name}__icontains": words})
        ideas = ideas.filter(condition)
    return ideas
