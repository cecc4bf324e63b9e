"""Pages for people who send in an idea, and who follow it by a link that is theirs alone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.core.addresses import absolute, path_in_language
from cms.core.querysets import public_languages
from cms.core.throttling import RateLimit
from cms.languages import reader_language
from cms.workflows.views import unlinked
from ideas import exports, mails, publication, services, similarity
from ideas.choices import Action, Actor, IdeaState
from ideas.errors import RefusedError
from ideas.forms import AnswerForm, IdeaForm
from ideas.history import Said
from ideas.models import Idea, IdeaIndexPage, Submitter, new_number
from ideas.querysets import campaign_of, steps_for_submitter
from ideas.suggestions import published_like
from ideas.wording import MEANING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ideas.proofs import Ticket

HOUR = 3600
FLOOD = RateLimit("idea-flood", times=120, seconds=HOUR)
TRIES = RateLimit("idea-tries", times=60, seconds=HOUR)
SOLVED = RateLimit("idea-solved", times=10, seconds=HOUR)
PATIENT = RateLimit("idea-patient", times=3, seconds=HOUR)
ASKED = RateLimit("idea-similar", times=120, seconds=HOUR)
SENT = "ideas.sent"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The form. What is wrong is said above it and at the fields, and nothing that was written is lost."""
    if request.method != "POST":
        call = campaign_of(request.GET["call"]) if "call" in request.GET else None
        return show(request, IdeaForm(call=call if call and call.is_open else None))
    if not FLOOD.allows(request):
        return no_more()
    if not TRIES.allows(request):
        form = IdeaForm(request.POST)  # without the files, which would be looked into
        form.has_lost_files = bool(request.FILES)
        return refused(request, form, too_many(), 429)
    if "look" in request.POST:
        form = IdeaForm.half_written(request.POST, request.FILES)
        return show(request, form, alike=published_like(form.gist))
    form = IdeaForm(request.POST, request.FILES)
    if not form.is_valid() or form.opened is None:
        return show(request, form, 400)
    return deliver(request, form, form.opened)


def show(request: HttpRequest, form: IdeaForm, status: int = 200, *, alike: list[Any] | None = None) -> HttpResponse:
    """The form, with its addresses in other languages and the picture of the list of ideas for those who share it.

    `alike` are the public pages that are like what was written, for somebody who asked for them without scripts.
    """
    paths = {code: path_in_language(request.path, code) for code in sorted(public_languages())}
    context = {
        "form": form,
        "alike": alike,
        "alternates": [(code, absolute(path)) for code, path in paths.items()],
        "default": absolute(path_in_language(request.path, settings.LANGUAGE_CODE)),
        "list": IdeaIndexPage.objects.published().order_by("pk").first(),
    }
    return render(request, "ideas/send.html", context, status=status)


@never_cache
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What is public already and like that which somebody writes, as a piece of the form. Nothing of it is kept."""
    if not ASKED.allows(request):
        return no_more()
    pages = published_like(request.POST.get("text", ""))
    return render(request, "ideas/similar.html", {"pages": pages})


def deliver(request: HttpRequest, form: IdeaForm, ticket: Ticket) -> HttpResponse:
    """A machine that filled in the hidden field is told that all went well, and nothing is kept."""
    if form.is_from_machine:
        return sent_to(new_number())
    limit = SOLVED if ticket.is_solved else PATIENT
    if not limit.allows(request):
        return refused(request, form, too_many(), 429)
    try:
        idea = services.submit(
            form.given,
            form.cleaned_data["attachments"],
            language=reader_language(),
            ticket=ticket.number,
            consent=form.agreed_to,
        )
    except RefusedError as refusal:
        form.opened = None  # the form is shown with another ticket: this one may be spent
        return refused(request, form, str(refusal), 409)
    return sent_to(idea.number)


def too_many() -> str:
    return _("Several ideas came from your connection within an hour. Please wait a while before you send another.")


def no_more() -> HttpResponse:
    """The answer that costs least."""
    return HttpResponse(too_many(), status=429, content_type="text/plain; charset=utf-8")


def refused(request: HttpRequest, form: IdeaForm, sentence: str, status: int) -> HttpResponse:
    form.add_error(None, sentence)
    return show(request, form, status=status)


def sent_to(number: str) -> HttpResponse:
    return redirect("idea_sent", signing.dumps(number, salt=SENT))


@never_cache
@require_safe
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The number of what was just sent in. It opens nothing: the link that does is in the mail."""
    try:
        number = signing.loads(token, salt=SENT, max_age=24 * HOUR)
    except signing.BadSignature as error:
        raise Http404("nothing was sent in by that token") from error
    return unlinked(render(request, "ideas/sent.html", {"number": number}))


