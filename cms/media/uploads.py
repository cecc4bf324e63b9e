"""How the files of a request are received, before a form or even the sender's account is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# Wagtail's uploaders insert sentences, which may hold the name of the file, into the page as HTML.
REMOVED = str.maketrans("", "", "<>")


def largest_upload() -> int:
    """Bytes of the largest file that any form accepts."""
    return max(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)


class MemoryHandler(MemoryFileUploadHandler):
    """As Django's; names lose their angle brackets."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name.translate(REMOVED), *args, **kwargs)


class DiskHandler(TemporaryFileUploadHandler):
    """As Django's; names lose their angle brackets, and a request fills no disk.

    Of all files of a request together, no more is kept than the largest upload that any form accepts. A file of which
    something is missing has the size that was sent, or at least one that every form refuses.
    """

    received = 0

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name.translate(REMOVED), *args, **kwargs)
        self.is_whole = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= largest_upload():
            super().receive_data_chunk(raw_data, start)
        else:
            self.is_whole = False

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        size = file_size if self.is_whole else max(file_size, largest_upload() + 1)
        return super().file_complete(size)
