"""Hostile files are refused in every form of the admin that takes one, with a sentence; what is served runs nowhere."""

from __future__ import annotations

import itertools
import json
import struct
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import FakePayload, RequestFactory
from django.urls import reverse
from PIL import Image as Picture
from wagtail.models import Collection, UploadedFile

from cms.media.models import Document, Image
from cms.media.validators import MAX_ARCHIVE_BYTES
from tests.factories.media import make_document, make_image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

MEBIBYTE = 1024 * 1024
MARK = b"and 200 MB of zeros"
PDF = b"%PDF-1.7 handbook"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'


def picture(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    buffer = BytesIO()
    Picture.new("L", size).save(buffer, kind)
    return buffer.getvalue()


def pixel_bomb() -> bytes:
    """A PNG of a few bytes that claims to be 50,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return PNG_SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def blank_after(content: bytes, mark: bytes) -> bytes:
    head, found, rest = content.partition(mark)
    return head + found + bytes(len(rest))


def zip_bomb() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("zeros.txt", "0")
        archive.filelist[-1].file_size = MAX_ARCHIVE_BYTES + 1
    return buffer.getvalue()


DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "drawing.svg": (lambda: SVG, "not allowed"),
    "page.html": (lambda: HTML, "not allowed"),
    "report.pdf.exe": (lambda: PDF, "not allowed"),
    "report": (lambda: PDF, "not allowed"),
    "report.pdf": (lambda: HTML, "is not a PDF file"),
    "invoice.html.pdf": (lambda: HTML, "is not a PDF file"),
    "notes.txt": (lambda: HTML, "is not a plain text file"),
    "data.csv": (lambda: SVG, "is not a plain text file"),
    "broken.xlsx": (lambda: b"PK\x03\x04 broken", "is damaged"),
    "bomb.zip": (zip_bomb, "unpacks to more than this platform accepts"),
    "huge.pdf": (lambda: PDF + bytes(20 * MEBIBYTE), "This file is too big"),
}
IMAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "drawing.svg": (lambda: SVG, "Not a supported image format"),
    "drawing.png": (lambda: SVG, "Not a valid .png image"),
    "page.png": (lambda: HTML, "not an image"),
    "photo.jpg": (lambda: picture("PNG"), "Not a valid .jpeg image"),
    "scan.tiff": (lambda: picture("TIFF"), "Not a supported image format"),
    "photo.png.php": (lambda: picture("PNG"), "Not a supported image format"),
    "header.png": (lambda: PNG_SIGNATURE + b"and then nothing", "is damaged and cannot be opened"),
    "cut.png": (lambda: picture("PNG")[:60], "is damaged and cannot be opened"),
    "cut.jpg": (lambda: picture("JPEG", (400, 300))[:400], "is damaged and cannot be opened"),
    "cut.webp": (lambda: picture("WEBP", (400, 300))[:60], "is damaged and cannot be opened"),
    "colours.avif": (lambda: blank_after(picture("AVIF"), b"mdat"), "is damaged and cannot be opened"),
    "places.avif": (lambda: picture("AVIF").replace(b"iloc", b"xloc"), "is damaged and cannot be opened"),
    "bomb.png": (pixel_bomb, "too many pixels"),
    "large.png": (lambda: picture("PNG", (8000, 6000)), "too many pixels"),
    "heavy.png": (lambda: picture("PNG") + bytes(10 * MEBIBYTE), "This file is too big"),
}


def upload_singly(client: Client, app: str, name: str, content: bytes) -> str:
    """Through the form for one file; the answer as text."""
    data = {"title": name, "collection": Collection.get_first_root_node().pk, "tags": "", "language": ""}
    response = client.post(reverse(f"{app}:add"), data | {"file": SimpleUploadedFile(name, content)})
    return response.content.decode()


def upload_together(client: Client, app: str, name: str, content: bytes, **data: Any) -> dict[str, Any]:
    """Through the form that takes several files, each in a request of its own."""
    file = {"files[]": SimpleUploadedFile(name, content)}
    url = reverse(f"{app}:add_multiple")
    answer: dict[str, Any] = client.post(url, file | data, headers={"X-Requested-With": "XMLHttpRequest"}).json()
    return answer


def upload_in_chooser(client: Client, app: str, name: str, content: bytes) -> str:
    """Through the window in which an editor chooses a file for a page."""
    prefix = {"wagtaildocs": "document-chooser-upload", "wagtailimages": "image-chooser-upload"}[app]
    data = {"title": name, "collection": Collection.get_first_root_node().pk, "file": SimpleUploadedFile(name, content)}
    url = reverse(f"{app}_chooser:create")
    return client.post(url, {f"{prefix}-{key}": value for key, value in data.items()}).content.decode()


def stored() -> int:
    """How many objects and files the media library holds."""
    folders = ("documents", "original_images", "uploaded_documents")
    files = sum(len(default_storage.listdir(folder)[1]) for folder in folders if default_storage.exists(folder))
    return files + Document.objects.count() + Image.objects.count() + UploadedFile.objects.count()


@pytest.mark.parametrize(
    ("app", "name", "made", "sentence"),
    [("wagtaildocs", name, *refusal) for name, refusal in DOCUMENTS.items()]
    + [("wagtailimages", name, *refusal) for name, refusal in IMAGES.items()],
)
def test_a_hostile_file_is_refused_in_every_form(
    admin_client: Client, app: str, name: str, made: Callable[[], bytes], sentence: str
) -> None:
    before, content = stored(), made()

    page = upload_singly(admin_client, app, name, content)
    answer = upload_together(admin_client, app, name, content)
    window = upload_in_chooser(admin_client, app, name, content)

    assert sentence in page
    assert answer["success"] is False
    assert sentence in answer["error_message"]
    assert sentence in window
    assert stored() == before


@pytest.mark.parametrize(
    ("app", "model", "name", "content"),
    [
        ("wagtaildocs", Document, "handbook.pdf", PDF),
        ("wagtaildocs", Document, "report.html.pdf", PDF),
        ("wagtaildocs", Document, "данные.csv", "год;дни\n2021;14\n".encode()),
        ("wagtailimages", Image, "photo.png", picture("PNG")),
        ("wagtailimages", Image, "photo.jpg", picture("JPEG")),
        ("wagtailimages", Image, "photo.webp", picture("WEBP")),
        ("wagtailimages", Image, "photo.avif", picture("AVIF")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_honest_file_is_accepted_in_every_form(
    admin_client: Client, app: str, model: Any, name: str, content: bytes
) -> None:
    upload_singly(admin_client, app, name, content)
    answer = upload_together(admin_client, app, name, content)
    window = upload_in_chooser(admin_client, app, name, content)

    assert answer["success"] is True
    assert json.loads(window)["step"] in {"chosen", "duplicate_found"}
    assert model.objects.count() == 3


class LargeBody:
    """The body of a request in which a mark stands for 200 MB of zeros, which are made while they are read."""

    def __init__(self, content: bytes, folder: Path) -> None:
        head, self.mark, tail = content.partition(MARK)
        self.size = len(head) + 200 * MEBIBYTE + len(tail)
        self.rest = itertools.chain([head], itertools.repeat(bytes(MEBIBYTE), 200), [tail])
        self.buffer = b""
        self.folder = folder
        self.most_kept = 0

    def read(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self.buffer += next(self.rest)
            self.most_kept = max(self.most_kept, sum(path.stat().st_size for path in self.folder.iterdir()))
        content, self.buffer = self.buffer[:size], self.buffer[size:]
        return content

    def readline(self) -> bytes:
        raise NotImplementedError


@pytest.fixture
def large_bodies(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> list[LargeBody]:
    """What the client has sent after the mark was inflated."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    bodies: list[LargeBody] = []
    plain = admin_client.request

    def request(**environment: Any) -> Any:
        body = LargeBody(environment["wsgi.input"].read(), tmp_path)
        if body.mark:
            bodies.append(body)
            environment |= {"wsgi.input": body, "CONTENT_LENGTH": str(body.size)}
        else:
            environment["wsgi.input"] = FakePayload(b"")
        return plain(**environment)

    monkeypatch.setattr(admin_client, "request", request)
    return bodies


@pytest.mark.parametrize(
    "file",
    [("wagtaildocs", "film.pdf", PDF + MARK), ("wagtailimages", "film.png", picture("PNG") + MARK)],
    ids=["document", "image"],
)
@pytest.mark.parametrize("upload", [upload_singly, upload_together, upload_in_chooser])
def test_a_file_of_200_megabytes_is_refused_with_its_size_and_never_stored_whole(
    admin_client: Client, large_bodies: list[LargeBody], file: tuple[str, str, bytes], upload: Callable[..., Any]
) -> None:
    before = stored()

    answer = str(upload(admin_client, *file)).replace("\\xa0", "\xa0").replace("\\u00a0", "\xa0")

    assert "This file is too big (200.0\xa0MB). Maximum filesize " in answer
    assert "not allowed" not in answer, "one reason is enough"
    assert 0 < large_bodies[0].most_kept <= 20 * MEBIBYTE
    assert stored() == before


def test_many_files_in_one_request_do_not_fill_the_disk(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    files = {f"file{number}": SimpleUploadedFile("a.bin", bytes(6 * MEBIBYTE)) for number in range(4)}

    request = RequestFactory().post(reverse("wagtailadmin_login"), files)

    sizes = [file.size for _name, (file,) in request.FILES.lists()]
    kept = sum(path.stat().st_size for path in tmp_path.iterdir())
    request.close()
    assert sizes[:3] == [6 * MEBIBYTE] * 3
    assert sizes[3] > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE, "what is not whole is refused by every form"
    assert kept <= settings.WAGTAILDOCS_MAX_UPLOAD_SIZE


@pytest.mark.parametrize("padding", [0, 3 * MEBIBYTE], ids=["in memory", "on disk"])
def test_no_file_name_becomes_markup(admin_client: Client, padding: int) -> None:
    """The uploader for several files inserts the sentence as HTML."""
    hostile = "<img src=x onerror=alert(1)>"

    broken = upload_together(admin_client, "wagtaildocs", f"{hostile}.pdf", HTML + bytes(padding))
    unknown = upload_together(admin_client, "wagtaildocs", f"a.{hostile}", PDF + bytes(padding))

    assert "“img src=x onerror=alert(1).pdf” is not a PDF file" in broken["error_message"]
    assert "not allowed" in unknown["error_message"]
    assert "<" not in broken["error_message"] + unknown["error_message"]


def test_a_file_refused_for_its_title_is_judged_by_its_content_all_the_same(admin_client: Client) -> None:
    """Wagtail keeps a file whose form is wrong elsewhere, to ask for the rest."""
    refused = upload_together(admin_client, "wagtaildocs", "page.pdf", HTML, title="t" * 300)
    kept = upload_together(admin_client, "wagtaildocs", "page.pdf", PDF, title="t" * 300)

    assert refused["success"] is False
    assert "is not a PDF file" in refused["error_message"]
    assert (kept["success"], UploadedFile.objects.count()) == (True, 1)


def test_a_document_is_not_replaced_by_a_hostile_file(admin_client: Client) -> None:
    document = make_document("Handbook", PDF)
    data = {"title": "Handbook", "collection": document.collection_id, "tags": "", "language": ""}

    response = admin_client.post(
        reverse("wagtaildocs:edit", args=(document.pk,)), data | {"file": SimpleUploadedFile("new.pdf", HTML)}
    )

    assert "is not a PDF file" in response.content.decode()
    with Document.objects.get(pk=document.pk).file.open() as file:
        assert file.read() == PDF


def test_limits_are_those_of_the_settings(admin_client: Client) -> None:
    html = admin_client.get(reverse("wagtaildocs:add")).content.decode()

    assert settings.WAGTAILDOCS_MAX_UPLOAD_SIZE == 20 * MEBIBYTE
    assert settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE == 10 * MEBIBYTE
    assert "Maximum filesize: 20.0\xa0MB." in html


@pytest.mark.parametrize(("name", "content"), [("handbook.pdf", PDF), ("notes.txt", b"Minutes of the meeting")])
@pytest.mark.django_db
def test_a_document_is_served_as_an_attachment_that_runs_nothing(client: Client, name: str, content: bytes) -> None:
    document = make_document("Handbook", content, name)

    response = client.get(document.url)

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue() == content


@pytest.mark.django_db
def test_a_document_under_another_name_is_not_found(client: Client) -> None:
    document = make_document("Handbook", PDF)

    assert client.get(document.url.replace(".pdf", ".html")).status_code == 404
    assert client.get(f"/documents/{document.pk + 1}/handbook.pdf").status_code == 404
    assert client.get(f"/documents/{'1' * 4301}/handbook.pdf").status_code == 404


def test_images_keep_their_credit_in_the_form(admin_client: Client) -> None:
    image = make_image()
    data = {"title": "Hall", "collection": image.collection_id, "credit": "City archive"}
    focus = {f"focal_point_{name}": "" for name in ("x", "y", "width", "height")}

    admin_client.post(reverse("wagtailimages:edit", args=(image.pk,)), data | focus)

    assert Image.objects.get(pk=image.pk).credit == "City archive"
