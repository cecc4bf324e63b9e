"""What django-allauth asks this project: its words, its mail, where somebody is led."""

from __future__ import annotations

import datetime
import ipaddress
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.encryption import decrypt, encrypt
from cms.users import mails
from cms.users.accounts import notify

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from cms.users.models import User

# What allauth says after an action, by the name of its template; what is not here is not said.
SAID = {
    "account/messages/logged_out.txt": gettext_lazy("You have signed out."),
    "account/messages/password_changed.txt": gettext_lazy("Your password was changed."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app was added."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app was removed."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey was removed."),
    "usersessions/messages/sessions_logged_out.txt": gettext_lazy("The other sessions were signed out."),
}
# Where secrets stand in what allauth keeps of a second factor.
SECRETS, CODES = ("secret", "seed"), "migrated_codes"
TOO_MANY = gettext_lazy("That was tried too often. Wait a quarter of an hour, and try again.")
WRONG_CODE = gettext_lazy("The code is not right. Codes change every half minute; take the one that shows now.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is not active."),
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "enter_current_password": gettext_lazy("The password is not right."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": gettext_lazy("The password is not right."),
        "invalid_password_reset": gettext_lazy("The link is not valid."),
        "rate_limited": TOO_MANY,
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: django-axes counts wrong passwords."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """As allauth, but an account that is not active is as unknown as one that does not exist."""
        user: Any = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def reauthenticate(self, user: Any, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_client_ip(self, request: HttpRequest) -> str:
        return get_client_ip_address(request) or str(ipaddress.IPv4Address(0))

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only where the passkeys of a browser are asked for: forms are answered by pages."""
        return request.method == "GET" and super().is_ajax(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *rest: Any, message: Any = "", **kwargs: Any
    ) -> None:
        text = message or SAID.get(message_template)
        if text:
            messages.add_message(request, level, str(text))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtailadmin_home") if may_enter(request.user) else reverse("wagtail_serve", args=("",))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("usersessions_list")

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """To the address of the account, whatever was typed. Who was invited has no password that could be reset."""
        if user.is_invited:
            return
        until = timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)

        def values() -> dict[str, Any]:
            link = mails.address("account_reset_password_from_key", context["uid"], context["key"])
            return {"subject": _("A new password"), "link": link, "until": until}

        mails.send(user, "password_reset", values)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        notify(user, template_prefix)


def may_enter(user: Any) -> bool:
    return bool(user.has_perm("wagtailadmin.access_admin"))


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy("Recovery codes need a second factor. Add one first."),
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def _get_site_name(self) -> str:
        return translation.gettext(settings.WAGTAIL_SITE_NAME)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the name is allauth's
        number = user.authenticator_set.filter(type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}


def with_secrets(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The data of a second factor with each secret in it changed. Passkeys have none: their keys are public."""
    found = data | {name: change(data[name]) for name in SECRETS if name in data}
    return found | ({CODES: [change(code) for code in data[CODES]]} if CODES in data else {})
