"""How long a subscription waits after a failure, what is told meanwhile, and what partners may ask of the feed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from cms.delivery.choices import SubscriptionState
from cms.delivery.feed import Selection, selection
from cms.delivery.models import Entry, Published, Subscription
from cms.delivery.webhooks import services

REFUSED = "http://example.org/"  # nothing is sent there: it fails at once
CHANGED_AT = datetime(2021, 5, 17, 12, tzinfo=UTC)
FACTS: dict[str, Any] = {"kind": "pages", "object_id": 7, "type": "news.NewsPage", "changed_at": CHANGED_AT}


def failed(**facts: Any) -> Subscription:
    """A subscription after one more attempt that fails."""
    secret = services.new_secret()
    subscription = Subscription.objects.create(name="Partner", url=REFUSED, secret=secret, position=4, **facts)
    assert not services.deliver_entry(subscription, Entry(version=5, operation="updated", **FACTS))
    subscription.refresh_from_db()
    return subscription


@pytest.mark.parametrize(
    ("before", "seconds"), [(0, 5), (1, 10), (2, 20), (11, 10_240), (12, 14_400), (13, 14_400), (10**6, 14_400)]
)
def test_each_pause_is_twice_the_one_before_up_to_four_hours(db: None, before: int, seconds: int) -> None:
    earliest = timezone.now()
    subscription = failed(attempts=before)
    assert subscription.next_at is not None
    waited = subscription.next_at - earliest
    assert timedelta(seconds=seconds) <= waited < timedelta(seconds=seconds + 2)
    assert (subscription.attempts, subscription.position, subscription.state) == (before + 1, 4, "active")
    assert [(one.version, one.status) for one in subscription.deliveries.all()] == [(5, None)]


@pytest.mark.parametrize(
    ("hours", "state"),
    [(None, SubscriptionState.ACTIVE), (71, SubscriptionState.ACTIVE), (73, SubscriptionState.PARKED)],
)
def test_patience_counts_from_the_first_failure(db: None, hours: int | None, state: str) -> None:
    since = None if hours is None else timezone.now() - timedelta(hours=hours)
    subscription = failed(failing_since=since)
    assert (subscription.state, subscription.next_at is None) == (state, state == SubscriptionState.PARKED)
    assert subscription.failing_since is not None
    assert since is None or subscription.failing_since == since
    assert mail.outbox == [], "there is no owner to tell"


@pytest.mark.parametrize(
    ("version", "public", "payload"), [(5, True, {"id": 7, "meta": {}}), (6, True, None), (5, False, None)]
)
def test_a_message_tells_of_an_object_as_long_as_it_is_as_it_was(
    db: None, version: int, payload: dict[str, Any] | None, *, public: bool
) -> None:
    Published.objects.create(version=version, is_public=public, payload='{"id":7,"meta":{}}', **FACTS)
    message = json.loads(services.message(Entry(version=5, operation="updated", locale="kk", etag="e", **FACTS)))
    assert (message["type"], message["timestamp"]) == ("pages.updated", "2021-05-17T12:00:00Z")
    assert message["data"]["payload"] == payload
    assert (message["data"]["version"], message["data"]["locale"], message["data"]["uid"]) == (5, "kk", None)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, Selection()),
        ({"since": "9" * 18, "limit": "1000", "wait": "30"}, Selection(since=10**18 - 1, limit=1000, wait=30)),
        ({"limit": "0"}, Selection(limit=1)),
        ({"since": "007"}, Selection(since=7)),
        ({"type": "a,,b,"}, Selection(types=("a", "b"))),
        ({"locale": "kk,en"}, Selection(locales=("kk", "en"))),
        ({"include": "payload", "newest": "false"}, Selection(has_payload=True)),
        ({"newest": "true"}, Selection(is_newest=True)),
    ],
)
@pytest.mark.usefixtures("site")
def test_what_a_partner_may_ask_is_understood_up_to_its_bounds(given: dict[str, str], found: Selection) -> None:
    assert selection(given) == found
