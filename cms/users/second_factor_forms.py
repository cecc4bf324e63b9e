"""Second factors: what their holders fill in. What browsers send of a passkey is read as the stranger that it is."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as app_forms
from allauth.mfa.webauthn import forms as passkey_forms
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.core.cache import cache
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _

from cms.users.adapters import TOO_MANY

LONGEST_NAME = 60
NOTHING = ErrorList()
NO_PASSKEY = _("The passkey could not be used. Try again, or use another way.")
# Half a minute for the code itself, and as much before and after it.
SECONDS_OF_A_CODE = app_settings.TOTP_PERIOD * (1 + 2 * app_settings.TOTP_TOLERANCE)


def code_field(label: Any) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=attributes))


class CodeMixin(code_forms.BaseAuthenticateForm):
    """A code of the app, once, or a recovery code. Who is locked out is not asked for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code"))

    def clean_code(self) -> str:
        credentials = {"email": self.user.email}
        if not AxesProxyHandler.is_allowed(context.request, credentials):
            context.request.axes_locked_out = True
            context.request.axes_credentials = credentials
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code = str(super().clean_code())
        digits = "".join(filter(str.isdigit, code))
        key = f"second-factor-{self.user.pk}-{digits}"
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(key, 1, SECONDS_OF_A_CODE):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(CodeMixin, code_forms.AuthenticateForm):
    pass


class ConfirmCodeForm(CodeMixin, code_forms.ReauthenticateForm):
    pass


class ActivateAppForm(app_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code that the app shows"))


def name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Name of the passkey"),
        max_length=LONGEST_NAME,
        help_text=_("By which you will know it again, such as the name of the device."),
    )


class CredentialMixin(forms.Form):
    """Whatever the libraries cannot read of a credential is a wrong one. One sentence says so, at `place`."""

    place: str | None = None

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            self.add_error(None, "")
        found = [error for name in ("credential", "__all__") for error in self.errors.pop(name, NOTHING).as_data()]
        if found:
            is_limited = any(error.code == "too_many_login_attempts" for error in found)
            self.add_error(self.place, str(TOO_MANY if is_limited else NO_PASSKEY))


class AddPasskeyForm(CredentialMixin, passkey_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Sign in with this passkey alone, without a password"),
            required=False,
            initial=True,
            help_text=_("The device then asks for your finger, your face or its PIN."),
        )


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field()


class PasskeyForm(CredentialMixin, passkey_forms.AuthenticateWebAuthnForm):
    pass


class SignInPasskeyForm(CredentialMixin, passkey_forms.LoginWebAuthnForm):
    place = "credential"


class ConfirmPasskeyForm(CredentialMixin, passkey_forms.ReauthenticateWebAuthnForm):
    pass
