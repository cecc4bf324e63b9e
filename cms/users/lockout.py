"""Who guesses passwords or codes is locked out: what django-axes asks this project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Max, Sum
from django.utils import timezone

if TYPE_CHECKING:
    import datetime

    from django.http import HttpRequest

    from cms.users.models import User


class LockOutHandler(AxesDatabaseHandler):
    """Five failures of one address from one client lock the two of them; many of whatever addresses lock the client."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        own, client = (
            attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(own, client) if client >= settings.AXES_FAILURE_LIMIT_PER_CLIENT else own

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget the failures of the address alone: who has an account could else go on guessing those of others."""
        own, _client = self.filter_user_attempts(request, credentials)
        count, _models = own.delete()
        return count


def address_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """What failures are counted under: the e-mail address that was given, or that of the account."""
    given = credentials or {}
    address = str(given.get("email") or "")
    if not address and given.get("username"):
        account = get_user_model().objects.filter(username=given["username"]).first()
        address = account.email if account else str(given["username"])
    return address.strip().lower()[:255]


def described_without_personal_data(
    username: str, ip_address: str, user_agent: str, path_info: str, request: HttpRequest
) -> str:
    """How the log names a client."""
    return f"a client at {path_info}"


def attempts_of(user: User) -> Any:
    """The failures that count against somebody at present."""
    newer = timezone.now() - get_cool_off()
    return AccessAttempt.objects.filter(username=user.email.lower(), attempt_time__gte=newer)


def locked_until(user: User) -> datetime.datetime | None:
    """Until when somebody is locked out from at least one client; None where nobody is."""
    by_client = attempts_of(user).order_by().values("ip_address")
    rows = by_client.annotate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
    ends = [row["latest"] + get_cool_off() for row in rows if row["failures"] >= settings.AXES_FAILURE_LIMIT]
    return max(ends, default=None)


def lock_end(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime.datetime:
    """When a client that is locked out may try again."""
    rows = [
        attempts.aggregate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
        for attempts in LockOutHandler().get_user_attempts(request, credentials)
    ]
    own, client = rows
    latest = own["latest"] if (own["failures"] or 0) >= settings.AXES_FAILURE_LIMIT else client["latest"]
    return (latest or timezone.now()) + get_cool_off()
