"""Accounts of staff, as administrators create and edit them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.models import UserProfile

from cms.languages import content_languages, interface_languages
from cms.users.choices import EVERYWHERE, Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign


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


class AccountMixin(InterfaceLanguageMixin):
    """The roles of a member of staff: over the whole site, for countries, and for languages.

    `acting` is whoever fills in the form. Nobody changes the own roles, and only superusers make superusers.
    """

    instance: Any
    roles = forms.MultipleChoiceField(
        label=_("Roles for the whole site"),
        choices=[(role.value, role.label) for role in EVERYWHERE],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    focal_countries: Any = forms.ModelMultipleChoiceField(
        label=_("Focal point for"),
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Writes and changes the profile, the reports, the practices and the measures of these countries."),
    )
    translated_languages = forms.MultipleChoiceField(
        label=_("Translates into"), choices=content_languages, required=False, widget=forms.CheckboxSelectMultiple
    )
    reviewed_languages = forms.MultipleChoiceField(
        label=_("Reviews and publishes translations into"),
        choices=content_languages,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ACCOUNT_FIELDS = (
        User.USERNAME_FIELD,
        "email",
        "first_name",
        "last_name",
        "preferred_language",
        "password1",
        "password2",
        "is_active",
    )
    ROLE_FIELDS = ("roles", "focal_countries", "translated_languages", "reviewed_languages", "groups", "is_superuser")

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        fields: dict[str, Any] = self.fields
        fields["focal_countries"].queryset = apps.get_model("taxonomy", "Country").objects.by_label()
        fields["groups"].queryset = Group.objects.exclude(name__in=Role.values).order_by("name")
        fields["groups"].label = _("Further groups")
        held = list(self.instance.assignments.all()) if self.instance.pk else []
        self.initial.update(
            roles=[row.role for row in held if row.role in EVERYWHERE],
            focal_countries=[row.country_id for row in held if row.role == Role.FOCAL_POINT],
            translated_languages=[row.language for row in held if row.role == Role.TRANSLATOR],
            reviewed_languages=[row.language for row in held if row.role == Role.TRANSLATION_REVIEWER],
        )
        is_own = self.instance.pk is not None and self.instance.pk == acting.pk
        for name in self.ROLE_FIELDS if is_own else ("is_superuser",) if not acting.is_superuser else ():
            fields.pop(name, None)

    @property
    def role_fields(self) -> list[Any]:
        return [self[name] for name in self.ROLE_FIELDS if name in self.fields]

    @property
    def account_fields(self) -> list[Any]:
        return [self[name] for name in self.ACCOUNT_FIELDS if name in self.fields]

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        if commit and "roles" in self.fields:
            assign(user, self.assignments(), by=self.acting)
        return user

    def assignments(self) -> list[RoleAssignment]:
        chosen = self.cleaned_data
        return [
            *(RoleAssignment(role=role) for role in chosen["roles"]),
            *(RoleAssignment(role=Role.FOCAL_POINT, country=country) for country in chosen["focal_countries"]),
            *(RoleAssignment(role=Role.TRANSLATOR, language=code) for code in chosen["translated_languages"]),
            *(RoleAssignment(role=Role.TRANSLATION_REVIEWER, language=code) for code in chosen["reviewed_languages"]),
        ]


class AccountCreationForm(AccountMixin, UserCreationForm):
    pass


class AccountEditForm(AccountMixin, UserEditForm):
    pass
