"""What translators and reviewers do with a translation: segment by segment, and as a whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState
from wagtail_localize.models import StringTranslation, Translation

from cms.translation import machine
from cms.translation.drafts import reasons_against_publication, save_draft
from cms.translation.editor.sheets import mark_of, text_to_keep
from cms.translation.exchange.markup import plain
from cms.translation.exchange.units import segments_of
from cms.translation.exchange.verification import ADDRESS, unfit
from cms.translation.places import places_of
from cms.translation.querysets import UNCONFIRMED, is_unconfirmed

if TYPE_CHECKING:
    from cms.users.models import User

LINE_ENDS = re.compile(r"\s*[\n\u0085\u2028\u2029]\s*")


class NotSavedError(Exception):
    """Why a segment was not saved, in a sentence for whoever translates it."""


class OvertakenError(NotSavedError):
    """Somebody else has saved another translation of the segment in between."""


def page_of(translation: Translation) -> Any:
    """The page that is the translation, of its specific type. Raises `PermissionDenied` where there is none."""
    page = Page.objects.filter(
        translation_key=translation.source.object_id, locale=translation.target_locale_id
    ).first()
    if page is None:
        raise PermissionDenied
    return page.specific


def check_may_change(user: User, page: Any) -> None:
    """Raise `PermissionDenied` unless somebody may change the page now: it may be locked, by a review for example."""
    lock = page.get_lock()
    if not page.permissions_for_user(user).can_edit() or (lock and lock.for_user(user)):
        raise PermissionDenied


def text_for(path: str, source: str, text: str) -> str:
    """What is kept of a text for a place: an address as it will be, and ends of lines where the original has any."""
    wanted = text_to_keep(text)
    if path == ADDRESS:
        return slugify(plain(wanted)) or wanted
    return wanted if "\n" in source else LINE_ENDS.sub(" ", wanted)


@transaction.atomic
def translate_segment(translation: Translation, unit_id: str, text: str, seen: str, user: User) -> None:
    """Keep what somebody says a segment of the original is in the other language, and that it is right.

    An empty text takes the translation away. `seen` is the mark of what stood there before (`Row.seen`): where another
    text stands by now, `OvertakenError` is raised. Other reasons for not saving raise `NotSavedError`.
    """
    page = page_of(translation)
    check_may_change(user, page)
    Translation.objects.select_for_update().get(pk=translation.pk)  # so that of two who save, one learns of the other
    segment = segments_of(translation).get(unit_id)
    if segment is None:
        raise NotSavedError(_("The original has changed, and this segment is not in it any more. Reload the page."))
    string, context = segment.first.string, segment.first.context
    present = segment.row.data if segment.row else ""
    wanted = text_for(context.path, string.data, text)
    if present != wanted and mark_of(present) != seen:
        raise OvertakenError(
            _("Somebody else has translated this segment in the meantime. Compare, and save again to keep yours.")
        )
    longest = places_of(translation.source.as_instance(), [context.path])[context.path].longest
    if sentence := unfit(context.path, string.data, wanted, longest):
        raise NotSavedError(sentence)
    if segment.row and wanted == present and is_unconfirmed(segment.row):
        machine.confirm(translation, user, only=[segment.row.pk])
    elif wanted:
        row = segment.row or StringTranslation(translation_of=string, context=context, locale=translation.target_locale)
        row.data, row.has_error, row.field_error = wanted, False, ""
        row.translation_type, row.tool_name = StringTranslation.TRANSLATION_TYPE_MANUAL, ""
        row.last_translated_by = user
        row.save()
    elif segment.row:
        segment.row.delete()
    if page.workflow_in_progress:
        # Whoever approves the page in review approves what is here.
        save_draft(translation, user)


def check_complete(page: Page) -> None:
    """Raise `ValidationError` where readers would see the original, or what nobody has confirmed."""
    if reasons := reasons_against_publication(page):
        raise ValidationError(reasons)


def put_together(translation: Translation, user: User) -> Any:
    """The draft of the page with all that is translated. Raises `ValidationError` where the page cannot be saved."""
    page = save_draft(translation, user)
    page.get_latest_revision_as_object().full_clean()
    return page


@transaction.atomic
def submit(translation: Translation, user: User) -> Page:
    """Put the page together and give it into the ordinary review. Raises `ValidationError` where it is not complete."""
    page = page_of(translation)
    check_may_change(user, page)
    if not page.permissions_for_user(user).can_submit_for_moderation():
        raise PermissionDenied
    check_complete(page)
    page = put_together(translation, user)
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    elif state is None:
        page.get_workflow().start(page, user)
    return page


@transaction.atomic
def publish(translation: Translation, user: User) -> Page:
    """Put the page together and make it public. Raises `ValidationError` where it is not complete."""
    page = page_of(translation)
    check_may_change(user, page)
    if not page.permissions_for_user(user).can_publish():
        raise PermissionDenied
    check_complete(page)
    page = put_together(translation, user)
    page.get_latest_revision().publish(user=user)
    return page


def translators_of(page: Page) -> set[int]:
    """Ids of those who have translated segments of a page since it was last published."""
    rows = StringTranslation.objects.filter(
        ~UNCONFIRMED, context__object_id=page.translation_key, locale=page.locale_id, last_translated_by__isnull=False
    )
    if page.live and page.live_revision:
        rows = rows.filter(updated_at__gte=page.live_revision.created_at)
    return set(rows.values_list("last_translated_by", flat=True))
