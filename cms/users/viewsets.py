"""Accounts in the administration: lists, forms, and what an administrator does for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib.messages import success, warning
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.users.views.users import CreateView, EditView, IndexView, UserColumn, UserViewSet

from cms.users import accounts
from cms.users.forms import AccountCreationForm, AccountEditForm
from cms.users.lockout import locked_until
from cms.users.models import User

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


class ActingMixin:
    """The form is told who fills it in."""

    def get_form_kwargs(self: Any) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]  # a mixin of views
        return kwargs | {"acting": self.request.user}


def state_of(user: User) -> str:
    """In words: invited, active or not."""
    if not user.is_active:
        return _("Inactive")
    if user.is_invited:
        return _("Invitation expired") if user.invitation.has_expired else _("Invited, not accepted yet")
    return _("Active")


def roles_of(user: User) -> str:
    words = [row.in_words for row in user.assignments.all()]
    return "; ".join([*([_("Superuser")] if user.is_superuser else []), *words]) or "–"


class AccountIndexView(IndexView):
    page_title = gettext_lazy("Accounts")
    add_item_label = gettext_lazy("Invite somebody")
    default_ordering = "name"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="user"),
            self._get_title_column_class(UserColumn)(
                "name",
                accessor="display_name",
                label=gettext_lazy("Name"),
                sort_key="name",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("email", label=gettext_lazy("E-mail address"), sort_key="email"),
            Column("roles", accessor=roles_of, label=gettext_lazy("Roles")),
            Column("state", accessor=state_of, label=gettext_lazy("State"), sort_key="is_active"),
            BooleanColumn("has_factor", label=gettext_lazy("Second factor")),
            DateColumn("last_login", label=gettext_lazy("Last sign-in"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> Any:
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=accounts.FACTORS)
        accounts_found = super().get_base_queryset().select_related("invitation")
        return accounts_found.prefetch_related("assignments__country").annotate(has_factor=Exists(factors))


class AccountCreateView(ActingMixin, CreateView):
    page_title = gettext_lazy("Invite somebody")
    submit_button_label = gettext_lazy("Send the invitation")

    def get_success_message(self, instance: User) -> str:
        return _("An invitation was sent to %(address)s.") % {"address": instance.email}


class AccountEditView(ActingMixin, EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever could change a superuser's address could become one."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, is_own = self.object, self.editing_self
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "state": state_of(user),
            "is_own": is_own,
            "has_factor": accounts.has_second_factor(user),
            "owes_factor": accounts.needs_second_factor(user),
            "locked_until": locked_until(user),
        }


class AccountActionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Something that an administrator does for somebody: asked on a page, done when the answer is sent."""

    model = User
    permission_required = "change"
    template_name = "users/account_action.html"
    header_icon = "user"
    question: Any = ""
    button: Any = ""
    done: Any = ""
    not_needed: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = get_object_or_404(User, pk=kwargs["pk"])
        self.acting: Any = request.user
        if self.object.is_superuser and not self.acting.is_superuser:
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def edit_url(self) -> str:
        return reverse("wagtailusers_users:edit", args=(self.object.pk,))

    def get_page_subtitle(self) -> str:
        return self.object.display_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        texts = {
            "question": self.question % {"name": self.object.display_name, "address": self.object.email},
            "button": self.button,
            "not_needed": self.not_needed,
        }
        return context | texts | {"is_needed": self.is_needed(), "edit_url": self.edit_url}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_needed() and self.act():
            success(request, self.done % {"name": self.object.display_name, "address": self.object.email})
        else:
            warning(request, self.not_needed)
        return redirect(self.edit_url)

    def is_needed(self) -> bool:
        raise NotImplementedError

    def act(self) -> bool:
        raise NotImplementedError


class InviteAgainView(AccountActionView):
    page_title = gettext_lazy("Send the invitation again")
    question = gettext_lazy("A new invitation goes to %(address)s. The link of the earlier one will no longer work.")
    button = gettext_lazy("Send again")
    done = gettext_lazy("An invitation was sent to %(address)s.")
    not_needed = gettext_lazy("There is no invitation that waits to be accepted.")

    def is_needed(self) -> bool:
        return self.object.is_active and self.object.is_invited

    def act(self) -> bool:
        return bool(accounts.invite(self.object, by=self.acting))


class ResetSecondFactorView(AccountActionView):
    """Not of the own account: that is done on the page of the second factors, which asks for a confirmation."""

    page_title = gettext_lazy("Reset the second factor")
    question = gettext_lazy(
        "%(name)s will sign in with the password alone, and is signed out everywhere. Make sure by telephone or in "
        "person that it is really they who ask for it."
    )
    button = gettext_lazy("Reset")
    done = gettext_lazy("The second factor of %(name)s was reset.")
    not_needed = gettext_lazy("There is no second factor that could be reset here.")

    def is_needed(self) -> bool:
        return self.object != self.acting and accounts.has_second_factor(self.object)

    def act(self) -> bool:
        return accounts.reset_second_factor(self.object, by=self.acting)


class LiftLockOutView(AccountActionView):
    page_title = gettext_lazy("Lift the lock-out")
    question = gettext_lazy("%(name)s can try to sign in again at once.")
    button = gettext_lazy("Lift")
    done = gettext_lazy("The lock-out of %(name)s was lifted.")
    not_needed = gettext_lazy("Nothing keeps this account from signing in.")

    def is_needed(self) -> bool:
        return locked_until(self.object) is not None

    def act(self) -> bool:
        return accounts.lift_lock_out(self.object, by=self.acting)


class AccountViewSet(UserViewSet):
    menu_label = gettext_lazy("Accounts")
    index_view_class = AccountIndexView
    add_view_class = AccountCreateView
    edit_view_class = AccountEditView
    copy_view_enabled = False
    ordering = ["last_name", "first_name", "username"]

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseModelForm[User]]:
        return AccountEditForm if for_update else AccountCreationForm

    def get_urlpatterns(self) -> list[Any]:
        actions = {
            "invite": InviteAgainView,
            "reset_second_factor": ResetSecondFactorView,
            "lift_lock_out": LiftLockOutView,
        }
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{name}/<{self.pk_path_converter}:pk>/", view.as_view(model=User), name=name)
                for name, view in actions.items()
            ),
        ]
