"""The writer of the ledger: marks are settled in small steps, each a transaction of its own under one lock."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from cms.core import memory
from cms.core.addresses import HOME_DEPTH
from cms.delivery.choices import Operation, Scope
from cms.delivery.dependants import Objects, around, below, objects_of, pages
from cms.delivery.lines import in_lines, written
from cms.delivery.listings import follow_moves, list_anew, unlist
from cms.delivery.marks import forget_settlements, keys_of
from cms.delivery.models import LEDGER, Entry, Ledger, Mark, Published
from cms.delivery.purging.services import note
from cms.delivery.registries import FailedError, Kind, Representation, attempted, kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

STEP = 25
STEPS_AT_ONCE = 2
NARROW = (Scope.SAVED, Scope.OBJECT, Scope.ALONE)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_DOUBLINGS = 10
SETTLED = "settled"

logger = logging.getLogger(__name__)


def begin(*, anew: bool = False) -> None:
    """Let there be a ledger. A new one, or one that is to be written anew, has everything to settle."""
    _ledger, is_new = Ledger.objects.get_or_create(pk=LEDGER)
    if is_new or anew:
        Mark.objects.create(scope=Scope.ALL)


def settle(steps: int | None = None) -> bool:
    """Settle what is marked, in at most so many steps; whether all of it was, as far as it can be now."""
    taken = 0
    while steps is None or taken < steps:
        with memory.checked_once():
            if not step():
                return True
        taken += 1
    return not Mark.objects.due().exists()


def settle_soon() -> None:
    """After a change: what is little at once, the rest by the worker. Before the ledger has begun, nothing."""
    from cms.background.services import is_unfinished
    from cms.delivery.tasks import settle_marks

    if not Ledger.objects.exists():
        return
    if not settle(STEPS_AT_ONCE) and not is_unfinished(settle_marks):
        settle_marks.enqueue()
    wake()


def wake() -> None:
    """Have those told who wait for what has changed: caches in front of the site, and partners."""
    from cms.delivery.purging import services as purging
    from cms.delivery.webhooks import services as webhooks

    purging.wake()
    webhooks.wake()


@transaction.atomic
def step() -> bool:
    """Settle the oldest marks; whether there were any."""
    ledger = Ledger.objects.select_for_update().filter(pk=LEDGER).first()
    marks = list(Mark.objects.due().order_by("pk")[: 4 * STEP]) if ledger else []
    if not ledger or not marks:
        return False
    wide = [mark for mark in marks if mark.scope not in NARROW]
    if wide:
        # Each is found out about once; what it concerns waits behind what is marked already.
        withdraw_hidden(ledger)
        if any(mark.scope == Scope.TREE for mark in wide):
            follow_moves()
        if any(mark.scope != Scope.ALL for mark in wide):
            # Lists are narrowed by more than pages show, such as what stands below a theme, have the order of the tree,
            # and hold more than the ledger, such as pictures that no page shows: none is kept any longer.
            ledger.version += 1
            ledger.save(update_fields=["version"])
        for mark in wide:
            # With everything, nobody has to be told of what others show of each.
            queue(objects_of(mark), Scope.ALONE if mark.scope == Scope.ALL else Scope.OBJECT)
        done = wide
    else:
        places = dict.fromkeys(mark.key for mark in marks)
        chosen = set(list(places)[:STEP])
        done = [mark for mark in marks if mark.key in chosen]
        settle_narrow(ledger, done)
    Mark.objects.filter(pk__in=[mark.pk for mark in done]).delete()
    # Pages show more than is in the JSON: whatever was changed, what is kept of them ends.
    memory.changed(SETTLED)
    forget_settlements()
    return True


def settle_narrow(ledger: Ledger, marks: list[Mark]) -> None:
    """Represent the objects of marks. What cannot be represented stays marked, and what shows it is looked at again."""
    keys = {mark.key for mark in marks}
    waiting = dict(Mark.objects.filter(key__in=keys).exclude(next_at=None).values_list("key", "attempts"))
    failed = refer_anew({mark.key for mark in marks if mark.scope == Scope.SAVED})
    heard = {mark.key for mark in marks if mark.scope != Scope.ALONE}
    objects: Objects = set().union(*(objects_of(mark) for mark in marks))
    concerned, broken = represent_anew(ledger, objects, heard)
    Mark.objects.filter(key__in=waiting).delete()
    queue(concerned)
    for key in sorted(failed | broken):
        wait(key, waiting.get(key, 0) + 1)
    queue(around_failed(broken & heard & {mark.key for mark in marks if mark.next_at is None}))


def wait(key: str, attempts: int) -> None:
    """Leave an object marked that cannot be represented, to be tried again after a minute, then twice as long."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, MOST_DOUBLINGS), LONGEST_PAUSE)
    Mark.objects.create(scope=Scope.SAVED, key=key, attempts=attempts, next_at=timezone.now() + pause)


