"""How many requests somebody may send, counted right across processes and at the price of few queries.

A process sets requests aside in the database before it answers them: an eighth of what is left each time, so that few
queries are made while much is left, and each single request is asked for at the end. Together the processes never
answer more than the limit; at most they answer a little less, by what one of them has set aside and does not need.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from django.db import OperationalError, connection

from cms.partners.models import Allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARE = 8
MOST_AT_ONCE = 100
MOST_SUBJECTS = 10_000
MINUTE, DAY = 60, 86_400
PATIENCE = 50  # milliseconds that an answer waits where another process writes to SQLite


@dataclass(frozen=True)
class Limit:
    """At most `most` requests in each window of so many seconds, which begin with the full minute or day (UTC)."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Verdict:
    """Whether a request is within a limit, how many are left for now, and in how many seconds the window ends."""

    limit: Limit
    is_allowed: bool
    left: int
    reset: int


@dataclass
class Lease:
    """What this process has set aside for somebody until a moment, of `used` that all processes have.

    Where `used` reaches the limit, nothing is asked for; of a limit that was raised meanwhile, there is more.
    """

    until: int
    left: int = 0
    used: int = 0


_leases: dict[tuple[str, int], Lease] = {}
_lock = Lock()


def take(subject: str, limit: Limit) -> Verdict:
    """Count a request of somebody."""
    now = int(time.time())
    until = (now // limit.seconds + 1) * limit.seconds
    with _lock:
        lease = _lease(subject, limit.seconds, until)
        if not lease.left and lease.used < limit.most:
            renew(subject, limit.most, lease)
        is_allowed = lease.left > 0
        lease.left -= is_allowed
        left = max(limit.most - lease.used, 0) + lease.left
    return Verdict(limit, is_allowed, left if is_allowed else 0, until - now)


def _lease(subject: str, seconds: int, until: int) -> Lease:
    key = (subject, seconds)
    if key not in _leases or _leases[key].until != until:
        if len(_leases) >= MOST_SUBJECTS:
            now = time.time()
            for old in [one for one, lease in _leases.items() if lease.until <= now]:
                del _leases[old]
        _leases[key] = Lease(until)
    return _leases[key]


def renew(subject: str, most: int, lease: Lease) -> None:
    """Set aside some more, or note that nothing is left. Where the database is busy, the request is let pass."""
    wanted = min(max((most - lease.used) // SHARE, 1), MOST_AT_ONCE)
    try:
        with impatient():
            for amount in dict.fromkeys((wanted, 1)):
                used = set_aside(subject, lease.until, amount, most)
                if used is not None:
                    lease.used, lease.left = used, amount
                    return
    except OperationalError:
        lease.left = 1
        return
    lease.used = most


def set_aside(subject: str, until: int, amount: int, most: int) -> int | None:
    """The number that is used now; None, and nothing changed, where that would be more than the limit."""
    if amount > most:
        return None
    table = connection.ops.quote_name(Allowance._meta.db_table)
    sql = (
        f"INSERT INTO {table} (subject, until, used) VALUES (%s, %s, %s) ON CONFLICT (subject, until) "  # noqa: S608 - the name of a table of ours
        f"DO UPDATE SET used = {table}.used + excluded.used WHERE {table}.used + excluded.used <= %s RETURNING used"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [subject, until, amount, most])
        row = cursor.fetchone()
    return int(row[0]) if row else None


@contextmanager
def impatient() -> Iterator[None]:
    """SQLite has one writer: who reads does not wait for it as long as who writes."""
    if connection.vendor != "sqlite":
        yield
        return
    seconds = connection.settings_dict["OPTIONS"].get("timeout", 5)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def forget() -> None:
    """Give up what this process has set aside."""
    with _lock:
        _leases.clear()
