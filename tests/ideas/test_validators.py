"""Attachments from the public: few kinds, small, and what they say they are."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture

from ideas.validators import validate_attachment


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = BytesIO()
    Picture.new("RGB", size, "teal").save(buffer, kind)
    return buffer.getvalue()


def archive(entries: int = 1, size: int = 10) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as opened:
        for number in range(entries):
            opened.writestr(f"word/{number}.xml", b"0" * size)
    return buffer.getvalue()


def claiming(size: int) -> bytes:
    """An archive whose directory says that its file unpacks to so much."""
    data = bytearray(archive())
    position = data.index(b"PK\x01\x02")
    data[position + 24 : position + 28] = struct.pack("<I", size)
    return bytes(data)


def enormous_picture() -> bytes:
    """A picture of a few bytes whose header says that it has ten thousand million pixels."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    body = struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + body + picture()[33:]


GOOD = [
    ("plan.pdf", b"%PDF-1.7 a plan"),
    ("PLAN.PDF", b"%PDF-1.7 a plan"),
    ("notes.txt", "Простой текст".encode()),
    ("table.csv", b"year;value\n2024;1"),
    ("plan.docx", archive()),
    ("photo.jpg", picture("JPEG")),
    ("photo.jpeg", picture("JPEG")),
    ("drawing.png", picture()),
    ("drawing.webp", picture("WEBP")),
]
BAD = [
    ("program.exe", b"MZ\x90", "wrong_kind"),
    ("page.html", b"<html>", "wrong_kind"),
    ("drawing.svg", b"<svg onload='x()'/>", "wrong_kind"),
    ("macro.docm", archive(), "wrong_kind"),
    ("files.zip", archive(), "wrong_kind"),
    ("plan", b"%PDF-1.7", "wrong_kind"),
    ("plan.pdf.exe", b"%PDF-1.7", "wrong_kind"),
    ("plan.pdf", b"<script>alert(1)</script>", "wrong_content"),
    ("plan.docx", b"%PDF-1.7", "wrong_content"),
    ("plan.docx", b"PK\x03\x04" + b"broken" * 10, "damaged"),
    ("bomb.docx", archive(entries=2_001), "archive_too_large"),
    ("bomb.xlsx", claiming(2**31), "archive_too_large"),
    ("notes.txt", b"<script>alert(1)</script>", "not_text"),
    ("notes.csv", b"a\x00b", "not_text"),
    ("photo.jpg", picture("PNG"), "damaged"),
    ("photo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 30, "damaged"),
    ("photo.png", picture()[:-40], "damaged"),
    ("photo.webp", b"RIFF....WEBP", "damaged"),
    ("photo.png", b"GIF89a<script>", "damaged"),
]


@pytest.mark.parametrize(("name", "content"), GOOD)
def test_what_is_accepted(name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content)
    validate_attachment(file)
    assert file.read() == content, "it is stored from its beginning"


@pytest.mark.parametrize(("name", "content", "code"), BAD)
def test_what_is_refused_and_why(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_attachment(SimpleUploadedFile(name, content))
    assert caught.value.code == code
    assert f"“{name}”" in caught.value.messages[0]


def test_a_large_file_is_refused(settings: Any) -> None:
    settings.IDEAS_FILE_SIZE = 1000
    validate_attachment(SimpleUploadedFile("notes.txt", b"x" * 1000))
    with pytest.raises(ValidationError, match=r"too large"):
        validate_attachment(SimpleUploadedFile("notes.txt", b"x" * 1001))


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(ValidationError) as caught:
        validate_attachment(SimpleUploadedFile("photo.png", enormous_picture()))
    assert caught.value.code == "too_many_pixels"
