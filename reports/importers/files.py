"""Files of tables as blocks of lines: unpacked, checked, numbered, and never held in memory as a whole."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from reports.importers.errors import RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_BYTES = 128 * 1024
MAX_RECORD_BYTES = 256 * 1024
MAX_FILE_BYTES = 4 * 1024**3
GZIP_MAGIC = b"\x1f\x8b"
# Every record goes to the reader between its line number and this mark, so that rows that are too short or too long
# are found. It is no character of a text, and a file that has it is refused.
END_OF_RECORD = "\x1e"
FORBIDDEN = (b"\x00", END_OF_RECORD.encode())
BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


def quoting(separator: str) -> re.Pattern[bytes]:
    """Records in which each value is quoted as a whole, or not at all, and quotation marks within are doubled."""
    value = rf'(?:"(?:[^"]++|"")*+"|[^"{separator}]*+)'.encode()
    return re.compile(value + rb"(?:" + re.escape(separator).encode() + value + rb")*+")


@dataclass
class OpenRecord:
    """A record of several lines, of which a quotation mark is still open."""

    parts: list[bytes] = field(default_factory=list)
    line: int = 0
    size: int = 0

    def add(self, part: bytes, line: int) -> bool:
        """Add a line, and say whether it closes the quotation mark."""
        if not self.parts:
            self.line, self.size = line, 0
        closes = bool(self.parts) and part.count(b'"') % 2 == 1
        self.parts.append(part)
        self.size += len(part) + 1
        return closes

    def take(self) -> tuple[bytes, int]:
        """The whole record and the number of its first line."""
        parts, self.parts = self.parts, []
        return b"\n".join(parts), self.line


@dataclass(frozen=True)
class TextFile:
    """A text file with one record a line, packed with gzip or not.

    `name` is what people call the file; an upload lies elsewhere on the disk.
    """

    path: Path
    name: str
    encoding: str = "utf-8"

    @classmethod
    def at(cls, path: str | Path, encoding: str = "utf-8") -> TextFile:
        return cls(Path(path), Path(path).name, encoding)

    @property
    def stem(self) -> str:
        """The name in small letters without its endings."""
        return self.name.lower().removesuffix(".gz").rpartition(".")[0] or self.name.lower()

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def sha256(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def refuse(self, reason: str, line: int | None = None, column: str = "") -> RefusedFileError:
        return RefusedFileError(self.name, reason, line, column)

    def text(self) -> str:
        """The whole of a small file, such as a description of columns."""
        return "".join(block.decode() for _first, block, _read in self._blocks())

    def header(self, separator: str) -> list[str]:
        """The names of the columns, from the first line."""
        _first, block, _read = next(self._blocks(), (1, b"", 0))
        line = block.partition(b"\n")[0].decode().rstrip("\r")
        if not line.strip():
            raise self.refuse(_("The file is empty, or its first line is: it has to name the columns."), 1)
        try:
            return next(csv.reader([line], delimiter=separator))
        except csv.Error as error:
            raise self.refuse(_("A name of a column is longer than 128 KB: this is not a table."), 1) from error

    def records(self, separator: str) -> Iterator[tuple[bytes, int]]:
        """Blocks of records after the header, and the bytes of the file read so far.

        In front of each record stands the number of its line, behind it `END_OF_RECORD`. Empty lines are left out.
        """
        mark, comma = f"{separator}{END_OF_RECORD}\n".encode(), separator.encode()
        well_quoted, open_record = quoting(separator), OpenRecord()
        for first, block, read in self._blocks():
            records = []
            lines = block.removesuffix(b"\n").split(b"\n")
            has_quotes = bool(open_record.parts) or b'"' in block
            for number, content in enumerate(lines, start=first):
                line, began = content.removesuffix(b"\r"), number
                if number == 1 or (not line and not open_record.parts):
                    continue
                if has_quotes and (open_record.parts or line.count(b'"') % 2):
                    if not open_record.add(line, number):
                        if open_record.size > MAX_RECORD_BYTES:
                            raise self._open_quotation(open_record.line)
                        continue
                    line, began = open_record.take()
                if has_quotes and b'"' in line and not well_quoted.fullmatch(line):
                    reason = _(
                        "A quotation mark stands where it may not. Quote the whole value, and double those in it."
                    )
                    raise self.refuse(reason, began)
                records.append(b"%d%b%b%b" % (began, comma, line, mark))
            if records:
                yield b"".join(records), read
        if open_record.parts:
            raise self._open_quotation(open_record.line)

    def _open_quotation(self, line: int) -> RefusedFileError:
        return self.refuse(_("A quotation mark is opened here and never closed. Close it, or double it."), line)

    def _blocks(self) -> Iterator[tuple[int, bytes, int]]:
        """(Number of the first line, complete lines as UTF-8, bytes of the file read so far)."""
        number, total = 1, 0
        with self.path.open("rb") as raw:
            packed = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]  # it reads bytes
            while block := self._next(stream, number):
                total += len(block)
                if total > MAX_FILE_BYTES:
                    raise self.refuse(_("The file unpacks to more than 4 GB. Divide it."), number)
                text = self._as_utf8(block, number)
                yield number, text, raw.tell()
                number += text.count(b"\n")

    def _next(self, stream: IO[bytes], number: int) -> bytes:
        try:
            block = stream.read(BLOCK_BYTES)
            rest = stream.readline(MAX_RECORD_BYTES + 1) if block and not block.endswith(b"\n") else b""
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            reason = _("The packed file is damaged or cut off from here on. Fetch it again from its source.")
            raise self.refuse(reason, number) from error
        block += rest
        if max(map(len, block.split(b"\n"))) > MAX_RECORD_BYTES:
            lines = [len(line) > MAX_RECORD_BYTES for line in block.split(b"\n")]
            raise self.refuse(_("The line is longer than 256 KB: this is not a table."), number + lines.index(True))
        return block

    def _as_utf8(self, block: bytes, number: int) -> bytes:
        if number == 1:
            if block[:2] in BYTE_ORDER_MARKS:
                raise self._wrong_encoding(1)
            block = block.removeprefix(codecs.BOM_UTF8)
        for character in FORBIDDEN:
            if character in block:
                line = number + block[: block.index(character)].count(b"\n")
                raise self.refuse(_("The line has characters that belong to no text: this is not a table."), line)
        try:
            text = block.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise self._wrong_encoding(number + block[: error.start].count(b"\n")) from error
        return block if self.encoding == "utf-8" else text.encode()

    def _wrong_encoding(self, line: int) -> RefusedFileError:
        reason = _("The text is not in the encoding %(encoding)s. Save the file in it.")
        return self.refuse(reason % {"encoding": self.encoding.upper()}, line)
