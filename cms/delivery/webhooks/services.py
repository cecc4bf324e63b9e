"""Deliveries: in the order of the ledger for each subscription, each entry at least once, for three days."""

from __future__ import annotations

import base64
import secrets
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cms.background.services import is_unfinished
from cms.delivery.choices import SubscriptionState
from cms.delivery.feed import State, item, payloads_of
from cms.delivery.lines import written
from cms.delivery.models import Delivery, Entry, Ledger, Mark, Subscription
from cms.delivery.webhooks.sending import Outcome, send

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_PAUSE = timedelta(hours=4)
PATIENCE = timedelta(days=3)
OVERLAP = timedelta(days=1)
KEPT = timedelta(days=30)
TURN = 20  # seconds for which one subscription has a worker, before others have their turn
ROTATED, REPLAYED, RESUMED = "delivery.rotated", "delivery.replayed", "delivery.resumed"


def new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def valid_secrets(subscription: Subscription) -> list[str]:
    until = subscription.previous_until
    is_old_valid = bool(subscription.previous_secret and until and until > timezone.now())
    return [subscription.secret, *([subscription.previous_secret] if is_old_valid else [])]


def wake() -> None:
    """Have delivered what is due. Each subscription has a task of its own: a slow receiver holds up no other one."""
    from cms.delivery.tasks import deliver

    for subscription in Subscription.objects.due().filter(position__lt=newest_version()):
        if not is_unfinished(deliver, subscription.pk):
            deliver.enqueue(subscription.pk)


def newest_version() -> int:
    return Ledger.objects.values_list("version", flat=True).first() or 0


def deliver_due(pk: int) -> None:
    """Deliver what is due of a subscription, until there is nothing more, an attempt fails or the turn is over.

    The lease lasts as long as one attempt can. If the worker is killed, another one goes on after that, at the entry of
    which nobody knows whether it arrived.
    """
    end = time.monotonic() + TURN
    while time.monotonic() < end:
        subscription = leased(pk)
        if subscription is None:
            return
        newest = newest_version()  # read before the entries: what is entered meanwhile is not passed over
        entry = subscription.entries().first()
        if entry is None:
            release(subscription, position=max(subscription.position, newest))
            return
        if not deliver_entry(subscription, entry):
            return


def leased(pk: int) -> Subscription | None:
    """The subscription, for this worker alone for as long as an attempt takes; None where it is not due."""
    until = timezone.now() + timedelta(seconds=2 * settings.WEBHOOK_TIMEOUT + 1)
    if not Subscription.objects.due().filter(pk=pk).update(leased_until=until):
        return None
    return Subscription.objects.get(pk=pk)


def release(subscription: Subscription, **facts: Any) -> None:
    """Note how it went. Where somebody has set another position meanwhile, that stays."""
    mine = Subscription.objects.filter(pk=subscription.pk)
    position = facts.pop("position", None)
    mine.update(leased_until=None, **facts)
    if position is not None:
        mine.filter(position=subscription.position).update(position=position)


def deliver_entry(subscription: Subscription, entry: Entry) -> bool:
    """Whether an entry was delivered. How it went is noted, and when to try again."""
    now = timezone.now()
    outcome = attempt(subscription, f"{subscription.pk}-{entry.version}", message(entry), entry.version)
    if outcome.is_delivered:
        release(subscription, position=entry.version, attempts=0, failing_since=None, next_at=None)
        return True
    since = subscription.failing_since or now
    attempts = subscription.attempts + 1
    if outcome.is_gone or now - since >= PATIENCE:
        park(subscription, since)
    else:
        pause = min(timedelta(seconds=settings.WEBHOOK_PAUSE) * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
        release(subscription, attempts=attempts, failing_since=since, next_at=now + pause)
    return False


def attempt(subscription: Subscription, number: str, body: str, version: int | None) -> Outcome:
    began, moment = time.monotonic(), timezone.now()
    outcome = send(subscription.url, number, body, valid_secrets(subscription))
    Delivery.objects.create(
        subscription=subscription,
        version=version,
        sent_at=moment,
        milliseconds=int(1000 * (time.monotonic() - began)),
        status=outcome.status,
        problem=outcome.problem,
    )
    return outcome


def message(entry: Entry) -> str:
    """The entry as in the change feed, with what the object is now if it is as it was then."""
    now = State(entry.version, Mark.objects.fresh().exists(), is_complete=False, sites=1)
    data = item(entry) | {"payload": payloads_of([entry], now).get(entry.version)}
    return written({"type": f"{entry.kind}.{entry.operation}", "timestamp": entry.changed_at, "data": data})


def send_test(subscription: Subscription) -> Outcome:
    """Send a message that tells of nothing. Where the ledger stands for the subscription, it does not move."""
    body = written({"type": "test", "timestamp": timezone.now(), "data": {"subscription": subscription.name}})
    return attempt(subscription, f"{subscription.pk}-test-{secrets.token_hex(8)}", body, None)


@transaction.atomic
def park(subscription: Subscription, since: datetime) -> None:
    """Give up until somebody resumes it, and tell the owner."""
    from cms.delivery.webhooks.mails import tell_parked

    release(subscription, state=SubscriptionState.PARKED, failing_since=since, next_at=None)
    tell_parked(subscription, since)


@transaction.atomic
def rotate(subscription: Subscription, by: Any) -> str:
    """A new secret, which nobody is shown again. For a day the present one signs as well."""
    secret = new_secret()
    Subscription.objects.filter(pk=subscription.pk).update(
        secret=secret, previous_secret=subscription.secret, previous_until=timezone.now() + OVERLAP
    )
    log(instance=subscription, action=ROTATED, user=by)
    return secret


@transaction.atomic
def replay(subscription: Subscription, version: int, by: Any) -> None:
    """Deliver again everything after a version, beginning at once."""
    facts = {"attempts": 0, "failing_since": None, "next_at": None, "state": SubscriptionState.ACTIVE}
    Subscription.objects.filter(pk=subscription.pk).update(position=version, **facts)
    log(instance=subscription, action=REPLAYED, user=by, data={"version": version})


@transaction.atomic
def resume(subscription: Subscription, by: Any) -> None:
    facts = {"attempts": 0, "failing_since": None, "next_at": None, "state": SubscriptionState.ACTIVE}
    Subscription.objects.filter(pk=subscription.pk).update(**facts)
    log(instance=subscription, action=RESUMED, user=by)


def prune() -> None:
    Delivery.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()
