"""The page on which translations are written and reviewed, in the place of the edit view."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.menus.pages import get_page_header_buttons
from wagtail.admin.ui.side_panels import PageStatusSidePanel
from wagtail.models import WorkflowState
from wagtail_localize.models import OverridableSegment, Translation

from cms.translation import machine
from cms.translation.choices import Status
from cms.translation.editor import services
from cms.translation.editor.sheets import Work, sheet_of
from cms.translation.models import RequestedTranslation, TranslationState
from cms.translation.policies import may_see_request
from cms.translation.views import Screen
from cms.workflows.registries import obstacles_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase
    from wagtail.models import Page

    from cms.translation.editor.sheets import Sheet

VALUES = "values"  # the page of wagtail-localize, for what is no text
ALL, TO_DO = "all", "to-do"
ACTIONS = {"submit": services.submit, "publish": services.publish}


def translation_of(page: Page) -> Translation | None:
    """The record by which a page is put together from translated segments; None of a page that is written by hand."""
    records = Translation.objects.select_related("source__locale", "target_locale")
    return records.filter(source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True).first()


def translate(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """In the place of the edit view of a translation; the edit view has checked that the person may edit the page."""
    record = translation_of(page)
    if record is None:
        return None
    action = request.POST.get("action", "")
    if action in ACTIONS:
        return act(request, record, action)
    if request.method == "POST" or VALUES in request.GET:
        return None
    return EditorView.as_view()(request, translation=record, page=page)


def act(request: HttpRequest, record: Translation, action: str) -> HttpResponse:
    user: Any = request.user
    page = services.page_of(record)
    try:
        page = ACTIONS[action](record, user)
    except ValidationError as error:
        for sentence in sentences_of(error, page):
            messages.error(request, sentence)
        return redirect("wagtailadmin_pages:edit", page.pk)
    facts = {"title": page.get_admin_display_title(), "language": page.locale.get_display_name()}
    if action == "publish":
        button = messages.button(page.full_url, _("View live")) if page.full_url else None
        sentence = _("“%(title)s” is published in this language: %(language)s.") % facts
        messages.success(request, sentence, buttons=[button] if button else [])
    else:
        messages.success(request, _("“%(title)s” has been submitted for review.") % facts)
    return redirect("wagtailadmin_pages:edit", page.pk)


def sentences_of(error: ValidationError, page: Page) -> list[str]:
    """Why a page cannot be saved, with the name of the field where it is one."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    found = []
    for name, messages_of_field in error.message_dict.items():
        field: Any = None if name == NON_FIELD_ERRORS else page._meta.get_field(name)
        found += [f"{capfirst(field.verbose_name)}: {one}" if field else one for one in messages_of_field]
    return found


class EditorView(Screen):
    template_name = "translation/editor/editor.html"
    page_title = gettext_lazy("Translate")
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        page, record, user = kwargs["page"], kwargs["translation"], self.request.user
        lock = page.get_lock()
        locked = lock is not None and lock.for_user(user)
        sheet = sheet_of(record, user)
        shown = self.request.GET.get("show") or (TO_DO if sheet.to_do and not locked else ALL)
        return context | {
            "sheet": sheet,
            "shown": shown,
            "rows": [row for row in sheet.rows if shown == ALL or row.work != Work.DONE],
            "is_locked": locked,
            "lock_message": lock.get_message(user) if locked else "",
            "original": record.source.get_source_instance(),
            "source_language": record.source.locale,
            "target_language": record.target_locale,
            "state": TranslationState.objects.with_status().filter(page=page.pk).first(),
            "statuses": Status,
            "values": OverridableSegment.objects.filter(source=record.source).count(),
            "requested": self.newest_request(page),
            "machine_offer": "" if locked else offer_of(record, sheet),
            "machine_progress": machine.progress(record),
            "actions": actions(page, user),
            "workflow_actions": (decisions := workflow_actions(page, user)),
            "obstacles": obstacles_to(page) if decisions else [],
            "media": self.side_panel.media,
            "side_panels": [self.side_panel],
            "history_url": reverse("wagtailadmin_pages:history", args=(page.pk,)),
        }

    @property
    def side_panel(self) -> PageStatusSidePanel:
        page = self.kwargs["page"]
        return PageStatusSidePanel(
            page,
            self.request,
            show_schedule_publishing_toggle=False,
            live_object=page,
            scheduled_object=page.get_scheduled_revision_as_object(),
            locale=page.locale,
            translations=[],
        )

    @property
    def header_more_buttons(self) -> list[Any]:
        page = self.kwargs["page"]
        return list(
            get_page_header_buttons(page=page, user=self.request.user, next_url=self.request.path, view_name="edit")
        )

    def newest_request(self, page: Page) -> Any:
        """The newest request for this translation of which the person may learn."""
        items = RequestedTranslation.objects.filter(page=page.pk).select_related("request__assignee")
        user: Any = self.request.user
        newest = items.order_by("-request__created_at").first()
        return newest.request if newest and may_see_request(user, newest.request) else None


