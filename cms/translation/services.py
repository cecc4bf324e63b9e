"""Requests for translation: asked for at once, done by workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale

from cms.translation import tasks
from cms.translation.models import RequestedTranslation, TranslationRequest
from cms.translation.policies import languages_to_request

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
    return request
