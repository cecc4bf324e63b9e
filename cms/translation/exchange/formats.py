"""The formats in which pages are exchanged, by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cms.translation.exchange.po import export_po, po_identity, read_po
from cms.translation.exchange.xliff import export_xliff
from cms.translation.exchange.xliff_reader import read_xliff, xliff_identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail_localize.models import Translation

    from cms.translation.exchange.units import Unit
    from cms.translation.exchange.verification import Identity


@dataclass(frozen=True)
class Format:
    """A format: its name, the endings of its files (the first is written), and what writes and reads it."""

    name: str
    endings: tuple[str, ...]
    content_type: str
    write: Callable[..., bytes]
    read: Callable[..., list[Unit]]
    identity: Callable[[bytes], Identity]


FORMATS = {
    "po": Format("PO", (".po",), "text/x-gettext-translation", export_po, read_po, po_identity),
    "xliff": Format("XLIFF", (".xlf", ".xliff"), "application/x-xliff+xml", export_xliff, read_xliff, xliff_identity),
}


def kind_of(name: str) -> str | None:
    """The format that the name of a file tells; None where it is none of these."""
    ending = PurePosixPath(name).suffix.lower()
    return next((kind for kind, one in FORMATS.items() if ending in one.endings), None)


def translation_of_file(data: bytes, kind: str) -> Translation:
    """The translation that a file says it belongs to. Raises `ExchangeError` where it says none that exists."""
    return FORMATS[kind].identity(data).belongs_to()
