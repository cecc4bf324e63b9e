"""Whether anything has been committed to the database since: a look that costs less than any question to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


def mark() -> Hashable | None:
    """Equal to an earlier one of this thread where nothing has been committed between the two, by anybody.

    None where that cannot be told: within a transaction, which sees its own changes, and where the look fails. What
    is read after a mark holds as long as the mark does: a commit between the two makes the next mark another one.
    """
    database = connections[DEFAULT_DB_ALIAS]  # the proxy of it looks it up anew each time
    look = LOOKS.get(database.vendor)
    if look is None or not database.get_autocommit():
        return None
    session = database.connection
    with database.wrap_database_errors:
        seen = look(session)
    return None if seen is None else (session, seen)


def sqlite(session: Any) -> Hashable:
    """`data_version` tells of the commits of all others, `total_changes` of our own."""
    return session.execute("PRAGMA data_version").fetchone(), session.total_changes


def postgresql(session: Any) -> Hashable | None:
    """The snapshot, which names the transactions that one sees, by libpq itself: psycopg's cursors take twice as long.

    On a server that follows another one it does not name all of them. What fails is left to the question that follows,
    and to its error.
    """
    found = session.pgconn.exec_(b"SELECT pg_current_snapshot() WHERE NOT pg_is_in_recovery()")
    return found.get_value(0, 0) if found.ntuples else None


LOOKS: dict[str, Callable[[Any], Hashable | None]] = {"sqlite": sqlite, "postgresql": postgresql}
