"""Drafts of requested translations, one task for each: what was made stays made, whatever becomes of the worker."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail_localize.models import Translation

from cms.background.backends import background_task
from cms.translation.choices import Progress
from cms.translation.drafts import make_draft
from cms.translation.machines.tasks import draft_by_machine
from cms.translation.models import RequestedTranslation


@background_task(_("Find what translators have been asked for"))
def make_drafts(request: int, by_machine: list[str] | None = None) -> None:
    """Each draft is a task of its own; into the languages of `by_machine`, a machine translates it after that."""
    waiting = RequestedTranslation.objects.filter(request=request, progress=Progress.WAITING).order_by("pk")
    for pk, language in waiting.values_list("pk", "locale__language_code"):
        make_requested_draft.enqueue(pk, language in (by_machine or ()))


@background_task(_("Make the draft of a translation"))
def make_requested_draft(pk: int, by_machine: bool = False) -> None:
    """Make the draft, or write down why it cannot be made; whoever comes second finds it made."""
    waiting = RequestedTranslation.objects.select_for_update(of=("self",)).filter(pk=pk, progress=Progress.WAITING)
    item = waiting.select_related("source", "locale", "request__requested_by").first()
    if item is None:
        return
    try:
        with transaction.atomic():
            item.page = make_draft(item.source, item.locale, item.request.requested_by)
        item.progress = Progress.READY
    except ValidationError as error:
        item.progress, item.problem = Progress.FAILED, in_words(item.source.specific, error)
    item.save(update_fields=["page", "progress", "problem"])
    if by_machine and item.page and item.request.requested_by:
        translation = Translation.objects.get(
            source__object_id=item.source.translation_key, target_locale=item.locale, enabled=True
        )
        draft_by_machine.enqueue(translation.pk, user=item.request.requested_by.pk, item=pk)


def in_words(page: Any, error: ValidationError) -> str:
    """What is wrong with which field, a line each."""
    if not hasattr(error, "error_dict"):
        return "\n".join(error.messages)
    names = {field.name: str(field.verbose_name) for field in page._meta.fields}
    return "\n".join(
        f"{capfirst(names[name])}: {message}" if name in names else str(message)
        for name, messages in error.message_dict.items()
        for message in messages
    )
