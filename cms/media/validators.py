"""Uploads are judged by what they contain, not by what they are called."""

from __future__ import annotations

import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.core.files import File

HEAD_BYTES = 4096
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "docx": (b"PK\x03\x04",),
    "ods": (b"PK\x03\x04",),
    "odt": (b"PK\x03\x04",),
    "pptx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
}
TEXT_EXTENSIONS = {"csv", "txt", "vtt"}
ACTIVE_CONTENT = (b"<script", b"<svg", b"<html", b"<!doctype html", b"<?php")
MAX_ARCHIVE_ENTRIES = 2_000
MAX_ARCHIVE_BYTES = 500 * 1024 * 1024


def validate_document_content(file: File[Any]) -> None:
    """Refuse a file whose content is not what its name says.

    Checks the signature of binary formats, that text is text without active content, and that an archive stays below
    2,000 entries and 500 MB when unpacked. Raises `ValidationError` with a sentence that names the file.
    """
    name = PurePath(file.name or "").name
    extension = PurePath(name).suffix.lower().lstrip(".")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if extension in TEXT_EXTENSIONS:
        if b"\x00" in head or any(mark in head.lower() for mark in ACTIVE_CONTENT):
            raise ValidationError(
                _("“%(name)s” is not a plain text file. Please upload the file in the format that its name says."),
                params={"name": name},
                code="not_text",
            )
        return
    if extension in SIGNATURES and not head.startswith(SIGNATURES[extension]):
        raise ValidationError(
            _("The content of “%(name)s” is not a %(extension)s file. Please save it in that format and try again."),
            params={"name": name, "extension": extension.upper()},
            code="wrong_content",
        )
    if head.startswith(b"PK"):
        _validate_archive(file, name)


def _validate_archive(file: File[Any], name: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise damaged(name) from error
    finally:
        file.seek(0)
    if len(entries) > MAX_ARCHIVE_ENTRIES or sum(entry.file_size for entry in entries) > MAX_ARCHIVE_BYTES:
        raise ValidationError(
            _("“%(name)s” unpacks to more than this platform accepts. Please upload its files one by one."),
            params={"name": name},
            code="archive_too_large",
        )


def damaged(name: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s” is damaged and cannot be opened. Please save it again and upload the new file."),
        params={"name": name},
        code="damaged",
    )
