from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.core.throttling import RateLimit
from practices.forms import ContactForm
from practices.services import contactable_practice, send_contact_message

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from practices.models import PracticePage

LIMIT = RateLimit("practice-contact", times=5, seconds=3600)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the contact of a practice, whose address stays unknown."""
    practice = practice_or_404(pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        error, status = deliver(request, practice, form)
        if not error:
            return redirect("practice_contact_sent", pk=pk)
        form.add_error(None, error)
    return render(request, "practices/contact.html", {"practice": practice, "form": form}, status=status)


@never_cache
@require_safe
def contact_sent(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "practices/contact_sent.html", {"practice": practice_or_404(pk)})


def practice_or_404(pk: int) -> PracticePage:
    practice = contactable_practice(pk)
    if practice is None:
        raise Http404(f"no practice {pk} with a contact form")
    return practice


def deliver(request: HttpRequest, practice: PracticePage, form: ContactForm) -> tuple[str, int]:
    """Pass the message on; (what went wrong, status), both empty when nothing did.

    A machine that filled in the hidden field is told that all went well, and nothing is sent.
    """
    if form.is_from_machine:
        return "", 0
    if not LIMIT.allows(request):
        return _("You have sent several messages within an hour. Please wait a while before you send another."), 429
    data = form.cleaned_data
    send_contact_message.enqueue(practice.pk, data["name"], data["email"], data["message"])
    return "", 0
