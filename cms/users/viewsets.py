from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from wagtail.users.views.users import CreateView, EditView, UserViewSet

from cms.users.forms import AccountCreationForm, AccountEditForm

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from cms.users.models import User


class ActingMixin:
    """The form is told who fills it in."""

    def get_form_kwargs(self: Any) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]  # a mixin of views
        return kwargs | {"acting": self.request.user}


class AccountCreateView(ActingMixin, CreateView):
    pass


class AccountEditView(ActingMixin, EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever could change a superuser's password could become one."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AccountViewSet(UserViewSet):
    add_view_class = AccountCreateView
    edit_view_class = AccountEditView
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseModelForm[User]]:
        return AccountEditForm if for_update else AccountCreationForm
