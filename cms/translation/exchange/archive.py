"""Many pages in one ZIP archive: a file for each page and language."""

from __future__ import annotations

import io
import json
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cms.translation.exchange.formats import FORMATS, kind_of
from cms.translation.exchange.problems import Findings, refusal
from cms.translation.exchange.texts import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wagtail_localize.models import Translation

    from cms.translation.exchange.units import NeedsReview

MAX_FILES = 1000
MAX_ARCHIVE_BYTES = 20 * 1024 * 1024
MAX_CONTENT_BYTES = 5 * MAX_ARCHIVE_BYTES  # of all files together
ENCRYPTED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def archive(
    translations: Iterable[Translation], kind: str, needs_review: Callable[[Translation], NeedsReview] | None = None
) -> bytes:
    """A ZIP archive of translations as files of a format of `FORMATS`, the same for the same content.

    `needs_review` tells of a translation what `units_of` takes by this name.
    """
    chosen = FORMATS[kind]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for translation in translations:
            info = zipfile.ZipInfo(f"{file_name(translation)}{chosen.endings[0]}")
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
            file.writestr(info, chosen.write(translation, needs_review(translation) if needs_review else ()))
    return buffer.getvalue()


def file_name(translation: Translation) -> str:
    """For example `ru/one-window-12`: language, slug of the original, and number of the translation."""
    source = translation.source
    slug = slugify(json.loads(source.content_json).get("slug") or source.object_repr)[:80] or "page"
    return f"{translation.target_locale.language_code}/{slug}-{translation.pk}"


def read_archive(data: bytes) -> list[tuple[str, bytes]]:
    """The names and contents of the files of an archive.

    Raises `ExchangeError` with what is wrong, file by file: an archive is taken in whole or not at all. What macOS adds
    to each archive is passed over.
    """
    if len(data) > MAX_ARCHIVE_BYTES:
        limit = filesizeformat(MAX_ARCHIVE_BYTES)
        raise refusal(_("The archive is larger than %(limit)s. Send it in parts.") % {"limit": limit})
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGES as error:
        raise refusal(_("This is not a ZIP archive, or it is damaged. Pack the files again.")) from error
    with file:
        members = [one for one in file.infolist() if not _is_passed_over(one.orig_filename)]
        _check_members(members)
        return _contents(file, members)


def _is_passed_over(name: str) -> bool:
    """Whether it is that of a folder, or of something that macOS adds."""
    return name.endswith("/") or name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise refusal(_("The archive holds no files. Pack the exported files into it."))
    if len(members) > MAX_FILES:
        facts = {"count": len(members), "limit": MAX_FILES}
        raise refusal(_("The archive holds %(count)d files, and may hold %(limit)d. Send them in parts.") % facts)
    findings = Findings()
    seen: set[str] = set()
    for member in members:
        name = member.orig_filename
        if sentence := _objection(member):
            findings.add(sentence, place=name)
        elif name.casefold() in seen:
            findings.add(_("The archive holds two files of this name. Remove one of them."), place=name)
        seen.add(name.casefold())
    if sum(member.file_size for member in members) > MAX_CONTENT_BYTES:
        limit = filesizeformat(MAX_CONTENT_BYTES)
        findings.add(_("The files are larger than %(limit)s when unpacked. Send them in parts.") % {"limit": limit})
    findings.raise_if_any()


def _objection(member: zipfile.ZipInfo) -> str:
    """Why a file of an archive is not opened; empty where nothing speaks against it."""
    name = member.orig_filename
    if _leads_elsewhere(name) or stat.S_ISLNK(member.external_attr >> 16):
        return _("The name leads out of the archive. Pack the files again, without paths or links.")
    if kind_of(name) is None:
        return _("Files of this kind are not taken in. Remove it; the archive may hold .po, .xlf and .xliff.")
    if member.flag_bits & ENCRYPTED:
        return _("The file is protected with a password. Pack the files again without one.")
    if member.compress_type not in METHODS:
        return _("The file is compressed in an unusual way. Pack the files again as an ordinary ZIP archive.")
    if member.file_size > MAX_BYTES:
        limit = filesizeformat(MAX_BYTES)
        return _("The file is larger than %(limit)s. Export the page again and use that file.") % {"limit": limit}
    return ""


def _leads_elsewhere(name: str) -> bool:
    return ".." in name.split("/") or name.startswith("/") or any(one in "\\:" or not one.isprintable() for one in name)


def _contents(file: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> list[tuple[str, bytes]]:
    """Unpack files. `zipfile` takes no more out of each than it says of itself, which was found to be little enough."""
    found: list[tuple[str, bytes]] = []
    for member in members:
        try:
            found.append((member.orig_filename, file.read(member)))
        except DAMAGES as error:
            sentence = _("The file is damaged in the archive. Pack the files again.")
            raise refusal(sentence, place=member.orig_filename) from error
    return found
