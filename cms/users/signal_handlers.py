"""What follows when somebody signs in, or changes what keeps the account safe."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_login_failed
from wagtail.log_actions import log

from cms.users import accounts
from cms.users.middleware import SEEN_AT, SIGNED_IN_AT

if TYPE_CHECKING:
    from django.http import HttpRequest

    from cms.users.models import User


def connect() -> None:
    user_logged_in.connect(note_the_time)
    password_changed.connect(log_password_change)
    password_reset.connect(log_password_change)
    authenticator_added.connect(log_factor_added)
    authenticator_removed.connect(log_factor_removed)
    authenticator_reset.connect(log_codes_renewed)
    authentication_failed.connect(count_wrong_code)


def note_the_time(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session[SIGNED_IN_AT] = time.time()
    request.session.pop(SEEN_AT, None)


def log_password_change(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Django ends other sessions by the password; here they leave the list as well."""
    accounts.end_sessions(UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key))
    log(instance=user, action=accounts.PASSWORD_CHANGED, user=user)


def log_factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """With the first factor other sessions end: whoever knows only the password may have begun them."""
    if authenticator.type not in accounts.FACTORS:
        return
    if Authenticator.objects.filter(user=user, type__in=accounts.FACTORS).count() == 1:
        accounts.end_sessions(UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key))
    log(instance=user, action=accounts.FACTOR_ADDED, user=user, data={"type": authenticator.type})


def log_factor_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type in accounts.FACTORS:
        log(instance=user, action=accounts.FACTOR_REMOVED, user=user, data={"type": authenticator.type})


def log_codes_renewed(sender: Any, user: User, **kwargs: Any) -> None:
    log(instance=user, action=accounts.CODES_RENEWED, user=user)


def count_wrong_code(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A wrong code counts towards a lock-out, as a wrong password does."""
    user_login_failed.send(sender="cms.users", credentials={"email": user.email}, request=request)
