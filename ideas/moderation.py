"""What moderators do with one idea: its steps, erasing it, looking at its attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ideas import exports, judging, monthly, services
from ideas.choices import TRANSITIONS, Action, Actor, Criterion, IdeaState, Reason, Transition
from ideas.errors import RefusedError
from ideas.fields import LongText, OneLine
from ideas.forms import JudgeForm
from ideas.history import Said
from ideas.models import Idea, IdeaFile
from ideas.policies import actor_of, may_act
from ideas.wording import why

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from cms.users.models import User


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def address(idea: Idea) -> str:
    return reverse("ideas:inspect", args=(idea.pk,))


class StepForm(forms.Form):
    """What goes with a step: a reason where it needs one, words to the submitter, a note among moderators."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), error_messages={"required": gettext_lazy("Choose a reason.")}
    )
    text = LongText(
        label=gettext_lazy("To the submitter"),
        max_length=4000,
        error_messages={"required": gettext_lazy("Write what is to be said.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    note = LongText(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Only moderators read it. It is erased with the idea."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    original = OneLine(
        label=gettext_lazy("Number of the idea as which it goes on"),
        help_text=gettext_lazy("The submitter is told this number, and reads of the state of that idea."),
        required=False,
        max_length=9,
    )

    def __init__(self, *args: Any, idea: Idea, transition: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if transition.target != IdeaState.DUPLICATE:
            del self.fields["original"]
        self.fields["text"].help_text = _("In the language of the submitter: %(language)s.") % {
            "language": idea.get_language_display()
        }
        self.fields["text"].widget.attrs["lang"] = idea.language
        self.fields["text"].required = transition.needs_text
        if not transition.is_told:
            del self.fields["text"]
        if not transition.reasons:
            del self.fields["reason"]
            return
        choices = [(code, Reason(code).label) for code in transition.reasons]
        reason: Any = self.fields["reason"]
        reason.choices = [("", _("Choose a reason")), *choices]
        # The script beside the form puts the words into the field, where they can be changed.
        reason.widget.attrs |= {f"data-words-{code}": why(code, idea.language) for code in transition.reasons}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reason") == Reason.SAME_IDEA and not cleaned.get("original"):
            self.add_error("original", _("Write the number of the idea that says the same."))
        return cleaned

    @property
    def said(self) -> Said:
        return Said(**{name: value for name, value in self.cleaned_data.items() if name != "original"})

    @property
    def goes_on_as(self) -> str:
        """The number of another idea; empty where this one goes on as none."""
        return str(self.cleaned_data.get("original", ""))


class OneIdeaMixin(WagtailAdminTemplateMixin):
    """Opens for moderators alone."""

    header_icon = "lightbulb"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if actor_of(request.user) is None:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def idea(self) -> Idea:
        return get_object_or_404(Idea, pk=self.kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("ideas:index"), "label": _("Ideas")},
            {"url": address(self.idea), "label": self.idea.number},
            {"url": "", "label": self.get_page_title(), "sublabel": self.idea.title},
        ]

    def back(self) -> HttpResponse:
        return redirect(address(self.idea))


class StepView(OneIdeaMixin, TemplateView):
    """Asks what goes with a step, and takes it. One that does not follow leads back to the idea, with a sentence."""

    template_name = "ideas/step.html"

    @cached_property
    def action(self) -> Action:
        action = next((one for one in TRANSITIONS if one.value == self.kwargs["action"]), None)
        if action is None or not may_act(Actor.MODERATOR, action):
            raise Http404("no step of that name")
        return action

    def get_page_title(self) -> str:
        return str(self.action.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        is_told = TRANSITIONS[self.action].is_told
        return context | {"idea": self.idea, "back": address(self.idea), "is_told": is_told}

    def form(self, data: Any = None) -> StepForm:
        transition, reason = TRANSITIONS[self.action], self.request.GET.get("reason", "")
        given = {"original": self.request.GET.get("of", ""), "reason": reason}
        if reason in transition.reasons:
            given["text"] = why(reason, self.idea.language)
        return StepForm(data, initial=given, idea=self.idea, transition=transition)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.check_follows(self.idea, self.action)
        except RefusedError as refusal:
            messages.error(request, str(refusal))
            return self.back()
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            return self.take(form)
        return self.render_to_response(self.get_context_data(form=form))

    def take(self, form: StepForm) -> HttpResponse:
        user: Any = self.request.user
        try:
            if form.goes_on_as:
                idea = services.merge(self.idea.pk, form.goes_on_as, user, form.said)
            else:
                idea = services.move(self.idea.pk, self.action, user, form.said)
        except RefusedError as refusal:
            messages.error(self.request, str(refusal))
        else:
            facts = {"number": idea.number, "state": idea.get_state_display()}
            messages.success(self.request, _("Idea %(number)s is now: %(state)s.") % facts)
        return self.back()


class JudgeView(OneIdeaMixin, TemplateView):
    """Takes the scores of a reviewer. Who is in a conflict is led back, with a sentence."""

    page_title = gettext_lazy("Judge")
    template_name = "ideas/judge.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"idea": self.idea, "back": address(self.idea)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if judging.has_conflict(self.idea, user):
            messages.error(request, _("You may not decide on this idea: it comes from you or from your organisation."))
            return self.back()
        own = self.idea.reviews.filter(reviewer=user).first()
        given: dict[str, Any] = {}
        if own is not None:
            given = {name: getattr(own, name) for name in ("comment", *Criterion.values)}
            given["stands_aside"] = "yes" if own.stood_aside else "no"
        return self.render_to_response(self.get_context_data(form=JudgeForm(initial=given)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, user = JudgeForm(request.POST), cast("User", request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        said = form.cleaned_data
        try:
            judging.judge(self.idea.pk, user, form.scores, said["comment"], stands_aside=said["stands_aside"])
        except RefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("What you make of the idea was noted."))
        return self.back()


class EraseView(OneIdeaMixin, TemplateView):
    """Somebody wrote, or telephoned, that everything should be erased."""

    page_title = gettext_lazy("Erase")
    template_name = "users/account_action.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "question": _(
                "Name, address, texts, messages, notes and attachments are deleted at once, and nobody can bring them "
                "back. The number, the states and the reasons stay."
            ),
            "button": _("Erase"),
            "not_needed": _("Everything is erased already."),
            "is_needed": services.is_erasable(self.idea),
            "edit_url": address(self.idea),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        services.erase(self.idea.pk, user)
        messages.success(request, _("Idea %(number)s was erased.") % {"number": self.idea.number})
        return self.back()


class MonthlyView(WagtailAdminTemplateMixin, TemplateView):
    """The months of which there is a report, and the report of one of them."""

    page_title = gettext_lazy("Monthly reports")
    header_icon = "lightbulb"
    template_name = "ideas/monthly.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        above = {"url": reverse("ideas:index"), "label": _("Ideas")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"months": monthly.months()}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if actor_of(request.user) is None:
            raise PermissionDenied
        wanted = request.GET.get("month", "")
        if not wanted:
            return super().get(request, *args, **kwargs)
        month = next((one for one in monthly.months() if str(one) == wanted), None)
        if month is None:
            raise Http404("no idea in that month")
        response = HttpResponse(monthly.workbook(month), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="ideas-{month}.xlsx"'
        return response


@require_POST
def personal_data(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is kept of the person who sent an idea in. It is sent, so that nobody opens it by a link."""
    user: Any = request.user
    if actor_of(user) is None:
        raise PermissionDenied
    return exports.hand_out(get_object_or_404(Idea, pk=pk).pk, user)


def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A file that came with an idea, to be saved and not to be opened by the browser."""
    if actor_of(request.user) is None:
        raise PermissionDenied
    row = get_object_or_404(IdeaFile, pk=pk)
    try:
        content = row.file.open()
    except FileNotFoundError as error:
        raise Http404("the file is lost") from error
    response = FileResponse(content, as_attachment=True, filename=row.name)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
