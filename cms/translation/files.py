"""Translations as files that go out and come back: of one page, and of all pages of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation

from cms.translation import staleness
from cms.translation.drafts import save_draft
from cms.translation.exchange.archive import archive, file_name, read_archive
from cms.translation.exchange.formats import FORMATS, kind_of, translation_of_file
from cms.translation.exchange.problems import ExchangeError, Problem, refusal
from cms.translation.exchange.services import apply
from cms.translation.models import ChangedSegment, TranslationRequest
from cms.translation.policies import may_see_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

ARCHIVE = ".zip"


def former_sentences(translation: Translation) -> dict[int, str]:
    """The translations of a page that somebody has to look at again, and the sentences of which they were made."""
    changes = ChangedSegment.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale, resolved_at=None
    )
    former = {(one.string_id, one.context_id): one.previous for one in changes}
    rows = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    )
    keys = rows.values_list("pk", "translation_of_id", "context_id")
    return {pk: former[string, context] for pk, string, context in keys if (string, context) in former}


def may_change(user: Any, translation: Translation) -> bool:
    """Whether somebody may change the page that is the translation, if not now."""
    page = _page_of(translation)
    return page is not None and page.permissions_for_user(user).can_edit()


def is_locked(user: Any, translation: Translation) -> bool:
    """Whether somebody may not change the page now, because of its review for example."""
    page = _page_of(translation)
    lock = page.get_lock() if page else None
    return lock is not None and lock.for_user(user)


def _page_of(translation: Translation) -> Any:
    pages = Page.objects.filter(translation_key=translation.source.object_id, locale=translation.target_locale)
    page = pages.first()
    return page.specific if page else None


def check_right(user: Any, translation: Translation) -> None:
    if not may_change(user, translation):
        raise PermissionDenied


@require_safe
def download(request: HttpRequest, translation_id: int, kind: str) -> HttpResponse:
    """The texts of a page as a file of a format of `FORMATS`."""
    translation = get_object_or_404(Translation, pk=translation_id)
    check_right(request.user, translation)
    chosen = FORMATS[kind]
    name = f"{file_name(translation).replace('/', '-')}{chosen.endings[0]}"
    return attachment(chosen.write(translation, former_sentences(translation)), name, chosen.content_type)


def attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


@require_safe
def download_request(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The drafts of a request that somebody may translate, as an archive."""
    asked = get_object_or_404(TranslationRequest, pk=pk)
    if not may_see_request(cast("Any", request.user), asked):
        raise PermissionDenied
    mine = [one for one in translations_of(asked) if may_change(request.user, one)]
    if not mine:
        raise PermissionDenied
    return attachment(archive(mine, kind, former_sentences), f"translations-{asked.pk}-{kind}.zip", "application/zip")


def translations_of(asked: TranslationRequest) -> list[Translation]:
    """In the order of the request; what has no draft yet is left out."""
    keys = asked.items.values("source__translation_key")
    found = Translation.objects.filter(source__object_id__in=keys, enabled=True)
    by_place = {
        (one.source.object_id, one.target_locale_id): one for one in found.select_related("source", "target_locale")
    }
    items = asked.items.filter(page__isnull=False).select_related("source")
    places = [(item.source.translation_key, item.locale_id) for item in items]
    return [by_place[place] for place in places if place in by_place]


@require_POST
def upload(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Take in a file of one page. A file that is not as it should be changes nothing, and is told line by line."""
    translation = get_object_or_404(Translation, pk=translation_id, enabled=True)
    check_right(request.user, translation)
    target = translation.get_target_instance()
    back = get_valid_next_url_from_request(request) or reverse("wagtailadmin_pages:edit", args=(target.pk,))
    return take_in(request, back, only=translation)


@require_POST
def upload_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a file, or an archive of files, of pages of a request."""
    asked = get_object_or_404(TranslationRequest, pk=pk)
    if not may_see_request(cast("Any", request.user), asked):
        raise PermissionDenied
    return take_in(request, reverse("translation_request", args=(pk,)))


def take_in(request: HttpRequest, back: str, only: Translation | None = None) -> HttpResponse:
    try:
        changed = bring_back(request, only)
    except ExchangeError as error:
        context = {"problems": error.problems, "back_url": back, "header_title": _("The file was not taken in")}
        return render(request, "translation/file_refused.html", context, status=422)
    sentence = ngettext("%(count)d translation was changed.", "%(count)d translations were changed.", changed)
    messages.success(request, sentence % {"count": changed})
    return redirect(back)


@transaction.atomic
def bring_back(request: HttpRequest, only: Translation | None) -> int:
    """Read what was sent and write it, all or nothing; the number of translations that are other than before."""
    sent = request.FILES.get("file")
    if sent is None:
        raise refusal(_("No file was sent. Choose one."))
    name, data = sent.name or "", sent.read()
    files = read_archive(data) if name.lower().endswith(ARCHIVE) and only is None else [(name, data)]
    return sum(one_file(request.user, place, content, only) for place, content in files)


def one_file(user: Any, name: str, data: bytes, only: Translation | None) -> int:
    try:
        kind = kind_of(name)
        if kind is None:
            raise refusal(_("Files of this kind are not taken in. Send a .po, .xlf or .xliff file."))
        translation = only or translation_of_file(data, kind)
        check_right(user, translation)
        if is_locked(user, translation):
            raise refusal(_("The page is locked, by somebody or by its review. Send the file again when it is not."))
        units = FORMATS[kind].read(data, translation)
        result = apply(translation, units, user, FORMATS[kind].name, former_sentences(translation))
    except ExchangeError as error:
        raise ExchangeError(named(error.problems, name)) from error
    for row in result.doubtful:
        staleness.unsettle(row)
    if (result.changed or result.confirmed) and _page_of(translation).workflow_in_progress:
        save_draft(translation, user)  # whoever approves the page in review approves what is here
    return len(result.changed)


def named(problems: Iterable[Problem], name: str) -> list[Problem]:
    """The same problems, with the name of the file before the place."""
    return [Problem(one.sentence, one.line, f"{name}, {one.place}" if one.place else name) for one in problems]
