"""A page as an XLIFF 1.2 file.

Tags stand in <bpt>, <ept>, <it> and <ph> as they are: programs for translators protect them and show the words between
them, and the same HTML comes back whatever it is. Escaped HTML would be words, which translators break; <g> and <x/>
name a tag that has to be looked up elsewhere, and have no form for one without a partner. Ampersands and angle brackets
of words are themselves. Programs that know no codes show tags as words and write them so; they are tags nevertheless.
Only a character that XML cannot hold is <x/>.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from cms.translation.exchange.markup import Kind, pieces, shown
from cms.translation.exchange.texts import in_one_line
from cms.translation.exchange.units import State, Unit, fingerprint, remarks, units_of

if TYPE_CHECKING:
    from wagtail_localize.models import Translation

    from cms.translation.exchange.markup import Piece
    from cms.translation.exchange.units import NeedsReview

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
TRANSLATION, FINGERPRINT = "translation", "fingerprint"  # authors of the notes in the header
TOOL = "site"
STATES = {State.EMPTY: "new", State.REVIEW: "needs-review-translation", State.DONE: "translated"}
CODE_TYPES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "a": "link", "br": "lb"}
CHARACTER = "x-char-"  # and the number of the character in hexadecimal
STRUCTURE = {"xliff", "file", "header", "body", "trans-unit", "alt-trans"}


def export_xliff(translation: Translation, needs_review: NeedsReview = ()) -> bytes:
    """All texts of a page in their order, as `units_of` has them, with states that say what is to be done."""
    units = units_of(translation, needs_review)
    root = Element("xliff", {"version": "1.2", "xmlns": NAMESPACE})
    file = _file(root, translation)
    header = SubElement(file, "header")
    identity = {TRANSLATION: str(translation.uuid), FINGERPRINT: fingerprint(unit.id for unit in units)}
    for author, text in identity.items():
        SubElement(header, "note", {"from": author}).text = text
    SubElement(header, "tool", {"tool-id": TOOL, "tool-name": in_one_line(settings.WAGTAIL_SITE_NAME)})
    body = SubElement(file, "body")
    for unit in units:
        _add_unit(body, unit)
    _break_lines(root)
    # Parsers turn a carriage return that is not written as a reference into an end of line; attributes have none.
    return tostring(root, "UTF-8", xml_declaration=True).replace(b"\r", b"&#13;")


def _file(root: Element, translation: Translation) -> Element:
    source = translation.source
    model = ContentType.objects.get_for_id(source.specific_content_type_id)
    facts = {
        "original": f"{model.app_label}/{model.model}/{source.object_id}",
        "source-language": source.locale.language_code,
        "target-language": translation.target_locale.language_code,
        "datatype": "html",
        "date": f"{source.last_updated_at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "tool-id": TOOL,
    }
    return SubElement(root, "file", facts)


def _add_unit(body: Element, unit: Unit) -> None:
    is_approved = "yes" if unit.state == State.DONE else "no"
    facts = {"id": unit.id, "resname": in_one_line(unit.path), "approved": is_approved, "xml:space": "preserve"}
    element = SubElement(body, "trans-unit", facts)
    codes = _Codes()
    codes.write(SubElement(element, "source"), unit.source)
    target = SubElement(element, "target", {"state": STATES[unit.state]})
    if unit.is_machine:
        target.set("state-qualifier", "leveraged-mt")
    codes.write(target, unit.target)
    if unit.previous:
        former = SubElement(element, "alt-trans", {"alttranstype": "previous-version"})
        of_former = _Codes()
        of_former.write(SubElement(former, "source"), unit.previous)
        of_former.write(SubElement(former, "target"), unit.target)
    for author, text in [("place", unit.field_path), *(("site", remark) for remark in remarks(unit))]:
        SubElement(element, "note", {"from": author}).text = in_one_line(text)


class _Codes:
    """The numbers of the codes of a unit: the same code has the same number in the original and the translation."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, int], str] = {}

    def write(self, element: Element, text: str) -> None:
        """Write a segment into an empty element."""
        last: Element | None = None
        seen: Counter[str] = Counter()
        numbers: list[str] = []
        for piece in pieces(text):
            number = ""
            if piece.kind == Kind.TEXT:
                if last is None:
                    element.text = shown(piece.raw)
                else:
                    last.tail = shown(piece.raw)
            else:
                number = self._number(piece, seen, numbers)
                last = _code(element, piece, number)
            numbers.append(number)

    def _number(self, piece: Piece, seen: Counter[str], numbers: list[str]) -> str:
        if piece.kind == Kind.CLOSING and piece.partner is not None:
            return numbers[piece.partner]
        seen[piece.raw] += 1
        return self.numbers.setdefault((piece.raw, seen[piece.raw]), str(len(self.numbers) + 1))


def _code(element: Element, piece: Piece, number: str) -> Element:
    facts = {"id": number}
    if piece.kind == Kind.UNFIT:
        return SubElement(element, piece.kind, facts | {"ctype": f"{CHARACTER}{ord(piece.raw):04X}"})
    if piece.kind == Kind.ISOLATED:
        facts["pos"] = "close" if piece.raw.startswith("</") else "open"
    if piece.kind != Kind.CLOSING:
        facts["ctype"] = CODE_TYPES.get(piece.name, f"x-html-{piece.name or 'character'}")
    code = SubElement(element, piece.kind, facts)
    code.text = piece.raw
    return code


def _break_lines(root: Element) -> None:
    """Give each element a line, so that a line says where somebody has to look. Texts stay as they are."""
    for element in root.iter():
        if element.tag in STRUCTURE:
            element.text = "\n"
            for child in element:
                child.tail = "\n"
