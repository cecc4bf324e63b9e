"""A page as a PO file of GNU gettext: places are contexts, and texts are HTML as the page has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from cms.translation.exchange.po_syntax import Entry, entries, written
from cms.translation.exchange.problems import Findings, refusal
from cms.translation.exchange.texts import in_one_line, text_of
from cms.translation.exchange.units import State, Unit, fingerprint, remarks, unit_id, units_of
from cms.translation.exchange.verification import Identity, verified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail_localize.models import Translation

    from cms.translation.exchange.units import NeedsReview

TRANSLATION = "X-WagtailLocalize-TranslationID"  # as in the files of that package
FINGERPRINT = "X-Source-Fingerprint"
SOURCE_LANGUAGE = "X-Source-Language"
TARGET_LANGUAGE = "Language"
FUZZY = "fuzzy"


def export_po(translation: Translation, needs_review: NeedsReview = ()) -> bytes:
    """All texts of a page in their order, as `units_of` has them. What somebody has to look at is fuzzy."""
    units = units_of(translation, needs_review)
    lines = [*_header(translation, units)]
    for unit in units:
        lines += ["", *_entry(unit)]
    return "\n".join([*lines, ""]).encode()


def _header(translation: Translation, units: list[Unit]) -> Iterator[str]:
    source = translation.source
    moment = f"{localtime(source.last_updated_at):%Y-%m-%d %H:%M%z}"
    fields = {
        "Project-Id-Version": in_one_line(source.object_repr),
        "POT-Creation-Date": moment,
        "PO-Revision-Date": moment,
        "Last-Translator": "",
        "Language-Team": "",
        TARGET_LANGUAGE: to_locale(translation.target_locale.language_code),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        SOURCE_LANGUAGE: to_locale(source.locale.language_code),
        TRANSLATION: str(translation.uuid),
        FINGERPRINT: fingerprint(unit.id for unit in units),
    }
    yield from written("msgid", "")
    yield from written("msgstr", "".join(f"{name}: {value}\n" for name, value in fields.items()))


def _entry(unit: Unit) -> Iterator[str]:
    yield f"#. {in_one_line(unit.field_path)}"
    for remark in remarks(unit):
        yield f"#. {in_one_line(remark)}"
    yield f"#: {unit.id}"
    if unit.state == State.REVIEW:
        yield f"#, {FUZZY}"
    if unit.previous:
        yield from (f"#| {line}" for line in written("msgid", unit.previous))
    yield from written("msgctxt", unit.path)
    yield from written("msgid", unit.source)
    yield from written("msgstr", unit.target)


def read_po(data: bytes, translation: Translation, *, accept_outdated: bool = False) -> list[Unit]:
    """The units of a file, as `verified` has them; raises `ExchangeError`. Nothing is changed."""
    identity, messages = _messages(data)
    findings = Findings()
    units = []
    for message in messages:
        if "msgctxt" in message.texts and message.texts.get("msgid"):
            units.append(_unit(message))
        else:
            sentence = _("The entry has no msgctxt or no msgid. Put them back as they were exported.")
            findings.add(sentence, message.line, message.place)
    findings.raise_if_any()
    return verified(identity, units, translation, accept_outdated=accept_outdated)


def po_identity(data: bytes) -> Identity:
    """What a file says of itself in its header. Raises `ExchangeError` where it is no sound PO file."""
    return _messages(data)[0]


def _messages(data: bytes) -> tuple[Identity, list[Entry]]:
    text = text_of(data)
    if not re.search(r"^[ \t]*msgid\b", text, re.MULTILINE):
        raise refusal(_("This is not a PO file. Choose a file that was exported here."), 1)
    findings = Findings()
    found = entries(text, findings)
    findings.raise_if_any()
    headers = [entry for entry in found if entry.is_header]
    if not headers or headers[0] is not found[0]:
        raise refusal(_("The file does not begin with the header that it was exported with. Put it back."), 1)
    for other in headers[1:]:
        findings.add(
            _("There is a second header here. A file holds one page; take in each file by itself."), other.line
        )
    findings.raise_if_any()
    return _identity(headers[0]), found[1:]


def _identity(header: Entry) -> Identity:
    pairs = (line.partition(":") for line in header.texts["msgstr"].split("\n"))
    fields = {name.strip().lower(): value.strip() for name, _colon, value in pairs}
    findings = Findings()
    names = (TRANSLATION, FINGERPRINT, SOURCE_LANGUAGE, TARGET_LANGUAGE)
    for name in names:
        if not fields.get(name.lower()):
            sentence = _("The header has no “%(name)s”. Put it back as it was exported.")
            findings.add(sentence % {"name": name}, header.line)
    charset = re.search(r"charset=([^\s;]+)", fields.get("content-type", ""))
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        sentence = _("The header says that the encoding is %(encoding)s. It must be UTF-8: save the file so.")
        findings.add(sentence % {"encoding": charset[1]}, header.line)
    findings.raise_if_any()
    translation, original, source_language, target_language = (fields[name.lower()] for name in names)
    return Identity(translation, original, source_language, target_language, header.line)


def _unit(message: Entry) -> Unit:
    path, source, target = (message.texts[name] for name in ("msgctxt", "msgid", "msgstr"))
    state = State.DONE if target else State.EMPTY
    if target and FUZZY in message.flags:
        state = State.REVIEW
    return Unit(unit_id(path, source), path, source, target, state, line=message.line)
