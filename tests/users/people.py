"""Members of staff, how they sign in, and what they are sent."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail

from cms.users.models import RoleAssignment, User
from cms.users.services import assign

if TYPE_CHECKING:
    from django.test import Client

PHRASE = "carpet-of-felt-41"
SIGN_IN = "/en/account/login/"
PERIOD = 30


def make(name: str, *roles: str, password: str | None = PHRASE, **facts: Any) -> User:
    """Somebody with roles for the whole site. The groups of roles must be there."""
    user = User.objects.create_user(name, f"{name}@example.org", password, **facts)
    assign(user, [RoleAssignment(role=role) for role in roles])
    return User.objects.get(pk=user.pk)


def sign_in(client: Client, name: str, password: str = PHRASE, **facts: Any) -> Any:
    return client.post(SIGN_IN, {"login": f"{name}@example.org", "password": password, **facts})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def confirm(client: Client, password: str = PHRASE) -> None:
    """Enter the password once more, as changes to the safety of an account ask for."""
    assert client.post("/en/account/confirm/", {"password": password}).status_code == 302


def add_app(user: User) -> str:
    """Give somebody an authenticator app; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, *, periods: int = 0) -> str:
    """What the app shows, or showed some half minutes ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods))


def factors_of(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def link_in(message: Any) -> str:
    """The path of the first link of a mail."""
    found = re.search(r"https?://\S+", message.body)
    assert found
    return urlsplit(found.group()).path


def newest_mail() -> Any:
    return mail.outbox[-1]
