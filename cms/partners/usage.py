"""How often each key is used, gathered in the process and written down now and then."""

from __future__ import annotations

import atexit
import time
from collections import Counter
from threading import Lock

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from cms.partners.models import KeyUsage, PartnerKey

EVERY = 10.0
_counts: Counter[tuple[int, bool]] = Counter()
_lock = Lock()
_written_at = 0.0


def count(key: int, *, is_refused: bool) -> None:
    """Count a request; what was gathered for some seconds is written down with it."""
    with _lock:
        _counts[key, is_refused] += 1
        is_due = time.monotonic() - _written_at >= EVERY
    if is_due:
        write_down()


def write_down() -> None:
    """Write what was gathered to the day on which it is written. What cannot be written now is kept."""
    global _written_at  # noqa: PLW0603 - of the process, as what is gathered
    with _lock:
        _written_at = time.monotonic()
        gathered = dict(_counts)
        _counts.clear()
    try:
        with transaction.atomic():
            for key in {key for key, _is_refused in gathered}:
                add(key, gathered.get((key, False), 0), gathered.get((key, True), 0))
    except DatabaseError:
        with _lock:
            _counts.update(gathered)


def add(key: int, requests: int, refused: int) -> None:
    now = timezone.now()
    if not PartnerKey.objects.filter(pk=key).update(last_used_at=now):
        return  # it was deleted meanwhile
    KeyUsage.objects.get_or_create(key_id=key, day=now.date())
    figures = KeyUsage.objects.filter(key=key, day=now.date())
    figures.update(requests=F("requests") + requests, refused=F("refused") + refused)


atexit.register(write_down)
