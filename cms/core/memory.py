"""What rarely changes and every page needs, kept in the memory of the process: vocabularies, languages, menus.

What is kept belongs to a topic. Each change draws a new random token for its topic, in the same transaction, and what
was kept under another token is loaded anew: no other process and no transaction that is rolled back leaves anything
behind that is not true. Within `checked_once()`, as in each request, the tokens are read once, in one query.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import connection, models

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

T = TypeVar("T")
Tokens = dict[str, object]  # as the database gives them: they are only compared


class ChangeToken(models.Model):
    """Which state of a topic is the present one. No row: nothing was changed yet."""

    topic = models.CharField(max_length=100, primary_key=True)
    token = models.UUIDField()

    def __str__(self) -> str:
        return self.topic


@dataclass
class Kept:
    """What was loaded while a token held."""

    token: object
    values: dict[Hashable, Any] = field(default_factory=dict)


@dataclass
class Check:
    """What a request has read.

    `tokens` is None where they have not been read, or something was changed since. `objects` holds what the page that
    is shown refers to, loaded together before its parts ask for it one by one.
    """

    tokens: Tokens | None = None
    objects: dict[Hashable, Any] = field(default_factory=dict)


_kept: dict[str, Kept] = {}
_check: ContextVar[Check | None] = ContextVar("check", default=None)


@contextmanager
def checked_once() -> Iterator[None]:
    """Read the tokens at most once in here, however often something that is kept is asked for."""
    before = _check.set(Check())
    try:
        yield
    finally:
        _check.reset(before)


def kept(topic: str, key: Hashable, load: Callable[[], T]) -> T:
    """What `load` returns; loaded once, until the topic changes. Callers do not alter it."""
    token = _tokens().get(topic)
    known = _kept.get(topic)
    if known is None or known.token != token:
        known = _kept[topic] = Kept(token)
    if key not in known.values:
        known.values[key] = load()
    return cast("T", known.values[key])


def objects() -> dict[Hashable, Any]:
    """What was loaded together in this request; nothing, which is not kept either, outside of one."""
    check = _check.get()
    return check.objects if check else {}


def tell(tokens: Tokens) -> None:
    """Give the tokens to the request that has just read them by another query (`TOKENS`)."""
    if check := _check.get():
        check.tokens = tokens


def changed(*topics: str) -> None:
    """Say that something of these topics was changed, after the change and in its transaction."""
    rows = [ChangeToken(topic=topic, token=uuid.uuid4()) for topic in sorted(set(topics))]
    ChangeToken.objects.bulk_create(rows, update_conflicts=True, unique_fields=["topic"], update_fields=["token"])
    if check := _check.get():
        check.tokens = None


def forget() -> None:
    """Empty the memory of this process."""
    _kept.clear()


def _tokens() -> Tokens:
    check = _check.get()
    if check is None:
        return _read()
    if check.tokens is None:
        check.tokens = _read()
    return check.tokens


TOKENS = f"SELECT topic, token FROM {ChangeToken._meta.db_table}"  # noqa: S608 - the name of a table


def _read() -> Tokens:
    with connection.cursor() as cursor:
        cursor.execute(TOKENS)
        return dict(cursor.fetchall())
