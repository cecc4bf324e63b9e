"""The change feed: what a partner asks of it, and the entries that answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from wagtail.models import Site

from cms.core import memory
from cms.core.commits import Unchanged
from cms.core.querysets import locales
from cms.delivery.models import LEDGER, Entry, Ledger, Mark, Published
from cms.delivery.registries import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cms.core.memory import Tokens
    from cms.delivery.shapes import Change

MOST, USUAL = 1000, 100
LONGEST_WAIT = 30
MOST_DIGITS = 18
PARAMETERS = ("since", "limit", "kind", "type", "locale", "include", "newest", "wait")


class ParameterError(ValueError):
    """A parameter that cannot be understood: `name` is which, the message what to do."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


@dataclass(frozen=True)
class State:
    """The version of the ledger, whether something was changed and not looked at yet, and how many sites there are.

    It is complete where nothing waits, not even what could not be represented. The tokens are those of `memory`.
    """

    version: int
    is_pending: bool
    is_complete: bool
    sites: int
    tokens: Tokens = field(default_factory=dict, compare=False)


STATE = f"""
    SELECT NULL, NULL, version, EXISTS (SELECT 1 FROM {Mark._meta.db_table} WHERE next_at IS NULL),
        NOT EXISTS (SELECT 1 FROM {Mark._meta.db_table}), (SELECT COUNT(*) FROM {Site._meta.db_table})
    FROM {Ledger._meta.db_table} WHERE id = %s
    UNION ALL SELECT topic, token, NULL, NULL, NULL, NULL FROM ({memory.TOKENS}) AS tokens
"""  # noqa: S608 - names of tables, not what somebody has sent


def state() -> State | None:
    """None where there is no ledger yet.

    Each request asks for it: it is read where anything has been committed since it was. It tells `memory` the tokens,
    so that a request needs to ask nothing else to know what it keeps.
    """
    now, tokens = _state.get()
    memory.tell(tokens)
    return now


def read_state() -> tuple[State | None, Tokens]:
    """One query, as text: Django would take longer than the database. It reads the tokens of `memory` as well."""
    with connection.cursor() as cursor:
        cursor.execute(STATE, [LEDGER])
        rows = cursor.fetchall()
    tokens = {topic: token for topic, token, *_none in rows if topic is not None}
    found = next((row[2:] for row in rows if row[0] is None), None)
    return State(found[0], bool(found[1]), bool(found[2]), found[3], tokens) if found else None, tokens


_state = Unchanged(read_state)


def settled_at(request: Any) -> datetime:
    """The moment of the newest entry, as what is told at one version is told of one moment; now where changes wait."""
    now = getattr(request, "ledger", None)
    newest = Entry.objects.filter(version__lte=now.version).order_by("-version") if now else Entry.objects.none()
    return newest.values_list("changed_at", flat=True).first() or timezone.now()


@dataclass(frozen=True)
class Selection:
    """Which entries: those after a version, of some kinds, types and languages; empty stands for all."""

    since: int = 0
    limit: int = USUAL
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    has_payload: bool = False
    is_newest: bool = False
    wait: int = 0

    def filter(self, rows: Any, version: int) -> Any:
        """The rows of a model that has these columns, in the order of the versions."""
        rows = rows.filter(version__gt=self.since, version__lte=version)
        if self.kinds:
            rows = rows.filter(kind__in=self.kinds)
        if self.types:
            rows = rows.filter(type__in=self.types)
        if self.locales:
            rows = rows.filter(locale__in=self.locales)
        return rows.order_by("version")


def selection(given: Mapping[str, str]) -> Selection:
    """What the parameters of a request ask for. Raises `ParameterError`."""
    if unknown := sorted(set(given) - set(PARAMETERS)):
        raise ParameterError(unknown[0], f"there is no such parameter here. There are: {', '.join(PARAMETERS)}.")
    for name, allowed in (("include", ("payload",)), ("newest", ("true", "false"))):
        if name in given and given[name] not in allowed:
            raise ParameterError(name, f"write one of: {', '.join(allowed)}.")
    languages = names(given, "locale")
    if not set(languages) <= set(locales()):
        raise ParameterError("locale", f"write some of these, with commas: {', '.join(sorted(locales()))}.")
    chosen = names(given, "kind")
    if not set(chosen) <= set(kinds()):
        raise ParameterError("kind", f"write some of these, with commas: {', '.join(sorted(kinds()))}.")
    return Selection(
        since=number(given, "since", 0, None),
        limit=number(given, "limit", USUAL, MOST) or 1,
        kinds=chosen,
        types=names(given, "type"),
        locales=languages,
        has_payload="include" in given,
        is_newest=given.get("newest") == "true",
        wait=number(given, "wait", 0, LONGEST_WAIT),
    )


def names(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = tuple(part for part in given.get(name, "").split(",") if part)
    if name in given and (not parts or "\0" in given[name]):
        raise ParameterError(name, "write names, with commas between them.")
    return parts


def number(given: Mapping[str, str], name: str, usual: int, most: int | None) -> int:
    text = given.get(name, str(usual))
    if not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        raise ParameterError(name, "write a whole number from 0.")
    if most is not None and int(text) > most:
        raise ParameterError(name, f"write at most {most}.")
    return int(text)


def page_of(chosen: Selection, now: State) -> tuple[list[Change], int]:
    """Entries, and the version after which to ask next: the last of a full page, else the present one."""
    model: Any = Published if chosen.is_newest else Entry
    rows = list(chosen.filter(model.objects, now.version)[: chosen.limit])
    payloads = payloads_of(rows, now) if chosen.has_payload else {}
    items = [item(row) for row in rows]
    if chosen.has_payload:
        for told in items:
            told["payload"] = payloads.get(told["version"])
    return items, rows[-1].version if len(rows) == chosen.limit else max(now.version, chosen.since)


def item(row: Any) -> Change:
    operation = getattr(row, "operation", None) or ("updated" if row.is_public else "withdrawn")
    return {
        "version": row.version,
        "operation": operation,
        "kind": row.kind,
        "type": row.type,
        "id": row.object_id,
        "uid": row.uid,
        "locale": row.locale,
        "etag": row.etag,
        "changed_at": row.changed_at,
    }


def payloads_of(rows: list[Any], now: State) -> dict[int, Any]:
    """By version, what an entry tells of an object that is still as it was then.

    While changes wait to be settled, what is not public any more may still stand in the ledger: it is left out.
    """
    versions = [row.version for row in rows]
    found = list(Published.objects.filter(version__in=versions, is_public=True))
    if now.is_pending:
        for kind in kinds().values():
            ids = [row.object_id for row in found if row.kind == kind.name]
            public = set(kind.public().filter(pk__in=ids).values_list("pk", flat=True))
            found = [row for row in found if row.kind != kind.name or row.object_id in public]
    return {row.version: json.loads(row.whole) for row in found}
