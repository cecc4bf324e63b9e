"""Small real files in the media library."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Picture

from cms.media.models import Document, Image


def make_image(title: str = "Reading room", *, size: tuple[int, int] = (64, 48), **facts: Any) -> Image:
    buffer = BytesIO()
    Picture.new("RGB", size, "teal").save(buffer, "PNG")
    return Image.objects.create(title=title, file=ContentFile(buffer.getvalue(), "picture.png"), **facts)


def make_document(
    title: str = "Handbook", content: bytes = b"%PDF-1.7 handbook", name: str = "handbook.pdf", **facts: Any
) -> Document:
    return Document.objects.create(title=title, file=ContentFile(content, name), file_size=len(content), **facts)
