"""Which sentence of a text takes the place of which one of its former version."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SIMILAR = 0.5  # of a sentence among others in the same place
FEW_WORDS = 4
SIMILAR_ELSEWHERE = 0.6  # of one that stands in another place of the page


@dataclass(frozen=True)
class Sentence:
    """A segment of a text: where it stands, and what it says. Equal sentences in one place are one."""

    context: int
    string: int
    text: str


def successors(before: list[Sentence], after: list[Sentence]) -> dict[Sentence, Sentence | None]:
    """Each sentence of `after` that was not there, and the one that it came from; None where it is new.

    A place is a field or a block. What says the same has moved. The one sentence of a place otherwise comes from the
    one that stood there, however different; of several, the similar ones belong together, and so do what was lost in
    one place and added in another.
    """
    stood, stand = set(before), set(after)
    same = {one.text: one for one in reversed(before)}
    news = [one for one in dict.fromkeys(after) if one not in stood]
    found: dict[Sentence, Sentence | None] = {one: same[one.text] for one in news if one.text in same}
    lost = [one for one in dict.fromkeys(before) if one not in stand and one not in found.values()]
    sizes = Counter(one.context for one in stood), Counter(one.context for one in stand)
    places = _places(lost)
    for context, added in _places(one for one in news if one not in found).items():
        olds = places.get(context, [])
        alone = sizes[0][context] == sizes[1][context] == len(olds) == 1
        found |= {added[0]: olds[0]} if alone else _pairs(olds, added, SIMILAR)
    rest = [one for one in news if found[one] is None]
    return found | _pairs([one for one in lost if one not in found.values()], rest, SIMILAR_ELSEWHERE)


def _places(sentences: Iterable[Sentence]) -> dict[int, list[Sentence]]:
    by_place = attrgetter("context")
    return {context: list(ones) for context, ones in groupby(sorted(sentences, key=by_place), by_place)}


def _pairs(olds: list[Sentence], news: list[Sentence], threshold: float) -> dict[Sentence, Sentence | None]:
    """The most similar ones first, each old sentence once."""
    likeness = [(similarity(old.text, new.text), old, new) for old in olds for new in news]
    found: dict[Sentence, Sentence | None] = {}
    for ratio, old, new in sorted(likeness, key=lambda one: -one[0]):
        if ratio >= threshold and new not in found and old not in found.values():
            found[new] = old
    return dict.fromkeys(news) | found


def similarity(one: str, other: str) -> float:
    """From 0, nothing in common, to 1, equal; by words, and by letters where there are few words."""
    if one == other:
        return 1
    words, others = one.split(), other.split()
    if min(len(words), len(others)) < FEW_WORDS:
        return SequenceMatcher(None, one, other, autojunk=False).ratio()
    return SequenceMatcher(None, words, others, autojunk=False).ratio()
