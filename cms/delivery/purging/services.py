"""Caches in front of the site are told what has changed: in the background, and again until they have heard it."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from wagtail.contrib.frontend_cache.utils import get_backends

from cms.background.services import is_unfinished
from cms.delivery.models import Purge
from cms.delivery.purging.addresses import addresses_of
from cms.delivery.purging.backends import NotPurgedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.delivery.models import Published, PurgeQuerySet
    from cms.delivery.registries import Kind

BATCH = 100
TURN = 20  # seconds for which purging has a worker, before other work has its turn
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
MOST_DOUBLINGS = 10
PATIENCE = timedelta(days=1)

logger = logging.getLogger(__name__)


def note(kind: Kind, rows: Iterable[Published]) -> None:
    """Write down where objects stood and stand, in the transaction of their change. Without a cache, nothing."""
    if not settings.WAGTAILFRONTENDCACHE:
        return
    found = sorted(set().union(*(addresses_of(kind, row) for row in rows)))
    batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
    Purge.objects.bulk_create([Purge(addresses=batch) for batch in batches])


def wake() -> None:
    """Have purged what is due. Without a cache, nothing."""
    from cms.delivery.tasks import purge

    if settings.WAGTAILFRONTENDCACHE and Purge.objects.due().exists() and not is_unfinished(purge):
        purge.enqueue()


def purge_due() -> None:
    """Purge what is due, the oldest first, until there is nothing more, a cache is away or the turn is over.

    What is purged is forgotten afterwards: if the worker is killed in between, it is purged twice.
    """
    end = time.monotonic() + TURN
    while time.monotonic() < end:
        row = Purge.objects.due().order_by("pk").first()
        if row is None:
            return
        failures = failures_of(row.addresses)
        if not failures:
            row.delete()
            continue
        left = sorted(set().union(*(failure.left for failure in failures)))
        same = Purge.objects.filter(pk=row.pk)
        same.update(addresses=left)
        is_away = any(failure.is_away for failure in failures)
        # A cache that is away would not hear of the others either.
        postpone(Purge.objects.due() if is_away else same, row.attempts, " ".join(map(str, failures)))
        if is_away:
            return


def failures_of(addresses: list[str]) -> list[NotPurgedError]:
    """Tell each cache; that one of them is away keeps nothing from the others."""
    found = []
    for backend in get_backends().values():
        try:
            backend.purge_batch(addresses)
        except NotPurgedError as failure:
            found.append(failure)
    return found


def postpone(rows: PurgeQuerySet, attempts: int, problem: str) -> None:
    """Try again after a pause that grows to a minute; what could not be purged for a day is given up."""
    now = timezone.now()
    old = rows.filter(noted_at__lte=now - PATIENCE)
    for row in old:
        logger.error("It is given up after a day to purge %s: %s", row, problem)
    old.delete()
    pause = min(FIRST_PAUSE * 2 ** min(attempts, MOST_DOUBLINGS), LONGEST_PAUSE)
    if rows.update(attempts=attempts + 1, next_at=now + pause):
        logger.warning("Purging is tried again in %d seconds: %s", pause.total_seconds(), problem)
