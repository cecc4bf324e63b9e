"""What a machine makes of the segments of a page that nobody has translated, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail_localize.models import StringTranslation
from wagtail_localize.strings import StringValue

from cms.translation.exchange.markup import hidden
from cms.translation.exchange.units import segments_of, units_of
from cms.translation.exchange.verification import ADDRESS, unfit
from cms.translation.machines.results import keeps_fixed_parts
from cms.translation.places import places_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wagtail_localize.models import Translation

    from cms.translation.exchange.units import Segment, Unit
    from cms.users.models import User

    Place = tuple[Unit, Segment]


@dataclass
class Outcome:
    """How many segments a machine has translated, and of how many it made something that cannot stand there."""

    made: int = 0
    unusable: int = 0

    @property
    def sentence(self) -> str:
        if not self.made:
            return self.problem or _("There was nothing left to translate.")
        done = ngettext(
            "A machine has translated %(count)d segment. It waits for confirmation.",
            "A machine has translated %(count)d segments. They wait for confirmation.",
            self.made,
        ) % {"count": self.made}
        return f"{done} {self.problem}".rstrip()

    @property
    def problem(self) -> str:
        """What is left to people; empty where nothing is."""
        if not self.unusable:
            return ""
        return ngettext(
            "Left to translators: %(count)d segment, of which it lost a tag, a link or a placeholder, or made too long"
            " a text.",
            "Left to translators: %(count)d segments, of which it lost a tag, a link or a placeholder, or made too long"
            " a text.",
            self.unusable,
        ) % {"count": self.unusable}


def open_places(translation: Translation) -> list[Place]:
    """The segments that have no translation, not even an unsound or an unconfirmed one, in their order."""
    segments = segments_of(translation)
    return [(unit, segments[unit.id]) for unit in units_of(translation) if segments[unit.id].row is None]


def fill(translation: Translation, machine: Any, user: User, outcome: Outcome) -> None:
    """Let a machine translate what nobody has. Each batch is kept by itself: what was made stays made.

    What somebody writes meanwhile stays as well. Raises what the machine raises, after what it has made is counted.
    """
    open_now = open_places(translation)
    places = places_of(translation.source.as_instance(), {unit.path for unit, _segment in open_now})
    for batch in batches(open_now, machine.most_texts, machine.most_characters):
        # The address is no sentence: that of the original is proposed.
        texts = {unit.source: StringValue(unit.source) for unit, _segment in batch if unit.path != ADDRESS}
        pair = translation.source.locale, translation.target_locale
        answers = machine.translate(*pair, texts.values()) if texts else {}
        rows = []
        for unit, segment in batch:
            made = unit.source if unit.path == ADDRESS else answers[texts[unit.source]].data
            text = usable(unit, made, places[unit.path].longest)
            if text:
                rows.append(unconfirmed_row(translation, segment, text, machine, user))
        StringTranslation.objects.bulk_create(rows, ignore_conflicts=True)
        outcome.made += len(rows)
        outcome.unusable += len(batch) - len(rows)


def batches(places: Iterable[Place], most_texts: int, most_characters: int) -> Iterator[list[Place]]:
    """The places in parts that one request may hold. What is longer than that alone goes alone."""
    batch: list[Place] = []
    size = 0
    for unit, segment in places:
        if batch and (len(batch) == most_texts or size + len(unit.source) > most_characters):
            yield batch
            batch, size = [], 0
        batch.append((unit, segment))
        size += len(unit.source)
    if batch:
        yield batch


def usable(unit: Unit, made: str, longest: int | None) -> str:
    """What a machine made of a unit as a page can hold it; empty where it cannot.

    Services write some characters as they are that stand as escapes in a segment, and the other way round.
    """
    text = hidden(made.strip())
    if not text or unfit(unit.path, unit.source, text, longest) or not keeps_fixed_parts(unit.source, text):
        return ""
    return str(StringValue.from_translated_html(text).data)


def unconfirmed_row(
    translation: Translation, segment: Segment, text: str, machine: Any, user: User
) -> StringTranslation:
    return StringTranslation(
        translation_of=segment.first.string,
        context=segment.first.context,
        locale=translation.target_locale,
        data=text,
        translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
        tool_name=str(machine.display_name),
        last_translated_by=user,
        has_error=True,  # see `querysets.UNCONFIRMED`
    )
