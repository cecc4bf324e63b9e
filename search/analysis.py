"""From what a reader typed to what is looked for: words, cut to the part that other forms of the word share.

Inflections are cut by short lists of endings, in the manner of light stemmers (Dolamic and Savoy, 2009,
"Indexing and searching strategies for the Russian language"), and stems are matched as
beginnings of words. That finds «практиками» by «практика» without an index of its own per language, at the price of
some finds too many, which the ranking puts last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_QUERY_LENGTH = 200
MAX_WORDS = 12
SHORTEST_STEM = 4
EXCERPT_LENGTH = 280
WORD = re.compile(r"[^\W_]+")
ENDINGS = {
    "en": ("ations", "ation", "ings", "ing", "ies", "ed", "es", "e", "y", "s"),
    "ru": tuple(
        "иями ями ами иях ях ах иям ям ам ием ией ем ей ом ой ого его ому ему ыми ими ый ий ая яя ое ее ые ие "
        "ую юю ых их ым им ов ев ию ия ии ть а я о е у ю ы и ь й".split()
    ),
    "kk": tuple(
        "лар лер дар дер тар тер ымыз іміз ның нің дың дің тың тің дан ден тан тен нан нен дағы дегі тағы тегі "
        "мен бен пен ға ге қа ке ны ні ды ді ты ті на не да де та те сы сі ым ім ың ің ы і".split()
    ),
}
ROUNDS = {"kk": 3}  # Kazakh puts plural, possessive and case one after the other
KAZAKH_VOICING = {"б": "п", "г": "к", "ғ": "қ", "п": "б", "к": "г", "қ": "ғ"}


@dataclass(frozen=True)
class Words:
    """The words of a query; each stands for several beginnings of words, any of which will do."""

    variants: tuple[tuple[str, ...], ...]
    typed: tuple[str, ...]

    @classmethod
    def of(cls, query: str, language: str) -> Words:
        """Read a query; what is no letter or digit is left out."""
        typed = tuple(dict.fromkeys(WORD.findall(query[:MAX_QUERY_LENGTH].lower())))[:MAX_WORDS]
        return cls(tuple(_variants(word, language) for word in typed), typed)

    def __bool__(self) -> bool:
        return bool(self.variants)

    def match(self, *texts: str) -> bool:
        """Whether every word of the query begins a word of the texts."""
        words = [word for text in texts for word in WORD.findall(text.lower())]
        return all(any(word.startswith(one) for word in words) for one in self.variants)

    def begin(self, word: str) -> bool:
        """Whether some word of the query begins a given word."""
        return any(word.lower().startswith(one) for one in self.variants)

    def mark(self, text: str) -> SafeString:
        """The text as HTML with the words that were found marked."""
        parts = _tokens(text)
        return SafeString(
            "".join(f"<mark>{escape(part)}</mark>" if self.begin(part) else escape(part) for part in parts)
        )

    def excerpt(self, text: str) -> SafeString:
        """The part of a text around the first find, marked; its beginning where there is no find."""
        if len(text) <= EXCERPT_LENGTH:
            return self.mark(text)
        first = next((found.start() for found in WORD.finditer(text) if self.begin(found.group())), 0)
        start = max(0, min(first - EXCERPT_LENGTH // 3, len(text) - EXCERPT_LENGTH))
        start = text.rfind(" ", 0, start) + 1 if start else 0
        end = text.rfind(" ", start, start + EXCERPT_LENGTH)
        end = end if end > start and start + EXCERPT_LENGTH < len(text) else start + EXCERPT_LENGTH
        before, after = ("… " if start else ""), (" …" if end < len(text) else "")
        return SafeString(f"{before}{self.mark(text[start:end])}{after}")


def stem(word: str, language: str) -> str:
    """A word without its inflection: at least four letters of it remain, or the word as it is."""
    for _round in range(ROUNDS.get(language, 1)):
        fitting = [
            ending
            for ending in ENDINGS.get(language, ())
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM
        ]
        if not fitting:
            break
        word = word.removesuffix(max(fitting, key=len))
    return word


def _variants(word: str, language: str) -> tuple[str, ...]:
    """The stem, and how else it may be written: Russian ё for е, Kazakh consonants before an ending."""
    root = stem(word, language)
    found = [root]
    if language == "ru":
        plain = root.replace("ё", "е")
        found += [plain, *(f"{plain[:at]}ё{plain[at + 1 :]}" for at, letter in enumerate(plain) if letter == "е")]
    if language == "kk" and root[-1] in KAZAKH_VOICING:
        found.append(root[:-1] + KAZAKH_VOICING[root[-1]])
    return tuple(dict.fromkeys(found))


def _tokens(text: str) -> Iterable[str]:
    """The text in pieces, words and what stands between them in turn."""
    end = 0
    for found in WORD.finditer(text):
        yield text[end : found.start()]
        yield found.group()
        end = found.end()
    yield text[end:]
