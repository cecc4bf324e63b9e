"""Requests for translation: asked for at once, done by workers."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from cms.translation import tasks
from cms.translation.models import RequestedTranslation, TranslationRequest
from cms.translation.policies import languages_to_request
from cms.workflows.choices import Kind
from cms.workflows.notifications import notify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Page

    from cms.users.models import User


@transaction.atomic
def request_translations(
    user: User, pages: Iterable[Page], languages: Iterable[str], by_machine: Iterable[str] = (), **facts: Any
) -> TranslationRequest:
    """Ask for drafts of pages in languages. What somebody may not ask for is left out, and so is what is no original.

    `facts` are those of `TranslationRequest`. Drafts in the languages of `by_machine` are translated by a machine after
    that. Raises `PermissionDenied` where nothing is left to ask for.
    """
    locales = {locale.language_code: locale for locale in Locale.objects.filter(language_code__in=languages)}
    wanted = [
        (page, locales[code]) for page in pages for code, _name in languages_to_request(user, page) if code in locales
    ]
    if not wanted:
        raise PermissionDenied(_("You may not have these pages translated into these languages."))
    request = TranslationRequest.objects.create(requested_by=user, **facts)
    RequestedTranslation.objects.bulk_create(
        RequestedTranslation(request=request, source_id=page.pk, locale=locale) for page, locale in wanted
    )
    tasks.make_drafts.enqueue(request.pk, list(by_machine))
    if request.assignee and request.assignee != user:
        tell_translator(request, wanted[0][0])
    return request


def tell_translator(request: TranslationRequest, page: Page) -> None:
    end_of_day = request.due_on and timezone.make_aware(datetime.combine(request.due_on, time(23, 59)))
    by = request.requested_by.display_name if request.requested_by else ""
    notify(filter(None, [request.assignee]), Kind.TRANSLATION, page, by=by, comment=request.note, due_at=end_of_day)