def idea_by(number: str, secret: str) -> Idea:
    idea = Idea.objects.filter(number=number).first()
    if idea is None or not services.opens(idea, secret):
        raise Http404("no idea of that link")
    return idea


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, number: str, secret: str, code: str) -> HttpResponse:
    """The link of the first mail: programs open it to look for viruses, so that it takes a click on a button."""
    idea = idea_by(number, secret)
    if idea.state != IdeaState.SUBMITTED:
        return unlinked(redirect("idea_status", number, secret))
    submitter = Submitter.objects.filter(idea=idea).first()
    if submitter is None or not constant_time_compare(code, mails.confirmation_code(number, submitter.email)):
        raise Http404("no address of that code")
    if request.method == "POST":
        with suppress(RefusedError):  # another click was quicker; the page says where the idea stands
            services.move(idea.pk, Action.CONFIRM, Actor.SUBMITTER)
        return unlinked(redirect("idea_status", number, secret))
    return unlinked(render(request, "ideas/confirm.html", {"idea": idea, "secret": secret}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Where an idea stands, what has happened to it, and the answer to a question that is open."""
    idea = idea_by(number, secret)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.move(idea.pk, Action.ANSWER, Actor.SUBMITTER, Said(text=form.cleaned_data["text"]))
            return unlinked(redirect("idea_status", number, secret))
        except RefusedError:
            form.add_error(None, _("The question is no longer open. Your answer was not kept."))
    other = similarity.root(idea)
    context = {
        "idea": idea,
        "secret": secret,
        "meaning": MEANING[idea.state],
        "steps": steps_for_submitter(idea),
        "form": form,
        "question": idea.open_question,
        "published": publication.public_version(other or idea),
        "other": other,
        "has_pages": idea.pages.exists(),
        "may_withdraw": services.follows(idea, Action.WITHDRAW),
    }
    return unlinked(render(request, "ideas/status.html", context))


@never_cache
@require_safe
def personal_data(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """All that is kept of the idea and of who sent it in, to be saved."""
    return unlinked(exports.archive(idea_by(number, secret)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Take the idea back, after a question."""
    idea = idea_by(number, secret)
    if not services.follows(idea, Action.WITHDRAW):
        return unlinked(redirect("idea_status", number, secret))
    if request.method == "POST":
        with suppress(RefusedError):  # a moderator was quicker; the page says where the idea stands
            services.move(idea.pk, Action.WITHDRAW, Actor.SUBMITTER)
        return unlinked(redirect("idea_status", number, secret))
    days = settings.IDEAS_RETENTION["withdrawn"].days
    context = {"idea": idea, "secret": secret, "days": days, "has_pages": idea.pages.exists()}
    return unlinked(render(request, "ideas/withdraw.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Erase all that was sent in, after a question."""
    idea = idea_by(number, secret)
    if request.method == "POST":
        services.erase(idea.pk, Actor.SUBMITTER)
    if request.method == "POST" or not services.is_erasable(idea):
        return unlinked(redirect("idea_status", number, secret))
    context = {"idea": idea, "secret": secret, "has_pages": idea.pages.exists()}
    return unlinked(render(request, "ideas/erase.html", context))
