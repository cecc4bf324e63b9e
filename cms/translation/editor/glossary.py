"""Terms of the glossary in sentences, in whatever form of the word they stand there."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, OuterRef, Subquery

from cms.translation.exchange.markup import plain
from cms.translation.models import GlossaryTerm, GlossaryWording

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
# Russian and Kazakh change the ends of words, English adds to them: so many letters may differ in the end.
ENDING, STEM = 3, 3


@dataclass(frozen=True)
class Term:
    """A term as it is said in the languages of an original and of a translation; the note is for translators."""

    source: str
    target: str
    note: str
    meaning: str


def as_written(text: str) -> list[str]:
    return WORD.findall(plain(text))


def words(text: str) -> list[str]:
    return [word.casefold() for word in as_written(text)]


def stem(word: str) -> str:
    """What stays of a word in most of its forms."""
    return word[: max(len(word) - ENDING, min(len(word), STEM))]


def is_said(wording: str, said: list[str]) -> bool:
    """Whether a wording stands among the words of a text, one word of it after the other."""
    wanted = as_written(wording)
    return bool(wanted) and any(
        all(map(_is_form, wanted, said[place : place + len(wanted)])) for place in range(len(said) - len(wanted) + 1)
    )


def _is_form(wanted: str, word: str) -> bool:
    """An abbreviation has a plural at most, and its own letters: UN is not in "under", and IT is not "it"."""
    if wanted.isupper() and len(wanted) > 1:
        return word.startswith(wanted) and len(word) <= len(wanted) + 1
    return word.casefold().startswith(stem(wanted.casefold())) and len(word) <= len(wanted) + ENDING


class Glossary:
    """The terms that have a wording in both languages."""

    def __init__(self, source: str, target: str) -> None:
        self.source, self.target = source, target

    @cached_property
    def by_first_letters(self) -> dict[str, list[Term]]:
        """By the first letters of their first words, so that a sentence is compared with few of them."""
        of_source = GlossaryWording.objects.filter(term=OuterRef("pk"), language=self.source)
        terms = GlossaryTerm.objects.filter(wordings__language=self.target).annotate(
            source=Subquery(of_source.values("text")[:1]), target=F("wordings__text"), note=F("wordings__note")
        )
        found = defaultdict(list)
        for row in terms.exclude(source=None).values_list("source", "target", "note", "meaning"):
            term = Term(*row)
            for first in words(term.source)[:1]:
                found[first[:STEM]].append(term)
        return found

    def terms_in(self, text: str) -> list[Term]:
        """The terms of a sentence of the original, in the order of the alphabet."""
        said = as_written(text)
        letters = {word[:count].casefold() for word in said for count in range(1, STEM + 1)}
        found = {
            term for first in letters for term in self.by_first_letters.get(first, ()) if is_said(term.source, said)
        }
        return sorted(found, key=lambda term: term.source.casefold())
