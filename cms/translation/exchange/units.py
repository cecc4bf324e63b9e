"""The texts of a page as they are exchanged: one unit for each text in each place.

Equal texts in one place are one unit, since wagtail-localize keeps one translation for them.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail_localize.models import StringSegment, StringTranslation

from cms.translation.querysets import is_unconfirmed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from wagtail_localize.models import Translation

    NeedsReview = Collection[int] | Mapping[int, str]

NAMESPACE = uuid.UUID("0b7f1d52-6a39-4f0e-9d55-7c2f3e1a8b64")


class State(Enum):
    """How a translation stands, as the page or a file has it."""

    EMPTY = auto()
    REVIEW = auto()
    UNSTATED = auto()
    DONE = auto()


@dataclass(frozen=True)
class Unit:
    """A text in a place, with its translation (empty where there is none).

    `id` follows from place and text, so that it stays while both do. `times` is how often the text stands in the place,
    `previous` the text that the translation was made of if that was another one, `error` why the page does not take
    the translation, and `line` where the unit stands in a file that was read.
    """

    id: str
    path: str
    source: str
    target: str
    state: State
    field_path: str = ""
    times: int = 1
    is_machine: bool = False
    previous: str = ""
    error: str = ""
    line: int | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to take over: programs may lay out an element of no text with blanks."""
        return not self.target or (self.target.isspace() and not self.source.isspace())


@dataclass
class Segment:
    """What the database holds of a unit; `first` is the row of the first place, `row` that of the translation."""

    first: StringSegment
    row: StringTranslation | None
    times: int = 1


def unit_id(path: str, source: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{path}\0{source}"))


def fingerprint(ids: Iterable[str]) -> str:
    """The same for the same texts in the same places, in whatever order."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def segments_of(translation: Translation) -> dict[str, Segment]:
    """The segments of the original by the ids of their units, in the order of the page, in two queries."""
    rows = StringSegment.objects.filter(source_id=translation.source_id).select_related("string", "context")
    kept = StringTranslation.objects.filter(
        locale_id=translation.target_locale_id,
        context__in=rows.values("context"),
        translation_of__in=rows.values("string"),
    ).select_related("translation_of", "context")
    translations = {(row.context_id, row.translation_of_id): row for row in kept}
    found: dict[str, Segment] = {}
    for row in rows.order_by("order", "pk"):
        key = unit_id(row.context.path, row.string.data)
        if key in found:
            found[key].times += 1
        else:
            found[key] = Segment(row, translations.get((row.context_id, row.string_id)))
    return found


def units_of(translation: Translation, needs_review: NeedsReview = ()) -> list[Unit]:
    """The units of a page in their order.

    `needs_review` are the ids of translations that somebody has to look at again, and by them, where a mapping, the
    texts of which they were made.
    """
    segments = segments_of(translation)
    return [_unit(key, segment, needs_review) for key, segment in segments.items()]


def _unit(key: str, segment: Segment, needs_review: NeedsReview) -> Unit:
    row, context = segment.row, segment.first.context
    facts = {"id": key, "path": context.path, "source": segment.first.string.data, "times": segment.times}
    facts["field_path"] = context.field_path or context.path
    if row is None or not row.data:
        return Unit(**facts, target="", state=State.EMPTY)
    is_machine = is_unconfirmed(row)
    is_doubtful = is_machine or row.has_error or row.pk in needs_review
    return Unit(
        **facts,
        target=row.data,
        state=State.REVIEW if is_doubtful else State.DONE,
        is_machine=is_machine,
        previous=needs_review.get(row.pk, "") if isinstance(needs_review, Mapping) else "",
        error=row.get_error() or "" if row.has_error else "",
    )


def remarks(unit: Unit) -> Iterator[str]:
    """What a translator has to know of a unit, in the active language."""
    if unit.times > 1:
        sentence = ngettext(
            "Stands %(count)d time in this place; one translation serves for all.",
            "Stands %(count)d times in this place; one translation serves for all.",
            unit.times,
        )
        yield sentence % {"count": unit.times}
    if unit.error:
        yield _("The present translation is not used: %(reason)s") % {"reason": unit.error}
