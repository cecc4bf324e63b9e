"""From what a reader typed to what is looked for: words, cut to the part that other forms of the word share.

Inflections are cut by short lists of endings, in the manner of light stemmers (Dolamic and Savoy, 2009, "Indexing and
searching strategies for the Russian language"), and stems are matched as beginnings of words. That finds «практиками»
by «практика» without an index of its own per language, at the price of some finds too many. Words of languages without
a list of endings are matched as they were typed.
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
LONGEST_EXACT = 2
EXCERPT_LENGTH = 280
WORD = re.compile(r"[^\W_]+")
# At least four letters, and the longest of the endings that leaves them.
INFLECTED = {
    "en": re.compile(r"(.{4,}?)(?:ations?|ings?|ies|ed|es|e|y|s)"),
    "ru": re.compile(
        r"(.{4,}?)(?:иями|иям|иях|ием|ией|ию|ия|ии|[аяы]ми|ими|[ая][хм]|[еоиыа]й|[еои]м|[ео]го|[ео]му|"
        r"[аояеыиую][яею]|[ыи]х|ым|[ое]в|ть|[аоеуюяыиьй])"
    ),
    "kk": re.compile(
        r"(.{4,}?)(?:[лдт][ае]р|[ыі]м[ыі]з|[ндт][ыі]ң|[ндт][ае]н|[дт]ағы|[дт]егі|[мбп]ен|[ғқ]а|[гк]е|[ндт][ыі]|"
        r"[ндт][ае]|нд[ае]|с[ыі]н?|[ыі][мңн]|[ыі])"
    ),
}
ROUNDS = {"kk": 3}  # Kazakh puts plural, possessive and case one after the other
# Three letters are too few to look for by themselves («мер» also begins «мероприятие»), so the endings are tried.
SHORT_RUSSIAN_NOUN = re.compile(r"(..[^аеёиоуыэюя])[аыеу]")
SHORT_RUSSIAN_ENDINGS = ("а", "ы", "е", "у", "ой", "ам", "ах")
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
        return all(any(_is_found(word, one) for word in words) for one in self.variants)

    def begin(self, word: str) -> bool:
        """Whether some word of the query begins a given word."""
        return any(_is_found(word.lower(), one) for one in self.variants)

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


# No word has more letters е; a query of hundreds of them would be more than SQLite's search can read.
MOST_YO = 8


def stem(word: str, language: str) -> str:
    """A word without its inflection: at least four letters of it remain, or the word as it is."""
    endings = INFLECTED.get(language)
    for _round in range(ROUNDS.get(language, 1)):
        if endings and (inflected := endings.fullmatch(word)):
            word = inflected[1]
    return word


def _variants(word: str, language: str) -> tuple[str, ...]:
    """The stem, and how else it may be written: Russian ё for е, Kazakh consonants before an ending."""
    root = stem(word, language)
    found = [root]
    if language == "ru":
        plain = root.replace("ё", "е")
        places = [at for at, letter in enumerate(plain) if letter == "е"][:MOST_YO]
        found += [plain, *(f"{plain[:at]}ё{plain[at + 1 :]}" for at in places)]
        if short := SHORT_RUSSIAN_NOUN.fullmatch(word):
            found += [f"{short[1]}{ending}" for ending in SHORT_RUSSIAN_ENDINGS]
    if language == "kk" and root[-1] in KAZAKH_VOICING:
        found.append(f"{root[:-1]}{KAZAKH_VOICING[root[-1]]}")
    return tuple(dict.fromkeys(found))


def is_exact(variant: str) -> bool:
    """Whether so short a word is only found as it is: too much begins with one or two letters."""
    return len(variant) <= LONGEST_EXACT


def _is_found(word: str, variants: tuple[str, ...]) -> bool:
    return any(word == one if is_exact(one) else word.startswith(one) for one in variants)


def _tokens(text: str) -> Iterable[str]:
    """The text in pieces, words and what stands between them in turn."""
    end = 0
    for found in WORD.finditer(text):
        yield text[end : found.start()]
        yield found.group()
        end = found.end()
    yield text[end:]
