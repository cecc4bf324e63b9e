"""What readers see changes by itself at some moments: when an event begins or ends, and when a day does."""

from __future__ import annotations

import datetime

from django.utils import timezone

from cms.delivery.registries import turns


def next_turn(now: datetime.datetime) -> datetime.datetime:
    """The first moment after `now` from which on something may look different though nobody has changed it."""
    moments = [find(now) for find in turns()]
    return min([midnight_after(now), *(moment for moment in moments if moment is not None)])


def midnight_after(now: datetime.datetime) -> datetime.datetime:
    """When the next day begins where the server is: dates are compared with that day."""
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time.min))
