"""What a translator sees of a page: its segments in the order of the edit view, and what is to be done about each."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cms.translation.editor.differences import word_diff
from cms.translation.editor.glossary import Glossary
from cms.translation.editor.memory import suggestions
from cms.translation.editor.proofreading import remarks
from cms.translation.exchange import units
from cms.translation.exchange.markup import Kind, hidden, pieces, shown
from cms.translation.files import former_sentences
from cms.translation.places import places_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from wagtail_localize.models import Translation

    from cms.translation.editor.differences import Part
    from cms.translation.editor.glossary import Term
    from cms.translation.editor.memory import Suggestion
    from cms.translation.exchange.markup import Piece
    from cms.translation.exchange.units import Unit
    from cms.translation.places import Place


LINE = 70  # characters that fit beside the original


class Work(StrEnum):
    """What a segment waits for."""

    NEW = "new"
    OUTDATED = "outdated"
    MACHINE = "machine"
    REFUSED = "refused"
    DONE = "done"


@dataclass
class Row:
    """A segment with what helps to translate it.

    `text` is what the field shows, `error` why what was sent is not saved; then `text` is what was sent.
    """

    unit: Unit
    place: Place
    work: Work
    text: str
    difference: list[Part] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    error: str = ""

    @property
    def source(self) -> list[Piece]:
        """The pieces of the original as they are read."""
        return [_shown(piece) for piece in pieces(self.unit.source)]

    @property
    def tags(self) -> list[tuple[str, str]]:
        """The tags of the original, for the translation: what opens, and what closes it or is empty."""
        found = pieces(self.unit.source)
        return [
            (piece.raw, found[piece.partner].raw if piece.kind == Kind.OPENING and piece.partner else "")
            for piece in found
            if piece.kind in {Kind.OPENING, Kind.SINGLE, Kind.ISOLATED}
        ]

    @property
    def seen(self) -> str:
        return mark_of(self.unit.target)

    @property
    def is_long(self) -> bool:
        return len(self.unit.source) > LINE


def _shown(piece: Piece) -> Piece:
    return type(piece)(piece.kind, shown(piece.raw), piece.name) if piece.kind == Kind.TEXT else piece


def text_to_edit(data: str) -> str:
    """A segment with its usual escapes as the characters that they stand for."""
    return "".join(_shown(piece).raw for piece in pieces(data))


def text_to_keep(text: str) -> str:
    """The reverse of `text_to_edit`; browsers send ends of lines that no segment has."""
    return hidden(text.replace("\r\n", "\n").strip())


def mark_of(data: str) -> str:
    """By what it is noticed that somebody else has saved another text in between."""
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def work_of(unit: Unit) -> Work:
    if unit.state == units.State.EMPTY:
        return Work.NEW
    if unit.error:
        return Work.REFUSED
    if unit.state == units.State.DONE:
        return Work.DONE
    return Work.MACHINE if unit.is_machine else Work.OUTDATED


@dataclass
class Sheet:
    translation: Translation
    rows: list[Row]

    @property
    def counts(self) -> Counter[str]:
        return Counter(row.work for row in self.rows)

    @property
    def to_do(self) -> int:
        return len(self.rows) - self.counts[Work.DONE]

    @property
    def share(self) -> int:
        """How much is done, in per cent; not all before everything is."""
        return 100 * self.counts[Work.DONE] // len(self.rows) if self.rows else 100


def sheet_of(translation: Translation, user: Any, only: Collection[str] | None = None) -> Sheet:
    """All segments of a translation. Help is gathered for those with the ids `only`, or that wait for something."""
    found = units.units_of(translation, former_sentences(translation))
    places = places_of(translation.source.as_instance(), {unit.path for unit in found})
    rows = [Row(unit, places[unit.path], work_of(unit), text_to_edit(unit.target)) for unit in found]
    rows.sort(key=lambda row: row.place.order)
    chosen = [row for row in rows if (row.work != Work.DONE if only is None else row.unit.id in only)]
    add_help(translation, rows, chosen, user)
    return Sheet(translation, rows)


def add_help(translation: Translation, rows: list[Row], chosen: list[Row], user: Any) -> None:
    """Terms and remarks for all rows; differences and suggestions for the chosen ones."""
    glossary = Glossary(translation.source.locale.language_code, translation.target_locale.language_code)
    for row in rows:
        row.terms = glossary.terms_in(row.unit.source)
        row.remarks = [*units.remarks(row.unit), *remarks(row.unit.source, row.unit.target, row.terms)]
    similar = suggestions(translation, [row.unit for row in chosen], user)
    for row in chosen:
        row.suggestions = similar[row.unit.id]
        row.difference = word_diff(row.unit.previous, row.unit.source) if row.unit.previous else []
