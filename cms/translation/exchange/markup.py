"""The HTML of a segment in pieces: what a translator writes, and codes that only move.

The pieces of a text together are the text, character for character, whether it is sound HTML or not.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext as _
from wagtail_localize.strings import StringValue, validate_translation_links

# What XML 1.0 cannot hold, however it is written.
UNFIT = r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
TOKEN = re.compile(
    rf"""
    (?P<tag> </?(?P<name>[A-Za-z][A-Za-z0-9]*+) (?:(?!{UNFIT})[^<>])*+ > )
    | (?P<escape> &(?:amp|lt|gt); )
    | (?P<code> &(?:\#[0-9]+|\#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*+); | [&<>] )
    | (?P<unfit> {UNFIT} )
    """,
    re.VERBOSE,
)
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
VOID = {"br"}  # of the tags that a segment may hold
DEEPEST = 20  # of tags within tags; what puts pages together calls itself for each


class Kind(StrEnum):
    """What a piece is. The values of codes are the names of their elements in XLIFF 1.2."""

    TEXT = "text"
    OPENING = "bpt"
    CLOSING = "ept"
    ISOLATED = "it"
    SINGLE = "ph"
    UNFIT = "x"


@dataclass(frozen=True)
class Piece:
    """A part of a text as it stands there; `partner` is the place in the list of the other tag of a pair."""

    kind: Kind
    raw: str
    name: str = ""
    partner: int | None = None


def pieces(text: str) -> list[Piece]:
    """The pieces of a segment in their order. Neighbouring characters and the usual three escapes are one text."""
    found: list[Piece] = []
    start = 0
    for token in TOKEN.finditer(text):
        if token["escape"]:
            continue
        found += _words(text[start : token.start()])
        found.append(Piece(_kind(token), token[0], (token["name"] or "").lower()))
        start = token.end()
    return _paired(found + _words(text[start:]))


def _words(raw: str) -> list[Piece]:
    """A piece of text; its escapes are codes where they keep it from being read as a tag or an escape itself."""
    if hidden(shown(raw)) == raw:
        return [Piece(Kind.TEXT, raw)] if raw else []
    parts = re.split("(&(?:amp|lt|gt);)", raw)
    return [Piece(Kind.SINGLE if place % 2 else Kind.TEXT, part) for place, part in enumerate(parts) if part]


def _kind(token: re.Match[str]) -> Kind:
    if token["unfit"]:
        return Kind.UNFIT
    if token["code"] or token[0].endswith("/>"):
        return Kind.SINGLE
    if token[0].startswith("</"):
        return Kind.CLOSING
    return Kind.SINGLE if token["name"].lower() in VOID else Kind.OPENING


def _paired(found: list[Piece]) -> list[Piece]:
    """The pieces with the tags of each pair knowing each other, and all other tags isolated."""
    result = [replace(one, kind=Kind.ISOLATED) if one.kind in {Kind.OPENING, Kind.CLOSING} else one for one in found]
    opened: list[int] = []
    for place, piece in enumerate(found):
        if piece.kind == Kind.OPENING:
            opened.append(place)
        elif piece.kind == Kind.CLOSING and opened and found[opened[-1]].name == piece.name:
            partner = opened.pop()
            result[partner] = replace(found[partner], partner=place)
            result[place] = replace(piece, partner=partner)
    return result


def shown(raw: str) -> str:
    """What a reader sees of a piece of text."""
    return raw.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def hidden(text: str) -> str:
    """The reverse of `shown`. Tags and escapes that stand in the text as words are left: they are meant as such."""
    return TOKEN.sub(lambda token: ESCAPES.get(token[0], token[0]), text)


def plain(text: str) -> str:
    """A segment without its tags and escapes."""
    return html.unescape("".join(piece.raw for piece in pieces(text) if not piece.name))


def flaw(source: str, target: str) -> str:
    """A sentence about what makes a translation unfit for a page; empty where it may be used."""
    depth = 0
    for piece in pieces(target):
        facts = {"tag": piece.raw}
        depth += (piece.kind == Kind.OPENING) - (piece.kind == Kind.CLOSING)
        if depth > DEEPEST:
            return _("Tags are nested too deeply. Use the tags of the original, as they are there.")
        if piece.kind == Kind.ISOLATED:
            return _("The tag %(tag)s has no partner. Open and close each tag as the original does.") % facts
        if piece.raw == "<":
            return _("There is a “<” that belongs to no tag. Write &lt; for the character itself.")
        if piece.kind == Kind.UNFIT and piece.raw not in source:
            return _("The translation holds a control character (%(code)s). Remove it.") % {
                "code": f"U+{ord(piece.raw):04X}"
            }
    if "<" in target:
        try:
            StringValue.from_translated_html(target)
            validate_translation_links(source, target)
        except ValueError as error:
            return _("%(reason)s. Use the tags of the original, as they are there.") % {"reason": error}
    return ""
