"""The translation memory: how sentences that are like another one were translated.

Likeness is the share of words that two sentences have in common. Each sentence has eight keys; two of which the words
are seven tenths the same share one of these almost surely, and two that have three tenths in common every other time
(minwise hashing, Broder 1997; bands as by Indyk and Motwani 1998). So those worth comparing are found by an index.
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from wagtail.models import Page
from wagtail_localize.models import String, StringTranslation

from cms.translation.editor.differences import word_diff
from cms.translation.editor.glossary import words
from cms.translation.models import MemoryKey
from cms.translation.querysets import UNCONFIRMED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail_localize.models import Translation

    from cms.translation.editor.differences import Part
    from cms.translation.exchange.units import Unit

HASHES, KEYS = 16, 8
LETTERS = 6  # of a word that count, so that forms of it are the same
ALIKE = 0.6  # from here on a suggestion saves work
CANDIDATES, SUGGESTIONS = 10, 3
MOST_ROWS, BATCH = 50_000, 1000


@dataclass(frozen=True)
class Suggestion:
    """What a translation of a like sentence says, where it stands, and how alike the two are, in per cent."""

    text: str
    source: str
    likeness: int
    page: str
    difference: tuple[Part, ...]


def keys_of(text: str) -> set[int]:
    """The keys of a sentence, signed 64-bit numbers; none of one without a word."""
    hashes = [struct.unpack(f"<{HASHES}I", blake2b(word.encode()).digest()) for word in _features(text)]
    if not hashes:
        return set()
    least = [min(column) for column in zip(*hashes, strict=True)]
    width = HASHES // KEYS
    bands = [struct.pack(f"<{width + 1}I", start, *least[start : start + width]) for start in range(0, HASHES, width)]
    return {int.from_bytes(blake2b(band, digest_size=8).digest(), signed=True) for band in bands}


def _features(text: str) -> set[str]:
    return {word[:LETTERS] for word in words(text)}


def remember(strings: Iterable[String]) -> None:
    """Let sentences be found by others that are like them."""
    MemoryKey.objects.bulk_create(
        (MemoryKey(string_id=string.pk, key=key) for string in strings for key in keys_of(string.data)),
        ignore_conflicts=True,
        batch_size=5000,
    )


def remember_all(**_of_signal: Any) -> None:
    """Remember what was written past this, or before there was a memory."""
    unknown = String.objects.filter(~Exists(MemoryKey.objects.filter(string=OuterRef("pk"))))
    batch: list[String] = []
    for string in unknown.only("data").iterator(chunk_size=BATCH):
        batch.append(string)
        if len(batch) == BATCH:
            remember(batch)
            batch = []
    remember(batch)


def suggestions(translation: Translation, units: Iterable[Unit], user: Any) -> dict[str, list[Suggestion]]:
    """For each unit by its id the best suggestions, in five queries for all of them together.

    They come from pages that anybody may read in the language, and from what the person has translated.
    """
    keys = {unit.id: keys_of(unit.source) for unit in units}
    near = _near(keys, translation.source.locale_id)
    rows = _translations(translation, {string for found in near.values() for string in found}, user)
    by_string = defaultdict(list)
    for row in rows:
        by_string[row.translation_of_id].append(row)
    titles = _titles({row.context.object_id for row in rows}, translation.target_locale_id)
    return {unit.id: _best(unit, [row for one in near[unit.id] for row in by_string[one]], titles) for unit in units}


def _near(keys: dict[str, set[int]], locale: int) -> dict[str, list[int]]:
    """The ids of sentences that share keys with the units, those that share most first."""
    wanted = set().union(*keys.values())
    rows = MemoryKey.objects.filter(key__in=wanted, string__locale=locale).values_list("key", "string")[:MOST_ROWS]
    strings = defaultdict(list)
    for key, string in rows:
        strings[key].append(string)
    shared = {unit: Counter(string for key in own for string in strings[key]) for unit, own in keys.items()}
    return {unit: [string for string, _count in counted.most_common(CANDIDATES)] for unit, counted in shared.items()}


def _translations(translation: Translation, strings: set[int], user: Any) -> list[StringTranslation]:
    pages = Page.objects.filter(translation_key=OuterRef("context__object_id"), locale=translation.target_locale_id)
    public = pages.live().public()
    return list(
        StringTranslation.objects.filter(
            Q(Exists(public)) | Q(last_translated_by=user),
            ~UNCONFIRMED,
            translation_of__in=strings,
            locale=translation.target_locale_id,
            has_error=False,
        ).select_related("translation_of", "context")
    )


def _titles(keys: set[Any], locale: int) -> dict[Any, str]:
    return dict(Page.objects.filter(translation_key__in=keys, locale=locale).values_list("translation_key", "title"))


def _best(unit: Unit, rows: list[StringTranslation], titles: dict[Any, str]) -> list[Suggestion]:
    """The likest first; one that says the same as another is left out."""
    found: dict[str, Suggestion] = {}
    said = words(unit.source)
    for row in rows:
        if row.data == unit.target:
            continue
        is_same = row.translation_of.data == unit.source
        alike = 1.0 if is_same else SequenceMatcher(None, words(row.translation_of.data), said, autojunk=False).ratio()
        likeness = round(alike * 100) if is_same else min(round(alike * 100), 99)
        if alike >= ALIKE and likeness > (found[row.data].likeness if row.data in found else 0):
            difference = () if is_same else tuple(word_diff(row.translation_of.data, unit.source))
            title = titles.get(row.context.object_id, "")
            found[row.data] = Suggestion(row.data, row.translation_of.data, likeness, title, difference)
    return sorted(found.values(), key=lambda one: -one.likeness)[:SUGGESTIONS]
