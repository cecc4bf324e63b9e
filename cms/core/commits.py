"""Whether anything has been committed to the database since: a look that costs less than any question to a table."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, OperationalError, connections

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    Look = Callable[[], Hashable | None]

T = TypeVar("T")
SNAPSHOT = b"SELECT pg_current_snapshot() WHERE NOT pg_is_in_recovery()"
PAUSE = 1.0  # seconds until a connection is tried again that could not be made, or was lost
AGE = 60  # seconds for which one lasts: what lies between may drop an older one without a word, and a look would hang


class Watch:
    """Looks for all threads of a process, one at a time, by a connection of its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.begun = 0
        self.seen: Hashable | None = None
        self.database: Any = None
        self.ask: Look | None = None
        self.until = 0.0

    def mark(self) -> Hashable | None:
        """Equal to an earlier one where nothing has been committed between the two, by anybody.

        What is read after a mark holds as long as the mark does: a commit between the two makes the next mark another
        one. None where that cannot be told: within a transaction, which sees its own changes, and where the look fails.
        """
        asking = connections[DEFAULT_DB_ALIAS]
        if asking.connection is not None and not asking.autocommit:
            return None
        begun = self.begun
        with self.lock:
            # Another thread may have looked while this one waited: that look is as good if it has begun since.
            if self.begun == begun:
                self.begun += 1
                self.seen = None  # if the look fails, nobody is given what was seen before
                self.seen = self.look()
            return self.seen

    def look(self) -> Hashable | None:
        """What fails is left to the question that follows, and to its error."""
        now = time.monotonic()
        try:
            if now >= self.until:
                self.connect()
                self.until = now + AGE
            if self.ask is None:
                return None
            with self.database.wrap_database_errors:
                seen = self.ask()
        except Error:
            self.close()
            self.until = time.monotonic() + PAUSE  # to find out may have taken longer than the pause
            return None
        return None if seen is None else (self.database, seen)

    def connect(self) -> None:
        self.close()
        self.database = connections[DEFAULT_DB_ALIAS].copy()
        self.database.inc_thread_sharing()
        self.database.ensure_connection()
        with self.database.wrap_database_errors:
            self.ask = LOOKS[self.database.vendor](self.database.connection)

    def close(self) -> None:
        if self.database is not None:
            self.database.close()
        self.database, self.ask, self.until = None, None, 0.0


def sqlite(session: Any) -> Look:
    """A number that becomes another one with the commits of all other connections."""
    return lambda: session.execute("PRAGMA data_version").fetchone()


def postgresql(session: Any) -> Look:
    """The snapshot, which names the transactions that one sees, by libpq itself: psycopg's cursors take twice as long.

    On a server that follows another one it does not name all of them.
    """
    from psycopg.pq import ExecStatus  # a site on SQLite does without its libraries

    server, name, told = session.pgconn, b"look", ExecStatus.TUPLES_OK
    is_prepared = server.prepare(name, SNAPSHOT).status == ExecStatus.COMMAND_OK

    def look() -> Hashable | None:
        nonlocal is_prepared
        found = server.exec_prepared(name, None) if is_prepared else server.exec_(SNAPSHOT)
        if is_prepared and found.status != told:
            # A pooler of connections may have gone on with one that knows nothing of what was prepared.
            is_prepared, found = False, server.exec_(SNAPSHOT)
        if found.status != told:
            raise OperationalError(found.error_message.decode(errors="replace"))
        return found.get_value(0, 0) if found.ntuples else None

    return look


LOOKS: dict[str, Callable[[Any], Look]] = {"sqlite": sqlite, "postgresql": postgresql}
watch = Watch()


class Unchanged(Generic[T]):
    """What a question to the database gives, asked again where anything was committed since. Threads share it."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self.ask = ask
        self.known: tuple[Hashable, T] | None = None

    def get(self) -> T:
        mark, known = watch.mark(), self.known
        if mark is None:
            return self.ask()
        if known is None or known[0] != mark:
            known = self.known = mark, self.ask()  # at once: another thread may be doing the same
        return known[1]
