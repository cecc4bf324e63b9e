from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.users.views.users import UserViewSet

from cms.users.forms import AccountCreationForm, AccountEditForm

if TYPE_CHECKING:
    from django import forms

    from cms.users.models import User


class AccountViewSet(UserViewSet):
    def get_form_class(self, for_update: bool = False) -> type[forms.BaseModelForm[User]]:
        return AccountEditForm if for_update else AccountCreationForm
