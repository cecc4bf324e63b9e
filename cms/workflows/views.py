"""Pages for people who act by a link: superiors who clear a report, and readers of mail who want no more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from cms.workflows import services
from cms.workflows.choices import Frequency
from cms.workflows.forms import DecisionForm
from cms.workflows.models import ClearanceState
from cms.workflows.notifications import read_token, subscribe

if TYPE_CHECKING:
    from django.http import HttpRequest


def unlinked(response: HttpResponse) -> HttpResponse:
    """A page whose address is a secret: no other site is told it, and no search engine keeps it."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def clearance_by(pk: int) -> ClearanceState:
    return get_object_or_404(ClearanceState.objects.select_related("asked_by", "workflow_state"), pk=pk)


def page_of(state: ClearanceState) -> Any:
    """What is to be cleared, as the author last saved it."""
    page = get_object_or_404(Page, pk=state.workflow_state.object_id)
    return page.get_latest_revision_as_object()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clearance(request: HttpRequest, pk: int, secret: str) -> HttpResponse:
    """Let a superior read a report and decide. Where a link is altered, expired or spent, say whom to ask."""
    state = clearance_by(pk)
    if not services.opens(state, secret):
        return unlinked(render(request, "workflows/clearance_closed.html", status=410))
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        clears = "clear" in request.POST
        if services.decide_by_link(state, secret, clears=clears, comment=form.cleaned_data["comment"]):
            return unlinked(HttpResponseRedirect(reverse("clearance_done", args=["cleared" if clears else "returned"])))
        return unlinked(render(request, "workflows/clearance_closed.html", status=410))
    context = {"state": state, "page_title": page_of(state).title, "form": form, "secret": secret}
    status = 422 if request.method == "POST" else 200
    return unlinked(render(request, "workflows/clearance.html", context, status=status))


@never_cache
@require_safe
def clearance_page(request: HttpRequest, pk: int, secret: str) -> HttpResponse:
    """The report that is to be cleared, as readers will see it."""
    state = clearance_by(pk)
    if not services.opens(state, secret):
        raise Http404(f"no open clearance {pk}")
    response: HttpResponse = page_of(state).make_preview_request(original_request=request)
    return unlinked(response)


@require_safe
def clearance_done(request: HttpRequest, answer: str) -> HttpResponse:
    return unlinked(render(request, "workflows/clearance_done.html", {"cleared": answer == "cleared"}))


@csrf_exempt  # mail programs send it for their reader; the link itself is the right to do so
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notifications_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Let the reader of a mail have no more of its kind: asked once, or at once where the mail program does it."""
    found = read_token(token)
    if found is None:
        raise Http404("no subscription of that token")
    user, kind = found
    if request.method == "POST":
        subscribe(user, kind, Frequency.NEVER)
    context = {"kind": kind, "stopped": request.method == "POST"}
    return unlinked(render(request, "workflows/notifications_stop.html", context))