def offer_of(record: Translation, sheet: Sheet) -> str:
    """What a machine would do about the segments that nobody has translated; empty where it cannot."""
    if not sheet.counts[Work.NEW]:
        return ""
    return machine.offer(machine.offered(record.source.locale, [record.target_locale]))


def actions(page: Any, user: Any) -> list[tuple[str, str]]:
    """What the person may do with the translation as a whole, by name and label; the usual one first."""
    rights = page.permissions_for_user(user)
    found = []
    state = page.current_workflow_state
    if rights.can_submit_for_moderation():
        is_back = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        found.append(("submit", _("Submit for review again") if is_back else _("Submit for review")))
    if rights.can_publish() and not rights.page_locked():
        found.append(("publish", _("Publish")))
    return found


def workflow_actions(page: Any, user: Any) -> list[dict[str, Any]]:
    """What the person may decide in the review that goes on."""
    state = page.current_workflow_task_state
    if state is None or state.status != state.STATUS_IN_PROGRESS:
        return []
    return [
        {
            "label": label,
            "is_modal": is_modal,
            "url": reverse("wagtailadmin_pages:workflow_action", args=(page.pk, name, state.pk)),
        }
        for name, label, is_modal in state.task.specific.get_actions(page, user)
    ]


def unless_locked(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of wagtail-localize that changes a translation, closed while this page is."""

    @wraps(view)
    def guarded(request: HttpRequest, translation_id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        services.check_may_change(user, services.page_of(get_object_or_404(Translation, pk=translation_id)))
        return view(request, translation_id, *args, **kwargs)

    return guarded


@require_POST
def save_segment(request: HttpRequest, translation_id: int, unit_id: Any) -> HttpResponse:
    """Save a segment. Scripts get the segment and the counts as they are now, others the whole page again.

    A segment that cannot be saved comes back with what was sent, and the reason; the status is 422, or 409 where
    somebody else was quicker.
    """
    record = get_object_or_404(Translation.objects.select_related("source__locale", "target_locale"), pk=translation_id)
    page = services.page_of(record)
    user: Any = request.user
    services.check_may_change(user, page)
    if not record.enabled:
        sentence = _(
            "The original was deleted, or this page is not tied to it any more. Reload the page to write in it."
        )
        return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
    text, key = request.POST.get("text", ""), str(unit_id)
    problem: services.NotSavedError | None = None
    try:
        services.translate_segment(record, key, text, request.POST.get("seen", ""), user)
    except services.NotSavedError as error:
        problem = error
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if not by_script and problem is None:
        return redirect(f"{reverse('wagtailadmin_pages:edit', args=(page.pk,))}#segment-{key}")
    sheet = sheet_of(record, user, only={key})
    row = next((row for row in sheet.rows if row.unit.id == key), None)
    if row is None:
        return HttpResponse(str(problem), status=422, content_type="text/plain; charset=utf-8")
    if problem:
        row.error, row.text = str(problem), text
    context = {
        "sheet": sheet,
        "row": row,
        "translation": record,
        "source_language": record.source.locale,
        "target_language": record.target_locale,
        "shown": request.POST.get("shown", ALL),
        "page": page,
        "page_title": page.get_admin_display_title(),
    }
    status = 200 if problem is None else 409 if isinstance(problem, services.OvertakenError) else 422
    template = "saved" if by_script else "refused"
    return render(request, f"translation/editor/{template}.html", context, status=status)