def around_failed(keys: set[str]) -> Objects:
    """What shows something of pages that cannot be represented: what has changed of them is not known.

    What waits to be tried again itself is left out, so that two such pages do not wake each other for ever.
    """
    ids = page_ids(keys)
    if not ids:
        return set()
    rows = Page.objects.filter(pk__in=ids)
    known = {row.object_id: row for row in Published.objects.filter(kind="pages", object_id__in=ids)}
    seen = [
        Published(object_id=row.pk, uid=row.translation_key, path=row.path, is_public=True, card="?") for row in rows
    ]
    found = dependants_of(seen, known)
    waiting = set(Mark.objects.exclude(next_at=None).values_list("key", flat=True))
    return {(kind, pk) for kind, pk in found if f"{kind}:{pk}" not in waiting}


def page_ids(keys: Iterable[str]) -> list[int]:
    return [int(pk) for kind, _colon, pk in (key.partition(":") for key in keys) if kind == "pages"]


def queue(found: Objects, scope: Scope = Scope.OBJECT) -> None:
    """Mark objects, but for those that wait already to be represented together with whoever shows them."""
    if not found:
        return
    waiting = set(Mark.objects.fresh().filter(scope__in=(Scope.SAVED, Scope.OBJECT)).values_list("key", flat=True))
    keys = sorted({f"{kind}:{pk}" for kind, pk in found} - waiting)
    Mark.objects.bulk_create([Mark(scope=scope, key=key) for key in keys], batch_size=1000)


def refer_anew(keys: Iterable[str]) -> set[str]:
    """Bring Wagtail's index of references up to date: its own task may come later than the next change.

    Gives the keys of those of which that cannot be read.
    """
    failed = set()
    for page in Page.objects.filter(pk__in=page_ids(keys), live=True).specific():
        try:
            attempted(ReferenceIndex.create_or_update_for_object, page)
        except FailedError:
            logger.exception("The references of page %s cannot be read", page.pk)
            failed.add(f"pages:{page.pk}")
    return failed


def represent_anew(ledger: Ledger, objects: Objects, heard: set[str]) -> tuple[Objects, set[str]]:
    """Represent objects as they are now, and enter what differs.

    Gives the objects that show what has changed of those whose keys are `heard`, and the keys of those that cannot be
    represented.
    """
    concerned: Objects = set()
    broken: set[str] = set()
    for kind in kinds().values():
        ids = {pk for name, pk in objects if name == kind.name}
        if not ids:
            continue
        fresh, failed = kind.represent_each(ids)
        known = {row.object_id: row for row in Published.objects.filter(kind=kind.name, object_id__in=ids)}
        changed: list[Published] = []
        for pk in sorted(ids - failed.keys()):
            old, new = known.get(pk), row_of(kind, pk, fresh.get(pk))
            if new is None:
                new = withdrawn(old) if old and old.is_public else None
            if new and (old is None or state_of(old) != state_of(new)):
                changed.append(new)
            elif new and old and (old.payload, old.files) != (new.payload, new.files):
                # What is public with it differs, or another release has written the same in other words.
                Published.objects.filter(pk=old.pk).update(payload=new.payload, files=new.files)
            concerned |= other_files(old, new) if new else set()
        enter(ledger, changed, known)
        list_anew(fresh)
        if mended := [known[pk].pk for pk in fresh.keys() & known.keys() if not known[pk].is_current]:
            Published.objects.filter(pk__in=mended).update(is_current=True)
        if failed:
            leave(ledger, kind, failed)
            broken |= {f"{kind.name}:{pk}" for pk in failed}
        if kind.model is Page:
            concerned |= dependants_of([row for row in changed if f"{kind.name}:{row.object_id}" in heard], known)
    return concerned, broken


def other_files(old: Published | None, new: Published) -> Objects:
    """What only one of two states of an object shows."""
    keys = set(split(old.files if old else "")) ^ set(split(new.files))
    return {(kind, int(pk)) for kind, _colon, pk in (key.partition(":") for key in keys)}


def state_of(row: Published) -> tuple[bool | str, ...]:
    return row.is_public, row.etag, row.path


