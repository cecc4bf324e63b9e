"""Uploads are judged by what they contain."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.media.models import Document
from cms.media.validators import MAX_ARCHIVE_BYTES, MAX_ARCHIVE_ENTRIES, validate_document_content


def archive(entries: int = 1, *, claimed_size: int | None = None) -> bytes:
    """A zip archive; `claimed_size` is written into its directory in place of the true size of the last entry."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(entries):
            file.writestr(f"{number}.txt", "x")
        if claimed_size is not None:
            file.filelist[-1].file_size = claimed_size
    return buffer.getvalue()


ACCEPTED = {
    "report.pdf": b"%PDF-1.7 ...",
    "REPORT.PDF": b"%PDF-1.4",
    "table.xlsx": archive(),
    "letter.odt": archive(),
    "empty.zip": b"PK\x05\x06" + bytes(18),
    "data.csv": "год;дни\n2021;14\n".encode("cp1251"),
    "notes.txt": "Қазақша мәтін".encode(),
    "film.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello",
    "empty.txt": b"",
}
REFUSED = {
    "report.pdf": (b"MZ\x90\x00", "wrong_content"),
    "empty.pdf": (b"", "wrong_content"),
    "page.docx": (b"<html><script>alert(1)</script>", "wrong_content"),
    "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wrong_content"),
    "broken.zip": (b"PK\x03\x04 and then nothing", "damaged"),
    "cut.xlsx": (archive(3)[:60], "damaged"),
    "data.csv": (b"a;b\n\x00\x00", "not_text"),
    "page.txt": (b"  <!DOCTYPE html><p>", "not_text"),
    "drawing.csv": (b"<svg onload=alert(1)>", "not_text"),
    "shell.txt": (b"<?php system($_GET['c']); ?>", "not_text"),
    "script.vtt": (b"WEBVTT <ScRiPt>", "not_text"),
    "many.zip": (archive(MAX_ARCHIVE_ENTRIES + 1), "archive_too_large"),
    "bomb.zip": (archive(claimed_size=MAX_ARCHIVE_BYTES + 1), "archive_too_large"),
    "bomb.docx": (archive(claimed_size=MAX_ARCHIVE_BYTES + 1), "archive_too_large"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_file_that_is_what_its_name_says_is_accepted(name: str) -> None:
    file = ContentFile(ACCEPTED[name], name)
    validate_document_content(file)
    assert file.tell() == 0
    assert file.read() == ACCEPTED[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_something_else_is_refused_by_name(name: str) -> None:
    content, code = REFUSED[name]
    with pytest.raises(ValidationError) as caught:
        validate_document_content(ContentFile(content, f"C:/uploads/{name}"))
    assert caught.value.code == code
    assert f"“{name}”" in caught.value.messages[0]


def test_an_archive_of_the_largest_accepted_size_is_accepted() -> None:
    validate_document_content(ContentFile(archive(MAX_ARCHIVE_ENTRIES), "full.zip"))


def test_a_document_is_checked_when_it_is_uploaded_and_not_each_time_it_is_saved(db: None) -> None:
    document = Document(title="Report", file=SimpleUploadedFile("report.pdf", b"not a pdf"))
    with pytest.raises(ValidationError, match="is not a PDF file"):
        document.clean()
    document = Document.objects.create(title="Report", file=SimpleUploadedFile("report.pdf", b"%PDF-1.7"))
    document.file.storage.delete(document.file.name)
    document.clean()
