"""What is done with many ideas at once: into the spam, and out of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin.views.bulk_action import BulkAction

from ideas.choices import TRANSITIONS, Action, Reason
from ideas.errors import RefusedError
from ideas.filters import ideas_shown
from ideas.history import Said
from ideas.models import Idea
from ideas.policies import actor_of
from ideas.services import follows, move

if TYPE_CHECKING:
    from collections.abc import Iterable


class StepBulkAction(BulkAction):
    """A step that is taken for all that are marked and from which it follows; the others are named and left alone."""

    models = [Idea]
    template_name = "ideas/confirm_bulk_step.html"
    action: Action
    said = Said()

    @cached_property
    def is_moderator(self) -> bool:
        return actor_of(self.request.user) is not None

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        """Of a list in which nothing can take the step, none: that is said on the page.

        Two moderators lock the same rows in the same order, whichever way each of them has sorted the list.
        """
        return list(model.objects.filter(pk__in=object_ids).order_by("pk"))

    def check_perm(self, obj: Idea) -> bool:
        return self.is_moderator and follows(obj, self.action)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        """All that the list shows as it is narrowed, on whatever page of it, and that can take the step."""
        shown = ideas_shown(self.request)
        return shown.filter(state__in=TRANSITIONS[self.action].sources, erased_at=None).values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"heading": self.display_name, "is_moderator": self.is_moderator}

    def get_execution_context(self) -> dict[str, Any]:
        return {"action": self.action, "said": self.said, "user": self.request.user}

    @classmethod
    def execute_action(cls, objects: Iterable[Idea], **kwargs: Any) -> tuple[int, int]:
        done = 0
        for idea in objects:
            with suppress(RefusedError):  # somebody has taken another step with it since the list was read
                move(idea.pk, kwargs["action"], kwargs["user"], kwargs["said"])
                done += 1
        return done, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        text = ngettext("%(count)d idea was moved.", "%(count)d ideas were moved.", num_parent_objects)
        return text % {"count": num_parent_objects}


class MarkSpam(StepBulkAction):
    display_name = pgettext_lazy("idea", "Mark as spam")
    aria_label = gettext_lazy("Mark the selected ideas as spam")
    action_type = "mark_spam"
    action_priority = 10
    action = Action.MARK_SPAM
    said = Said(reason=Reason.ADVERTISING)


class Restore(StepBulkAction):
    display_name = pgettext_lazy("idea", "Take back to the queue")
    aria_label = gettext_lazy("Take the selected ideas back to the queue")
    action_type = "restore"
    action_priority = 20
    action = Action.RESTORE
