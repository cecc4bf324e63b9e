"""Accounts of staff, as administrators create and edit them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.models import UserProfile

from cms.languages import interface_languages


class InterfaceLanguageMixin(forms.Form):
    """The language in which the member of staff will see the admin; they can change it themselves afterwards."""

    instance: Any
    preferred_language = forms.ChoiceField(
        label=_("Language of the site administration"),
        choices=interface_languages,
        help_text=_("Holders of accounts can change it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profile = UserProfile.objects.filter(user=self.instance.pk).first() if self.instance.pk else None
        if profile and profile.preferred_language:
            self.initial["preferred_language"] = profile.preferred_language

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)  # type: ignore[misc]  # a mixin of model forms
        if commit:
            profile = UserProfile.get_for_user(user)
            profile.preferred_language = self.cleaned_data["preferred_language"]
            profile.save(update_fields=["preferred_language"])
        return user


class AccountCreationForm(InterfaceLanguageMixin, UserCreationForm):
    pass


class AccountEditForm(InterfaceLanguageMixin, UserEditForm):
    pass
