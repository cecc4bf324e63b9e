"""Before a page is moved, unpublished or deleted by itself: what becomes of its translations, done with the page.

Wagtail calls these hooks from the view that does it. Where translations are concerned, the same view is called once
more, in a transaction with what becomes of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.admin.views.pages.unpublish import UnpublishView

from cms.translation.bulk_actions import BULK_ACTIONS
from cms.translation.forms import TranslationsForm
from cms.translation.lifecycle import Cascade, Deleting, Moving, Refusal, Unpublishing, refusing, sentence_on_followed

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from wagtail.models import Page

LAST = 1000


def register() -> None:
    """As the last of their hooks, after all that could refuse."""
    hooks.register("before_move_page", before_move, order=LAST)
    hooks.register("before_unpublish_page", before_unpublish, order=LAST)
    hooks.register("before_delete_page", before_delete, order=LAST)
    for action in BULK_ACTIONS:
        hooks.register("register_bulk_action", action, order=1)  # in the place of Wagtail's of the same type


def before_move(request: Any, page: Page, destination: Page) -> HttpResponseBase | None:
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    return settle(request, Moving(request.user, [page], destination=destination), MoveConfirmView, destination.pk)


def before_unpublish(request: Any, page: Page) -> HttpResponseBase | None:
    with_below = bool(request.POST.get("include_descendants"))
    return settle(request, Unpublishing(request.user, [page], with_below=with_below), UnpublishView)


def before_delete(request: Any, page: Page) -> HttpResponseBase | None:
    return settle(request, Deleting(request.user, [page]), DeleteView)


def settle(request: Any, cascade: Cascade, view: Any, *args: Any) -> HttpResponseBase | None:
    """Do what was answered and what `view` does with the page, or neither. None where there is nothing to settle."""
    if request.method != "POST" or hasattr(request, "translations_settled") or not cascade.rows:
        return None
    form = TranslationsForm(request.POST, cascade=cascade)
    if not form.is_valid():
        return again(request, str(form.errors["translations"][0]))
    request.translations_settled = True
    (page,) = cascade.pages
    try:
        with transaction.atomic(), refusing(page):
            followed = cascade.carry_out() if form.follow else 0
            answer = view.as_view()(request, page.pk, *args)
            is_done = answer.status_code == HttpResponseRedirect.status_code
            transaction.set_rollback(not is_done)
    except Refusal as refusal:
        list(get_messages(request))  # what was said of it meanwhile is not so
        return again(request, str(refusal))
    if is_done and followed:
        messages.success(request, sentence_on_followed(cascade.operation, followed))
    return answer


def again(request: Any, problem: str) -> HttpResponseRedirect:
    messages.error(request, problem)
    return HttpResponseRedirect(request.get_full_path())
