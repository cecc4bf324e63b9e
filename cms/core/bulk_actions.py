"""Bulk publication asks the same of a page as its edit form does; Wagtail's own publishes whatever the draft holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from cms.core.models import BasePage
from cms.translation.staleness import is_synchronised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest, HttpResponse


def refuse_unfinished_pages(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Stops the publication of a selection in which a page lacks something, and says what."""
    if action_type != "publish":
        return None
    pages = [page for page in objects if isinstance(page, Page)]
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        pages += [draft for page in pages for draft in page.get_descendants().not_live()]
    unfinished = list(missing_in(pages, request))
    for title, missing in unfinished:
        sentence = _("“%(title)s” was not published. It needs: %(missing)s.")
        messages.error(request, sentence % {"title": title, "missing": ", ".join(missing)})
    return redirect(action.next_url) if unfinished else None


def missing_in(pages: Iterable[Page], request: HttpRequest) -> Iterator[tuple[str, list[str]]]:
    """(title, labels of what is missing) of each page whose latest draft is unfinished."""
    for page in pages:
        draft = page.get_latest_revision_as_object()
        if isinstance(draft, BasePage):
            form = draft.get_edit_handler().get_form_class()
            missing = list(form(instance=draft, parent_page=draft.get_parent(), for_user=request.user).missing.values())
            if is_synchronised(page):  # only its edit view puts the draft together from the present translations
                missing.append(_("to be published on its own page"))
            if missing:
                yield draft.get_admin_display_title(), missing