def leave(ledger: Ledger, kind: Kind, failed: Iterable[int]) -> None:
    """Leave objects that cannot be represented as they were, for partners; nothing is answered from them any more.

    The version without an entry ends what processes keep of them, and of the lists in which they may stand otherwise.
    """
    left = Published.objects.filter(kind=kind.name, object_id__in=list(failed))
    note(kind, left.filter(is_public=True))
    left.update(is_current=False)
    unlist(kind, failed)
    ledger.version += 1
    ledger.save(update_fields=["version"])


def dependants_of(changed: list[Published], known: dict[int, Published]) -> Objects:
    seen = [row for row in changed if row.card != (known[row.object_id].card if row.object_id in known else "")]
    if not seen:
        return set()
    ids = [row.object_id for row in seen]
    # Readers have a language where its home page is public: with it, all pages of it come and go.
    homes = [row.object_id for row in seen if is_home(row) and row.is_public != was_public(row, known)]
    every = below(Page.objects.filter(pk__in=homes, depth=HOME_DEPTH))
    return pages(every) | around(ids, [row.uid for row in seen])


def is_home(row: Published) -> bool:
    return len(row.path) <= HOME_DEPTH * Page.steplen


def was_public(row: Published, known: dict[int, Published]) -> bool:
    return row.object_id in known and known[row.object_id].is_public


def row_of(kind: Kind, pk: int, found: Representation | None) -> Published | None:
    if found is None:
        return None
    data = dict(found.data)
    meta = dict(data.get("meta", {}))
    parent = written(meta.pop("parent")) if "parent" in meta else ""
    data |= {"meta": meta} if meta else {}
    payload = written(data)
    return Published(
        kind=kind.name,
        object_id=pk,
        uid=found.uid,
        type=found.type,
        locale=found.locale,
        countries=codes(found.countries),
        is_public=True,
        etag=digest(payload, parent),
        card=digest(written(found.card)),
        path=found.path,
        files=",".join(sorted(keys_of(found.files))),
        payload=in_lines(data),
        parent=parent,
    )


def codes(of_countries: Iterable[str]) -> str:
    """Codes with a comma before and after each: a code is found as a part of the text."""
    listed = ",".join(dict.fromkeys(of_countries))
    return f",{listed}," if listed else ""


def split(text: str) -> list[str]:
    return [code for code in text.split(",") if code]


def withdrawn(old: Published) -> Published:
    """What stays of an object that is not public any more: its ids."""
    facts = {name: getattr(old, name) for name in ("kind", "object_id", "uid", "type", "locale", "countries", "path")}
    return Published(**facts, is_public=False)


def enter(ledger: Ledger, changed: list[Published], known: dict[int, Published]) -> None:
    """Give each changed object the next version."""
    now = timezone.now()
    entries = []
    for row in changed:
        old = known.get(row.object_id)
        ledger.version += 1
        row.pk, row.version, row.changed_at = old.pk if old else None, ledger.version, now
        operation = Operation.UPDATED if old and old.is_public else Operation.PUBLISHED
        before = old.countries if old and old.is_public else ""
        entries.append(
            Entry(
                **{
                    name: getattr(row, name)
                    for name in ("version", "kind", "object_id", "uid", "type", "locale", "etag")
                },
                countries=codes([*split(row.countries), *split(before)]),
                operation=operation if row.is_public else Operation.WITHDRAWN,
                changed_at=now,
            )
        )
    if not entries:
        return
    Entry.objects.bulk_create(entries)
    names = [field.name for field in Published._meta.concrete_fields if not field.primary_key]
    Published.objects.bulk_update([row for row in changed if row.pk], names, batch_size=50)
    Published.objects.bulk_create([row for row in changed if not row.pk])
    kind = kinds()[changed[0].kind]
    note(kind, [*changed, *(known[row.object_id] for row in changed if row.object_id in known)])
    unlist(kind, [row.object_id for row in changed if not row.is_public])
    ledger.save(update_fields=["version"])


def withdraw_hidden(ledger: Ledger) -> None:
    """Withdraw at once whatever is not public any more: representing is slow, hiding must not wait for it."""
    for kind in kinds().values():
        public = Published.objects.filter(kind=kind.name, is_public=True)
        hidden = {row.object_id: row for row in public.exclude(object_id__in=kind.public().order_by().values("pk"))}
        enter(ledger, [withdrawn(row) for row in hidden.values()], hidden)
        if kind.model is Page and hidden:
            shown = set().union(*(other_files(row, withdrawn(row)) for row in hidden.values()))
            queue(around(hidden, [row.uid for row in hidden.values()]) | shown)


def digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]
