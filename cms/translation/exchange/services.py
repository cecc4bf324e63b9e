"""What was read from a file, written into the translation of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from wagtail_localize.models import StringTranslation

from cms.translation.exchange.units import State, segments_of
from cms.translation.querysets import is_unconfirmed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from wagtail_localize.models import Translation

    from cms.translation.exchange.units import Segment, Unit


@dataclass
class Result:
    """What became of the units of a file.

    `changed` are translations that are new or other than before, `doubtful` those of them that the file marks as to be
    reviewed, and `confirmed` those that the file has unchanged and no longer marks, though they were made by a machine
    or had to be looked at again. `unchanged` and `empty` are numbers. `gone` are units that the original has no more.
    """

    changed: list[StringTranslation] = field(default_factory=list)
    doubtful: list[StringTranslation] = field(default_factory=list)
    confirmed: list[StringTranslation] = field(default_factory=list)
    gone: list[Unit] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0


def apply(
    translation: Translation, units: Iterable[Unit], user: Any, tool: str, needs_review: Collection[int] = ()
) -> Result:
    """Write the translations of a file that differ from those of the page, all or none.

    Each row that changes is saved by itself, so that whoever listens learns of it; so is one that is confirmed. An
    empty translation changes nothing. `tool` is the name of the format, and `needs_review` are the ids of translations
    that somebody had to look at again.
    """
    given = [*units]
    try:
        return _write(translation, given, user, tool, needs_review)
    except IntegrityError:
        # Somebody has translated one of the texts for the first time in this moment. It is there now.
        return _write(translation, given, user, tool, needs_review)


@transaction.atomic
def _write(translation: Translation, units: list[Unit], user: Any, tool: str, needs_review: Collection[int]) -> Result:
    segments = segments_of(translation)
    result = Result()
    for unit in units:
        segment = segments.get(unit.id)
        if segment is None:
            result.gone.append(unit)
        elif unit.is_blank:
            result.empty += 1
        elif segment.row is None or segment.row.data != unit.target:
            row = segment.row = segment.row or _new_row(translation, segment)
            row.data, row.has_error, row.field_error = unit.target, False, ""
            _save(row, user, tool)
            result.changed.append(row)
            if unit.state == State.REVIEW:
                result.doubtful.append(row)
        elif unit.state == State.DONE and _is_open(segment.row, needs_review):
            _save(segment.row, user, tool)
            result.confirmed.append(segment.row)
        else:
            result.unchanged += 1
    return result


def _is_open(row: StringTranslation, needs_review: Collection[int]) -> bool:
    return is_unconfirmed(row) or row.pk in needs_review


def _new_row(translation: Translation, segment: Segment) -> StringTranslation:
    first = segment.first
    return StringTranslation(translation_of=first.string, context=first.context, locale=translation.target_locale)


def _save(row: StringTranslation, user: Any, tool: str) -> None:
    if is_unconfirmed(row):
        row.has_error = False
    row.translation_type = StringTranslation.TRANSLATION_TYPE_MANUAL
    row.tool_name, row.last_translated_by = tool, user
    row.save()
