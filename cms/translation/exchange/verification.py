"""Whether a file belongs to a translation, and whether what it says may be written into it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail_localize.models import Translation

from cms.translation.exchange.markup import flaw, plain
from cms.translation.exchange.problems import Findings, OutdatedError, Problem, refusal
from cms.translation.exchange.units import fingerprint, unit_id, units_of
from cms.translation.places import places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cms.translation.exchange.units import Unit

ADDRESS = "slug"  # no sentence, but a part of the address of the page
UNSEEN = {"Cc", "Cf"}  # general categories of Unicode


@dataclass(frozen=True)
class Identity:
    """What a file says of itself: the translation, the original as it was, and the two languages; and where."""

    translation: str
    fingerprint: str
    source_language: str
    target_language: str
    line: int

    def belongs_to(self) -> Translation:
        """The translation that the file is of. Raises `ExchangeError` where there is none."""
        found = self._named()
        if found is None:
            sentence = _("The translation that this file belongs to does not exist here. Choose another file.")
            raise refusal(sentence, self.line)
        return found

    def check(self, translation: Translation) -> None:
        """Raise `ExchangeError` where this is another page's file or one of other languages."""
        if self.translation != str(translation.uuid):
            other = self._named()
            name = f"{other.source.object_repr} ({other.target_locale.language_code})" if other else self.translation
            sentence = _("The file belongs to another translation: %(name)s. Choose that one, or another file.")
            raise refusal(sentence % {"name": name}, self.line)
        given = self.source_language, self.target_language
        expected = translation.source.locale.language_code, translation.target_locale.language_code
        if not all(map(_is_of_language, given, expected)):
            facts = {"given": " → ".join(given), "expected": " → ".join(expected)}
            raise refusal(_("The languages of the file are %(given)s. They must be %(expected)s.") % facts, self.line)

    def _named(self) -> Translation | None:
        try:
            identity = UUID(self.translation)
        except ValueError:
            return None
        records = Translation.objects.select_related("source", "target_locale")
        return records.filter(uuid=identity, enabled=True).first()


def _is_of_language(given: str, expected: str) -> bool:
    """Programs for translators add regions to languages that have none: en-GB is English."""
    said, wanted = (code.replace("_", "-").lower() for code in (given, expected))
    return said == wanted or said.startswith(f"{wanted}-")


def verified(
    identity: Identity, units: Sequence[Unit], translation: Translation, *, accept_outdated: bool = False
) -> list[Unit]:
    """The units of a file, in its order, with what the page knows of them.

    Raises `ExchangeError` with everything that is wrong with them. A text that the page has already is not looked at:
    it would not be written. With `accept_outdated`, a file of the original as it was is taken, and the units that are
    not in the original any more come as they are; otherwise it raises `OutdatedError`.
    """
    identity.check(translation)
    known = {unit.id: unit for unit in units_of(translation)}
    is_outdated = identity.fingerprint != fingerprint(known)
    if is_outdated and not accept_outdated:
        sentence = _(
            "The original has changed since this file was exported. Export it again, or take in what still fits."
        )
        raise OutdatedError([Problem(sentence, identity.line)])
    findings = Findings()
    _find_repeated(units, findings)
    _find_foreign(units, known, findings, is_outdated=is_outdated)
    if not findings.problems:  # a text that was changed is missing, too
        _find_missing(identity, units, known, findings, is_outdated=is_outdated)
    matched = [_with_knowledge(unit, known.get(unit.id)) for unit in units]
    changed = [unit for unit in matched if unit.id in known and unit.target != known[unit.id].target]
    places = places_of(translation.source.as_instance(), {unit.path for unit in changed}) if changed else {}
    for unit in changed:
        if sentence := unfit(unit.path, unit.source, unit.target, places[unit.path].longest):
            findings.add(sentence, unit.line, unit.path)
    findings.raise_if_any()
    return matched


def _with_knowledge(unit: Unit, present: Unit | None) -> Unit:
    if present is None:
        return unit
    return replace(present, target=unit.target, state=unit.state, line=unit.line, previous="", error="")


def _find_repeated(units: Sequence[Unit], findings: Findings) -> None:
    lines: dict[str, int | None] = {}
    for unit in units:
        if unit.id in lines:
            sentence = _("This text stands in line %(line)d already. Leave only one of the two.")
            findings.add(sentence % {"line": lines[unit.id]}, unit.line, unit.path)
        lines.setdefault(unit.id, unit.line)


def _find_foreign(units: Sequence[Unit], known: dict[str, Unit], findings: Findings, *, is_outdated: bool) -> None:
    """Units that are not of the original, as it is or was, or not as it has them."""
    paths = {unit.path for unit in known.values()}
    changed = _(
        "The original text was changed in the file. Put it back as it was exported; only translations may change."
    )
    for unit in units:
        present = known.get(unit.id)
        derives = unit.id == unit_id(unit.path, unit.source)
        if present:
            if present.source != unit.source:
                findings.add(changed, unit.line, unit.path)
        elif derives and is_outdated:
            continue
        elif derives and unit.path not in paths:
            findings.add(_("The page has no text in this place. Remove the entry."), unit.line, unit.path)
        elif unit.path in paths:
            findings.add(changed, unit.line, unit.path)
        else:
            sentence = _(
                "The page has no text with the identifier %(id)s. Remove the entry, or put its identifier back."
            )
            findings.add(sentence % {"id": unit.id}, unit.line, unit.path)


def _find_missing(
    identity: Identity, units: Sequence[Unit], known: dict[str, Unit], findings: Findings, *, is_outdated: bool
) -> None:
    """Texts that were exported and are not there. Nobody removes them on purpose; files that were cut off lack them."""
    given = {unit.id for unit in units}
    last = units[-1].line if units else identity.line
    if is_outdated:
        if fingerprint(given) != identity.fingerprint:
            findings.add(_("Texts are missing from the file, or were changed. Use the whole file as exported."), last)
    elif missing := [unit for key, unit in known.items() if key not in given]:
        sentence = ngettext(
            "%(count)d text of the page is missing from the file, in %(place)s. Use the whole file as exported.",
            "%(count)d texts of the page are missing from the file, the first in %(place)s."
            " Use the whole file as exported.",
            len(missing),
        )
        findings.add(sentence % {"count": len(missing), "place": missing[0].path}, last)


def says_nothing(text: str) -> bool:
    """Whether only tags, blanks, and characters that nobody sees stand in a segment."""
    return all(letter.isspace() or unicodedata.category(letter) in UNSEEN for letter in plain(text))


def unfit(path: str, source: str, target: str, longest: int | None) -> str:
    """A sentence about why a place cannot take a translation; empty where it can, or where there is none."""
    if sentence := flaw(source, target):
        return sentence
    if target.strip() and says_nothing(target) and not says_nothing(source):
        return _("The translation holds nothing that can be read. Write it, or leave it empty.")
    if path == ADDRESS and target.strip() and not slugify(plain(target)):
        return _("The address of a page has Latin letters, digits and hyphens. Write at least one of these.")
    # The title goes into the list of pages as it stands, with its escapes.
    length = len(target if path == "title" else plain(target))
    if longest and length > longest:
        facts = {"length": length, "longest": longest}
        return _("The translation has %(length)d characters; %(longest)d fit in this place. Shorten it.") % facts
    return ""
