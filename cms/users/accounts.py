"""What happens to an account: invitations, second factors, lock-out, passwords. Each is logged with who did it."""

from __future__ import annotations

import datetime
import re
import secrets
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.users import mails
from cms.users.choices import Role
from cms.users.models import Invitation, User, new_nonce

if TYPE_CHECKING:
    from collections.abc import Iterable

INVITED = "users.invited"
INVITATION_ACCEPTED = "users.invitation_accepted"
PASSWORD_CHANGED = "users.password_changed"  # noqa: S105 - the name of an entry in the log
FACTOR_ADDED = "users.second_factor_added"
FACTOR_REMOVED = "users.second_factor_removed"
CODES_RENEWED = "users.recovery_codes_renewed"
FACTORS_RESET = "users.second_factor_reset"
LOCK_OUT_LIFTED = "users.lock_out_lifted"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class InvitationRefused(Exception):  # noqa: N818 - it says what happened, as PermissionDenied does
    """The link leads to no invitation that can be accepted. `reason` is `altered`, `replaced`, `used` or `expired`."""

    def __init__(self, reason: str, invitation: Invitation | None = None) -> None:
        super().__init__(reason)
        self.reason, self.invitation = reason, invitation


def username_for(email: str) -> str:
    """A name for the account that nobody has: nobody types it, since staff sign in by e-mail address."""
    base = re.sub(r"[^a-z0-9._-]", "", email.partition("@")[0].lower())[:100] or "staff"
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    return base if base not in taken else f"{base}-{secrets.token_hex(4)}"


@transaction.atomic
def invite(user: User, *, by: User) -> Invitation:
    """Send an invitation, or send it again: the link of an earlier mail is then void."""
    now = timezone.now()
    facts = {
        "invited_by": by,
        "nonce": new_nonce(),
        "sent_at": now,
        "expires_at": now + datetime.timedelta(days=settings.INVITATION_DAYS),
        "accepted_at": None,
    }
    invitation, _created = Invitation.objects.update_or_create(user=user, defaults=facts)
    user.invitation = invitation
    assignments = list(user.assignments.select_related("country"))

    def context() -> dict[str, Any]:
        return {
            "subject": _("Your account"),
            "inviter": by.display_name,
            "inviter_address": by.email,
            "roles": [row.in_words for row in assignments],
            "until": invitation.expires_at,
            "link": mails.address("invitation", invitation.token),
        }

    mails.send(user, "invitation", context)
    log(instance=user, action=INVITED, user=by, data={"until": invitation.expires_at.isoformat()})
    return invitation


def find_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises `InvitationRefused`."""
    try:
        pk, nonce = signing.loads(token, salt=Invitation.SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvitationRefused("altered") from error
    invitation = Invitation.objects.select_related("user", "invited_by").filter(pk=pk).first()
    if invitation is None or not invitation.user.is_active:
        raise InvitationRefused("replaced", invitation)
    if not secrets.compare_digest(invitation.nonce, nonce):
        raise InvitationRefused("replaced", invitation)
    if invitation.accepted_at:
        raise InvitationRefused("used", invitation)
    if invitation.has_expired:
        raise InvitationRefused("expired", invitation)
    return invitation


@transaction.atomic
def accept(token: str, password: str) -> User:
    """Let somebody who was invited have this password. Of two at the same time, one is refused."""
    invitation = find_invitation(token)
    now = timezone.now()
    accepted = Invitation.objects.filter(pk=invitation.pk, nonce=invitation.nonce, accepted_at=None)
    if not accepted.update(accepted_at=now):
        raise InvitationRefused("used", invitation)
    user = invitation.user
    user.set_password(password)
    user.save(update_fields=["password"])
    log(instance=user, action=INVITATION_ACCEPTED, user=user)
    return user


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def needs_second_factor(user: User) -> bool:
    """Whether somebody has a role that asks for a second factor; superusers count as administrators."""
    required = set(settings.MFA_REQUIRED_ROLES)
    if not required:
        return False
    if user.is_superuser and Role.ADMINISTRATOR in required:
        return True
    return bool(user.assignments.filter(role__in=required).exists())


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> bool:
    """Take away all second factors of somebody who lost one, and sign them out everywhere. False if there is none."""
    removed, _models = Authenticator.objects.filter(user=user).delete()
    if not removed:
        return False
    end_sessions(UserSession.objects.filter(user=user))
    log(instance=user, action=FACTORS_RESET, user=by)
    notify(user, "factors_reset", by=by)
    return True


def lift_lock_out(user: User, *, by: User) -> bool:
    """Let somebody try again who was locked out. False where nothing counted against them."""
    removed, _models = AccessAttempt.objects.filter(username=user.email.lower()).delete()
    if removed:
        log(instance=user, action=LOCK_OUT_LIFTED, user=by)
    return bool(removed)


def end_sessions(sessions: Iterable[UserSession]) -> None:
    for session in sessions:
        session.end()


def notices() -> dict[str, tuple[str, str]]:
    """Subject and sentence of each message about the safety of an account."""
    return {
        "account/email/password_changed": (
            _("Your password was changed"),
            _("The password of your account was changed. All other sessions were signed out."),
        ),
        "account/email/password_reset": (
            _("Your password was changed"),
            _("A new password was set for your account by a link that was sent to this address."),
        ),
        "mfa/email/totp_activated": (
            _("An authenticator app was added"),
            _("From now on your account asks for a code of the app that you added."),
        ),
        "mfa/email/totp_deactivated": (
            _("The authenticator app was removed"),
            _("Your account no longer asks for a code of your authenticator app."),
        ),
        "mfa/email/webauthn_added": (
            _("A passkey was added"),
            _("A passkey was added to your account."),
        ),
        "mfa/email/webauthn_removed": (
            _("A passkey was removed"),
            _("A passkey was removed from your account."),
        ),
        "mfa/email/recovery_codes_generated": (
            _("There are new recovery codes"),
            _("New recovery codes were made for your account. The old ones are void."),
        ),
        "factors_reset": (
            _("Your second factor was reset"),
            _("An administrator removed the second factor of your account. Sign in, and add a new one."),
        ),
        "address_changed": (
            _("Your e-mail address was changed"),
            _("An administrator entered another e-mail address for your account. This one no longer signs in."),
        ),
    }


def notify(user: User, notice: str, *, by: User | None = None, to: str = "") -> None:
    """Tell somebody what was changed about the safety of the account; nothing where there is no such notice."""

    def context() -> dict[str, Any]:
        subject, sentence = notices()[notice]
        return {
            "subject": subject,
            "sentence": sentence,
            "by": by.display_name if by else "",
            "time": timezone.now(),
            "link": mails.address("account_reset_password"),
        }

    if notice in notices():
        mails.send(user, "account_notice", context, to=to)
