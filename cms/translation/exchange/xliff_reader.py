"""What a program for translators has made of an XLIFF 1.2 file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cms.translation.exchange.markup import hidden
from cms.translation.exchange.nodes import Node, tree
from cms.translation.exchange.problems import Findings, refusal
from cms.translation.exchange.texts import text_of
from cms.translation.exchange.units import State, Unit
from cms.translation.exchange.verification import Identity, verified
from cms.translation.exchange.xliff import CHARACTER, FINGERPRINT, NAMESPACE, TRANSLATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail_localize.models import Translation

DONE = {"translated", "final", "signed-off"}
CODES = {"bpt", "ept", "it", "ph"}
REQUIRED = ("original", "source-language", "target-language", "datatype")


def read_xliff(data: bytes, translation: Translation, *, accept_outdated: bool = False) -> list[Unit]:
    """The units of a file, as `verified` has them; raises `ExchangeError`. Nothing is changed."""
    file = _file(data)
    identity = _identity(file)
    findings = Findings()
    units = [_unit(node, findings) for node in _trans_units(file)]
    findings.raise_if_any()
    return verified(identity, units, translation, accept_outdated=accept_outdated)


def xliff_identity(data: bytes) -> Identity:
    """What a file says of itself in its header. Raises `ExchangeError` where it is no sound XLIFF file."""
    return _identity(_file(data))


def _named(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _file(data: bytes) -> Node:
    root = tree(text_of(data))
    if root.tag != _named("xliff") or root.attributes.get("version") != "1.2":
        raise refusal(_("This is not an XLIFF file of version 1.2. Save it in this version."), root.line)
    files = [*root.children(_named("file"))]
    if len(files) != 1:
        sentence = _("An XLIFF file must have one <file>, and this one has %(count)d. Take in each page by itself.")
        raise refusal(sentence % {"count": len(files)}, root.line)
    return files[0]


def _identity(file: Node) -> Identity:
    findings = Findings()
    for name in REQUIRED:
        _attribute(file, name, findings)
    header = file.child(_named("header")) or Node("", {}, file.line)
    notes = {note.attributes.get("from"): note.text.strip() for note in header.children(_named("note"))}
    for author in (TRANSLATION, FINGERPRINT):
        if not notes.get(author):
            sentence = _('The header has no <note from="%(name)s">. Put it back as it was exported.')
            findings.add(sentence % {"name": author}, header.line)
    findings.raise_if_any()
    languages = file.attributes["source-language"], file.attributes["target-language"]
    return Identity(notes[TRANSLATION], notes[FINGERPRINT], *languages, line=file.line)


def _attribute(node: Node, name: str, findings: Findings, place: str = "") -> str:
    value = node.attributes.get(name, "")
    if not value:
        facts = {"element": node.tag.rpartition("}")[2], "name": name}
        sentence = _("<%(element)s> has no attribute “%(name)s”. Put it back as it was exported.")
        findings.add(sentence % facts, node.line, place)
    return value


def _trans_units(node: Node) -> Iterator[Node]:
    for child in node.children(_named("body"), _named("group"), _named("trans-unit")):
        if child.tag == _named("trans-unit"):
            yield child
        else:
            yield from _trans_units(child)


def _unit(node: Node, findings: Findings) -> Unit:
    path = node.attributes.get("resname", "")
    identifier = _attribute(node, "id", findings, path)
    texts: list[str] = []
    for name in ("source", "target"):
        elements = [*node.children(_named(name))]
        if len(elements) > 1 or (name == "source" and not elements):
            facts = {"name": name, "count": len(elements)}
            sentence = _("A unit must have one <%(name)s>, and this one has %(count)d. Put it back as it was exported.")
            findings.add(sentence % facts, node.line, path)
        texts.append("".join(_html(element, path, findings) for element in elements))
    source, target = texts
    return Unit(identifier, path, source, target, _state(node, target), line=node.line)


def _state(node: Node, text: str) -> State:
    target = node.child(_named("target"))
    if target is None or not text:
        return State.EMPTY
    said = target.attributes.get("state", "")
    if said in DONE:
        return State.DONE
    if said == "new" or said.startswith("needs-"):
        return State.REVIEW
    return State.DONE if node.attributes.get("approved") == "yes" else State.UNSTATED


def _html(element: Node, path: str, findings: Findings) -> str:
    """The HTML of a text. Marks that programs put around sentences are passed over."""
    found = []
    for child in element.content:
        if isinstance(child, str):
            found.append(hidden(child))
            continue
        name = child.tag.removeprefix(_named(""))
        if name == "mrk":
            found.append(_html(child, path, findings))
            continue
        _attribute(child, "id", findings, path)
        code = child.text if name in CODES else _character(child) if name == "x" else ""
        if not code:
            sentence = _(
                "<%(name)s> holds no code here. Codes must stay as the original has them: copy them from there."
            )
            findings.add(sentence % {"name": name}, child.line, path)
        found.append(code)
    return "".join(found)


def _character(node: Node) -> str:
    """The character that an <x> stands for; empty where it stands for none."""
    kind = node.attributes.get("ctype", "")
    try:
        return chr(int(kind.removeprefix(CHARACTER), 16)) if kind.startswith(CHARACTER) else ""
    except ValueError:
        return ""
