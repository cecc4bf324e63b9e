"""Accounts of staff: as administrators create and edit them, and what their holders fill in to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django import forms
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.models import UserProfile

from cms.languages import content_languages, interface_languages
from cms.users.accounts import end_sessions, invite, notify, username_for
from cms.users.choices import EVERYWHERE, Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign

if TYPE_CHECKING:
    from django.http import HttpRequest


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
    # Wagtail's own have no Kazakh, and call a superuser an administrator, which is a role here.
    WORDS = (
        ("email", _("E-mail address"), _("Signs in with it.")),
        ("first_name", _("First name"), ""),
        ("last_name", _("Last name"), ""),
        (
            "is_active",
            _("Active"),
            _("Clear it for somebody who leaves: the account signs in no more, and its history stays."),
        ),
        ("is_superuser", _("Superuser"), _("May do everything, and is bound by no role. For few people only.")),
    )
    ACCOUNT_FIELDS = ("email", "first_name", "last_name", "preferred_language", "is_active")
    ROLE_FIELDS = ("roles", "focal_countries", "translated_languages", "reviewed_languages", "groups", "is_superuser")

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        fields: dict[str, Any] = self.fields
        del fields[User.USERNAME_FIELD]
        for name, label, help_text in self.WORDS:
            if name in fields:
                fields[name].label, fields[name].help_text = label, help_text
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
    """Whoever gets the account chooses the password, by the link of an invitation."""

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        self.instance.username = username_for(self.cleaned_data["email"])
        self.instance.set_unusable_password()
        user = super().save(commit)
        if commit:
            invite(user, by=self.acting)
        return user


class AccountEditForm(AccountMixin, UserEditForm):
    """An invitation that is open follows the account to another address; otherwise the old address is told."""

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        old = User.objects.get(pk=self.instance.pk).email
        user = super().save(commit)
        if commit and old != user.email:
            if user.is_invited:
                invite(user, by=self.acting)
            else:
                notify(user, "address_changed", by=self.acting, to=old)
        return user


LONGEST_PASSWORD = 1000


def password(label: Any, autocomplete: str, **facts: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **facts)


def email_address() -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"invalid": _("Write an e-mail address such as name@example.org.")},
    )


class ChosenPasswordMixin(forms.Form):
    """A new password, twice, with what it must be."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = password_validators_help_text_html()
        self.fields["password1"] = password(_("New password"), "new-password", help_text=rules)
        self.fields["password2"] = password(_("New password again"), "new-password")

    def clean_password1(self) -> str:
        return str(get_adapter().clean_password(self.cleaned_data["password1"], user=self.user))

    def clean(self) -> Any:
        cleaned = self.cleaned_data
        if "password1" in cleaned and "password2" in cleaned and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        return cleaned


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_address()
        self.fields["password"] = password(_("Password"), "current-password")
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return str(super().clean_login()).lower()


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    email = email_address()


class NewPasswordForm(ChosenPasswordMixin, allauth_forms.ResetPasswordKeyForm):
    """After a reset by mail."""


class ChangePasswordForm(ChosenPasswordMixin, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password(_("Current password"), "current-password")
        self.order_fields(["oldpassword", "password1", "password2"])

    def clean_oldpassword(self) -> str:
        """Wrong ones count towards a lock-out, as they do at the sign-in."""
        given = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(self.user, given):
            raise get_adapter().validation_error("enter_current_password")
        return given


class AcceptInvitationForm(ChosenPasswordMixin):
    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)


class ConfirmPasswordForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password(_("Password"), "current-password")


class EndSessionsForm(forms.Form):
    """One session of somebody, or all but the present one."""

    session: Any = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = UserSession.objects.filter(user=request.user.pk)
        field: Any = self.fields["session"]
        field.queryset = own.exclude(session_key=request.session.session_key)

    def save(self, request: HttpRequest) -> None:
        field: Any = self.fields["session"]
        chosen = self.cleaned_data["session"]
        end_sessions([chosen] if chosen else field.queryset)
