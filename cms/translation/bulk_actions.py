"""Wagtail's bulk actions on pages, with the question what becomes of the translations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction, MoveBulkAction, UnpublishBulkAction

from cms.translation.choices import Operation
from cms.translation.forms import TranslationsForm
from cms.translation.lifecycle import CASCADES, Cascade, Refusal, refusing, sentence_on_followed

if TYPE_CHECKING:
    from django.http import HttpResponseBase


class AskingMixin:
    """Asks on the screen of an action, and does what was answered in the transaction of the action."""

    operation: Operation
    request: Any
    cleaned_form: Any
    actionable_objects: Any

    @cached_property
    def question(self) -> TranslationsForm:
        action: Any = self
        pages, _others = action.get_actionable_objects()
        data = self.request.POST if self.request.method == "POST" else None
        with_below = data is None or bool(data.get("include_descendants"))
        cascade = CASCADES[self.operation](self.request.user, pages, with_below=with_below)
        return TranslationsForm(data, cascade=cascade)

    @cached_property
    def cascade(self) -> Cascade | None:
        """What follows; None where nothing does."""
        if not self.question.cascade.rows or not self.question.follow:
            return None
        facts = self.cleaned_form.cleaned_data
        return CASCADES[self.operation](
            self.request.user,
            self.actionable_objects,
            destination=facts.get("chooser"),
            with_below=facts.get("include_descendants", True),
        )

    def form_valid(self, form: Any) -> HttpResponseBase:
        action: Any = super()
        if self.question.cascade.rows and not self.question.is_valid():
            return action.form_invalid(form)
        try:
            with transaction.atomic():
                return action.form_valid(form)
        except Refusal as refusal:
            self.question.add_error("translations", str(refusal))
            return action.form_invalid(form)

    def get_execution_context(self) -> dict[str, Any]:
        action: Any = super()
        return {**action.get_execution_context(), "cascade": self.cascade}

    @classmethod
    def execute_action(cls, objects: Any, cascade: Cascade | None = None, **kwargs: Any) -> tuple[int, int]:
        action: Any = super()
        if cascade:
            cascade.carry_out()
        done = []
        for page in objects:
            with refusing(page):
                done.append(action.execute_action([page], **kwargs))
        return sum(pages for pages, _below in done), sum(below for _pages, below in done)

    def get_success_message(self, *counts: int) -> str:
        action: Any = super()
        message = str(action.get_success_message(*counts))
        if not self.cascade or not self.cascade.following:
            return message
        return f"{message}. {sentence_on_followed(self.operation, len(self.cascade.following))}"


class Delete(AskingMixin, DeleteBulkAction):
    operation = Operation.DELETE


class Move(AskingMixin, MoveBulkAction):
    operation = Operation.MOVE


class Unpublish(AskingMixin, UnpublishBulkAction):
    operation = Operation.UNPUBLISH


BULK_ACTIONS = (Delete, Move, Unpublish)
