"""What differs between two versions of a sentence, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from cms.translation.exchange.markup import plain

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    """Some words of the one version, of the other, or of both."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_diff(before: str, after: str) -> list[Part]:
    """The words of two segments in the order in which they are read, without their tags.

    What was removed stands before what took its place. A blank between two changed words is changed with them.
    """
    old, new = TOKEN.findall(plain(before)), TOKEN.findall(plain(after))
    parts: list[Part] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (step, start, end, first, last) in enumerate(steps):
        removed, added = "".join(old[start:end]), "".join(new[first:last])
        if step != "equal":
            parts += _changed(removed, added)
        elif removed.isspace() and 0 < place < len(steps) - 1:
            parts += _changed(removed, removed)
        else:
            parts.append(Part("same", removed))
    return _merged(parts)


def _changed(removed: str, added: str) -> list[Part]:
    parts = [Part("removed", removed)] if removed else []
    return [*parts, Part("added", added)] if added else parts


def _merged(parts: list[Part]) -> list[Part]:
    """The same parts with neighbours that changed as one removal and one addition."""
    merged: list[Part] = []
    removed = added = ""
    for part in [*parts, Part("same", "")]:
        if part.kind == "removed":
            removed += part.text
        elif part.kind == "added":
            added += part.text
        else:
            merged += _changed(removed, added)
            removed = added = ""
            merged += [part] if part.text else []
    return merged
