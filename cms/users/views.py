"""Pages of the own account, beyond what django-allauth has, and pages for those who are kept out."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from allauth.account import views as account_views
from allauth.account.utils import perform_login
from allauth.mfa.base import views as factor_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.usersessions import views as session_views
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from cms.users import accounts
from cms.users.adapters import may_enter
from cms.users.devices import described
from cms.users.forms import AcceptInvitationForm, EndSessionsForm
from cms.users.lockout import lock_end

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


class SignInView(account_views.LoginView):
    """For the administration, and for pages that are open to some accounts only."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is signed in goes on, unless it was for lack of a right that they were sent here."""
        target = self.get_next_url() or reverse("wagtailadmin_home")
        is_to_administration = target.startswith(reverse("wagtailadmin_home"))
        if request.user.is_authenticated and may_enter(request.user) and is_to_administration:
            return HttpResponseRedirect(target)
        response: HttpResponseBase = super().get(request, *args, **kwargs)
        return response


class PasswordChangeView(account_views.PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class SecondFactorsView(factor_views.IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        has_factor = accounts.has_second_factor(user)
        owes_factor = accounts.needs_second_factor(user) and not has_factor
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"has_factor": has_factor, "owes_factor": owes_factor, "may_enter": may_enter(user)}


class ActivateAppView(app_views.ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        drawing = context["totp_svg"].partition("?>")[2]
        return context | {"drawing": mark_safe(drawing)}  # noqa: S308 - drawn by the library, out of letters and digits


class ConfirmPasskeyView(passkey_views.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super(factor_views.BaseReauthenticateView, self).form_invalid(form)
        return response


class RemovePasskeyView(passkey_views.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class RenamePasskeyView(passkey_views.EditWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class SessionsView(session_views.ListUserSessionsView):
    form_class = EndSessionsForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        current = self.request.session.session_key
        rows = [(row, described(row.user_agent), row.session_key == current) for row in context["sessions"]]
        return context | {"rows": sorted(rows, key=lambda row: (not row[2], -row[0].last_seen_at.timestamp()))}

    def form_invalid(self, form: Any) -> HttpResponse:
        """A session that is gone already, or was never one's own."""
        return redirect("usersessions_list")


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class InvitationView(FormView[AcceptInvitationForm]):
    """Choose the first password. Looking at the page spends nothing: programs that check mail look, too."""

    template_name = "account/invitation.html"
    form_class = AcceptInvitationForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.invitation = accounts.find_invitation(kwargs["token"])
            response = super().dispatch(request, *args, **kwargs)
        except accounts.InvitationRefused as refused:
            facts = {"reason": refused.reason, "invitation": refused.invitation}
            response = render(request, "account/invitation_refused.html", facts, status=410)
        response["Referrer-Policy"] = "same-origin"
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.invitation.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assignments = self.invitation.user.assignments.select_related("country")
        facts = {"invitation": self.invitation, "roles": [row.in_words for row in assignments]}
        return super().get_context_data(**kwargs) | facts

    def form_valid(self, form: AcceptInvitationForm) -> HttpResponse:
        user = accounts.accept(self.kwargs["token"], form.cleaned_data["password1"])
        if self.request.user.is_authenticated:
            logout(self.request)
        response: HttpResponse = perform_login(self.request, user, email_verification="none")
        return response


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The same for addresses that have an account and for those that have none."""
    seconds = (lock_end(request, credentials) - timezone.now()).total_seconds()
    return refuse(request, minutes=max(1, math.ceil(seconds / 60)))


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return refuse(request)


def refuse(request: HttpRequest, minutes: int = 0) -> HttpResponse:
    response = render(request, "account/locked_out.html", {"minutes": minutes}, status=HTTPStatus.TOO_MANY_REQUESTS)
    if minutes:
        response["Retry-After"] = str(minutes * 60)
    add_never_cache_headers(response)
    return response


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """From an address of Wagtail's to the one page for signing in; what was asked for goes with it."""
    target = request.GET.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    query = request.GET.urlencode() if target and is_safe else ""
    return HttpResponseRedirect(f"{reverse('account_login')}?{query}" if query else reverse("account_login"))
