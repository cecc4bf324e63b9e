from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class RefusedFileError(Exception):
    """A file, or a choice made for it, with which nothing can be done: no value of the import is kept.

    `reason` says what is wrong and what to do; line and column say where, as far as that is known.
    """

    file: str
    reason: str
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        places = [self.file] if self.file else []
        places += [_("line %(line)d") % {"line": self.line}] if self.line else []
        places += [_("column “%(column)s”") % {"column": self.column}] if self.column else []
        return f"{', '.join(places)}: {self.reason}" if places else self.reason
