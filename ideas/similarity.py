"""Ideas and pages that say much the same as another text.

Likeness is the share of word stems that two texts have in common (Jaccard). Each idea has 32 keys; two of which a fifth
of the stems is the same share one of these in three cases of four, and two that have a third in common almost surely
(minwise hashing, Broder 1997; bands as by Indyk and Motwani 1998). So those worth comparing are found by an index.
"""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from ideas.choices import HIDDEN, IdeaState
from ideas.models import Idea, IdeaKey
from search.analysis import WORD, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

ROUNDS, WIDTH = 4, 2  # of 16 numbers each; numbers that make a key
SHORTEST = 3  # letters of a word that count
ALIKE = 0.2
CANDIDATES, SHOWN = 30, 5


@dataclass(frozen=True)
class Like:
    """Another idea, and how much of the words is the same, in per cent."""

    idea: Idea
    likeness: int


def stems(texts: Iterable[str], language: str) -> set[str]:
    words = {word for text in texts for word in WORD.findall(text.lower()) if len(word) >= SHORTEST}
    return {stem(word, language) for word in words}


def stems_of(idea: Idea) -> set[str]:
    return stems([idea.title, idea.problem, idea.proposal], idea.language)


def keys_of(features: set[str]) -> set[int]:
    """The keys of a text, signed 64-bit numbers; none of one without a word."""
    if not features:
        return set()
    least = [min(column) for column in zip(*map(_hashes, features), strict=True)]
    bands = (struct.pack("<3I", start, *least[start : start + WIDTH]) for start in range(0, len(least), WIDTH))
    return {int.from_bytes(blake2b(band, digest_size=8).digest(), signed=True) for band in bands}


def _hashes(word: str) -> list[int]:
    """Numbers that stand for a word, the same on every machine."""
    digests = (blake2b(word.encode(), salt=bytes([round_])).digest() for round_ in range(ROUNDS))
    return [number for digest in digests for number in struct.unpack("<16I", digest)]


def remember(idea: Idea) -> None:
    """Let an idea be found by others that are like it, or by what it says now."""
    IdeaKey.objects.filter(idea=idea).delete()
    IdeaKey.objects.bulk_create(IdeaKey(idea=idea, key=key) for key in keys_of(stems_of(idea)))


def like(idea: Idea) -> list[Like]:
    """Other ideas in the same language, the likest first: none that is spam, not confirmed or erased."""
    own = stems_of(idea)
    # None of those left out takes the place of a candidate, however many copies somebody sends.
    others = Idea.objects.filter(language=idea.language, erased_at=None).exclude(state__in=HIDDEN).exclude(pk=idea.pk)
    keys = IdeaKey.objects.filter(key__in=keys_of(own), idea__in=others)
    shared = Counter(keys.values_list("idea", flat=True))
    near = [pk for pk, _count in shared.most_common(CANDIDATES)]
    found = [Like(row, round(100 * likeness(own, stems_of(row)))) for row in Idea.objects.filter(pk__in=near)]
    found = [one for one in found if one.likeness >= ALIKE * 100]
    return sorted(found, key=lambda one: (-one.likeness, one.idea.pk))[:SHOWN]


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0


def root(idea: Idea) -> Idea | None:
    """The idea under which what is known already goes on; None of one that stands for itself."""
    seen, other = {idea.pk}, idea.duplicate_of
    while other is not None and other.state == IdeaState.DUPLICATE and other.duplicate_of and other.pk not in seen:
        seen.add(other.pk)
        other = other.duplicate_of
    return other
