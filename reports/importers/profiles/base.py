from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext as _

from reports.choices import Origin, RejectReason
from reports.importers.catalogue import definition_of, ensure, known_indicators
from reports.importers.errors import RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import _StrPromise

    from reports.importers.catalogue import Known
    from reports.importers.files import TextFile
    from reports.importers.layouts import Layout

DIGEST_LENGTH = 8


@dataclass(frozen=True)
class Options:
    """What a file does not say itself: the code of its indicator; the only country (id) that it may have rows of."""

    indicator: str = ""
    only_country: int | None = None


class Profile:
    """One published form. `layouts` recognises the files, which come in any order, and says how each is read."""

    code: ClassVar[str]
    name: ClassVar[_StrPromise]
    files: ClassVar[_StrPromise]
    origin: ClassVar[Origin] = Origin.INTERNATIONAL
    encoding: ClassVar[str] = "utf-8"

    def layouts(self, files: Sequence[TextFile], options: Options) -> Iterable[Layout]:
        raise NotImplementedError


def ensure_listed(codes: Iterable[str], file: TextFile) -> dict[str, Known]:
    """The indicators with these codes, made from the catalogue where the site does not have them."""
    wanted = set(codes)
    found = known_indicators(wanted)
    definitions = {code: definition for code in wanted - set(found) if (definition := definition_of(code))}
    found |= ensure(definitions)
    if missing := sorted(wanted - set(found)):
        reason = _("There is no indicator %(code)s. Make it under Statistics, Indicators, or correct the code.")
        raise file.refuse(reason % {"code": missing[0]})
    return found


def some(cells: Sequence[str], file: TextFile) -> None:
    """Refuse a file of whose columns none holds values."""
    if not cells:
        raise file.refuse(_("None of the columns holds values that are described in the file beside it."), 1)


def code_of(name: str, length: int) -> str:
    """A column's name as part of a code: capital letters, digits and underscores.

    Where that is longer, or says nothing of the name, a digest tells it from others.
    """
    code = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    if code and len(code) <= length:
        return code
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST_LENGTH].upper()
    return f"{code[: length - DIGEST_LENGTH - 1]}_{digest}".lstrip("_")


def unknown(columns: Iterable[str], known: Iterable[str]) -> dict[str, RejectReason]:
    understood = set(known)
    return {name: RejectReason.COLUMN for name in columns if name not in understood}


def the_only(files: Sequence[TextFile], what: str) -> TextFile:
    """The one file of a kind, refused where there is none or several. `what` names the kind in words."""
    if len(files) == 1:
        return files[0]
    if not files:
        raise RefusedFileError("", _("One more file is needed: %(what)s.") % {"what": what})
    raise files[1].refuse(_("This is a second file of a kind of which one is needed: %(what)s.") % {"what": what})
