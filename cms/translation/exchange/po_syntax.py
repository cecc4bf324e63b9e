"""The syntax of PO files: their entries with the lines that they begin in, and how a text is written.

It is read here since polib drops the last character of a text without a closing quotation mark, breaks texts at the
line separators of Unicode, and opens the file whose name its argument may be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cms.translation.exchange.problems import Findings

LINE = re.compile(r'(?:(?P<keyword>[a-z_]+(?:\[\d+\])?)[ \t]*)?"(?P<text>(?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\(?:([abfnrtv\"\\])|([01][0-7]{2}|[0-7]{1,2}(?![0-7]))|x([0-7][0-9A-Fa-f])|(.))")
LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\"}
WRITTEN = {ord(character): f"\\{letter}" for letter, character in LETTERS.items()}
WRITTEN |= {code: f"\\{code:03o}" for code in [*range(32), 127] if code not in WRITTEN}
KEYWORDS = ("msgctxt", "msgid", "msgstr")


@dataclass
class Entry:
    """An entry of a file, with the texts of its keywords; `line` is that of the first of them."""

    line: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    is_damaged: bool = False

    @property
    def is_complete(self) -> bool:
        return "msgstr" in self.texts

    @property
    def is_header(self) -> bool:
        return self.texts.get("msgid") == "" and "msgctxt" not in self.texts

    @property
    def place(self) -> str:
        return self.texts.get("msgctxt", "")


def written(keyword: str, text: str) -> Iterator[str]:
    """The lines of a text. It is never folded but after its own ends of lines."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text) or [""]
    if len(lines) > 1:
        lines.insert(0, "")
    for place, line in enumerate(lines):
        quoted = f'"{line.translate(WRITTEN)}"'
        yield quoted if place else f"{keyword} {quoted}"


def entries(text: str, findings: Findings) -> list[Entry]:
    """The complete entries of a file in their order. Obsolete ones are comments and are passed over."""
    found = [Entry()]
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip(" \t\r")
        if stripped.startswith("#"):
            _read_comment(stripped, found)
        elif stripped:
            _read_line(stripped, number, found, findings)
    for entry in found:
        if entry.texts and not entry.is_complete and not entry.is_damaged:
            sentence = _("The entry is not complete: it has no msgstr. Put it back, or use the whole file as exported.")
            findings.add(sentence, entry.line, entry.place)
    return [entry for entry in found if entry.is_complete]


def _read_comment(line: str, found: list[Entry]) -> None:
    if found[-1].is_complete:
        found.append(Entry())
    if line.startswith("#,"):
        found[-1].flags |= {flag.strip() for flag in line[2:].split(",")}


def _read_line(line: str, number: int, found: list[Entry], findings: Findings) -> None:
    match = LINE.fullmatch(line)
    if match is None:
        sentence = _(
            "This is no line of a PO file, or it was cut off. Put the text between two quotation marks, and a backslash"
            " before those within it."
        )
        findings.add(sentence, number, found[-1].place)
        found[-1].is_damaged = True
        return
    text = _unescaped(match["text"], number, found[-1], findings)
    keyword = match["keyword"]
    if keyword is None:
        _continue(text, number, found[-1], findings)
    elif keyword not in KEYWORDS:
        sentence = _("A file of this page has no “%(keyword)s”. Use msgctxt, msgid and msgstr only.")
        findings.add(sentence % {"keyword": keyword}, number, found[-1].place)
    else:
        _begin(keyword, text, number, found)


def _begin(keyword: str, text: str, number: int, found: list[Entry]) -> None:
    """Add a text to the last entry, or to a new one where it has no room for it."""
    ranks = [KEYWORDS.index(one) for one in found[-1].texts]
    if ranks and max(ranks) >= KEYWORDS.index(keyword):
        found.append(Entry())
    found[-1].line = found[-1].line or number
    found[-1].texts[keyword] = text


def _continue(text: str, number: int, entry: Entry, findings: Findings) -> None:
    if not entry.texts:
        findings.add(_("A text stands here without msgctxt, msgid or msgstr before it. Put that back."), number)
        return
    entry.texts[[*entry.texts][-1]] += text


def _unescaped(quoted: str, number: int, entry: Entry, findings: Findings) -> str:
    def character(match: re.Match[str]) -> str:
        letter, octal, hexadecimal, unknown = match.groups()
        if unknown:
            sentence = _("There is no character “\\%(letter)s” in PO files. Write \\\\ for a backslash.")
            findings.add(sentence % {"letter": unknown}, number, entry.place)
            return ""
        if letter:
            return LETTERS[letter]
        return chr(int(octal, 8) if octal else int(hexadecimal, 16))

    return ESCAPE.sub(character, quoted)
