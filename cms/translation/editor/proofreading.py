"""What somebody should look at again in a translation: numbers, placeholders, links, terms, length, letters.

None of this keeps a translation from being saved; what a page cannot hold is refused by `exchange.verification`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail_localize.strings import extract_ids

from cms.translation.editor.glossary import as_written, is_said
from cms.translation.exchange.markup import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cms.translation.editor.glossary import Term

# Digits with what separates thousands and decimals: blanks, dots, commas, apostrophes, and the Arabic separators.
NUMBER = re.compile(r"\d+(?:[.,’'\u066b\u066c\u00a0\u202f\u2009](?=\d)\d+|\u0020(?=\d{3}(?!\d))\d{3})*")
SEPARATORS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " ") | {"’": "'"})
THOUSAND = 3  # digits between separators
PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|\{[^{}\s]*\}|%\([A-Za-z_]\w*\)[a-z]|%[sd]")
ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SENTENCE_ENDS = {".": ".", "!": "!", "?": "?", "…": "…", ":": ":", "。": ".", "؟": "?"}
CLOSING = " \u00a0\u200e\u200f\"'»”“’)"  # what may stand behind the end of a sentence
SHORT = 20  # characters; of fewer the length says nothing
LONGER, SHORTER = 2.2, 0.4


def remarks(source: str, target: str, terms: Iterable[Term] = ()) -> list[str]:
    """Sentences about what a translation has otherwise than its original, in the active language."""
    if not target.strip():
        return []
    before, after = plain(source), plain(target)
    return [
        *_numbers(before, after),
        *_other(PLACEHOLDER, before, after, _("Placeholders that the translation does not have: %(found)s.")),
        *_other(PLACEHOLDER, after, before, _("Placeholders that the original does not have: %(found)s.")),
        *_other(ADDRESS, before, after, _("Addresses that the translation does not have: %(found)s.")),
        *_links(source, target),
        *_terms(terms, after),
        *_length(before, after),
        *_ends(before, after),
        *_letters(after, before),
    ]


def number_of(written: str) -> str:
    """A number in one way of writing: 1,200.5 and 1 200,5 are the same, 1.5 and 15 are not.

    Of 1,200 alone nobody knows whether it is more than a thousand or less than two: it is both.
    """
    parts = re.findall(r"\d+|\D", written.translate(SEPARATORS))
    groups = ["".join(str(unicodedata.digit(one)) for one in part) for part in parts[::2]]
    ends_in_thousands = len(groups[-1]) == THOUSAND and len(groups[0]) <= THOUSAND and len({*parts[1::2]}) == 1
    if len(groups) == 1 or ends_in_thousands:
        return "".join(groups)
    return f"{''.join(groups[:-1])}.{groups[-1]}"


def _numbers(before: str, after: str) -> Iterator[str]:
    """Times, dates and lists are separated otherwise in other languages: the same groups of digits are right."""
    lost, added = _missing(NUMBER, before, after, number_of), _missing(NUMBER, after, before, number_of)
    if _groups(lost) == _groups(added):
        return
    if lost:
        yield _("Numbers that the translation does not have: %(found)s.") % {"found": ", ".join(lost)}
    if added:
        yield _("Numbers that the original does not have: %(found)s.") % {"found": ", ".join(added)}


def _groups(numbers: list[str]) -> Counter[str]:
    return Counter(number_of(digits) for number in numbers for digits in re.findall(r"\d+", number))


def _other(pattern: re.Pattern[str], have: str, lack: str, sentence: str) -> Iterator[str]:
    if missing := _missing(pattern, have, lack):
        yield sentence % {"found": ", ".join(missing)}


def _missing(pattern: re.Pattern[str], have: str, lack: str, same: Callable[[str], str] = str) -> list[str]:
    """What stands in the one text and not in the other, as often; `same` makes equal what means the same."""
    present = Counter(same(one) for one in pattern.findall(lack))
    missing = []
    for found in pattern.findall(have):
        if present[same(found)] > 0:
            present[same(found)] -= 1
        else:
            missing.append(found)
    return missing


def _links(source: str, target: str) -> Iterator[str]:
    lost = len(extract_ids(source) - extract_ids(target))
    if lost:
        yield (
            ngettext("%(count)d link of the original is missing.", "%(count)d links of the original are missing.", lost)
            % {"count": lost}
        )


def _terms(terms: Iterable[Term], target: str) -> Iterator[str]:
    said = as_written(target)
    for term in terms:
        if not is_said(term.target, said):
            yield _("The glossary has “%(target)s” for “%(source)s”.") % {"target": term.target, "source": term.source}


def _length(before: str, after: str) -> Iterator[str]:
    if len(before) < SHORT:
        return
    if len(after) > len(before) * LONGER:
        yield _("The translation is more than twice as long as the original.")
    elif len(after) < len(before) * SHORTER:
        yield _("The translation is less than half as long as the original.")


def _ends(before: str, after: str) -> Iterator[str]:
    texts = (text.replace("...", "…").rstrip(CLOSING) for text in (before, after))
    ends = [SENTENCE_ENDS.get(text[-1:], "") for text in texts]
    if ends[0] != ends[1]:
        yield (
            _("The original ends with “%(end)s”.") % {"end": ends[0]}
            if ends[0]
            else _("The original ends without “%(end)s”.") % {"end": ends[1]}
        )


def _letters(after: str, before: str) -> Iterator[str]:
    """A Latin letter in a Cyrillic word looks the same, and is found by no search."""
    mixed = [word for word in re.findall(r"[^\W\d_]+", after) if _is_mixed(word) and word not in before]
    if mixed:
        yield _("Latin and Cyrillic letters in one word: %(found)s.") % {"found": ", ".join(mixed)}


def _is_mixed(word: str) -> bool:
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
    return {"LATIN", "CYRILLIC"} <= scripts
