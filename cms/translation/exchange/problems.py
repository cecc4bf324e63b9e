"""What is wrong with a file that somebody brings back, in sentences that say where it is and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PROBLEMS = 100  # of one file; whoever has so many has another file
LONGEST_SENTENCE, LONGEST_PLACE = 500, 200  # characters; both may quote what a file says


@dataclass(frozen=True)
class Problem:
    """A sentence about a line of a file, and about the place on the page or the file of an archive where known."""

    sentence: str
    line: int | None = None
    place: str = ""

    def __str__(self) -> str:
        facts = {"line": self.line, "place": self.place, "sentence": self.sentence}
        if self.line:
            form = _("Line %(line)d, %(place)s: %(sentence)s") if self.place else _("Line %(line)d: %(sentence)s")
        else:
            form = _("%(place)s: %(sentence)s") if self.place else "%(sentence)s"
        return form % facts


class ExchangeError(Exception):
    """A file that cannot be taken in. `problems` says why, the first hundred of them; nothing was changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class OutdatedError(ExchangeError):
    """A sound file of an original that has changed since; what still fits of it can be taken in."""


class Findings:
    """The problems of a file, collected so that whoever mends it sees all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, sentence: str, line: int | None = None, place: str = "") -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem(sentence, line, place))

    def raise_if_any(self) -> None:
        if self.problems:
            raise ExchangeError(self.problems)


def problem(sentence: str, line: int | None = None, place: str = "") -> Problem:
    return Problem(_clipped(sentence, LONGEST_SENTENCE), line, _clipped(place, LONGEST_PLACE))


def refusal(sentence: str, line: int | None = None, place: str = "") -> ExchangeError:
    return ExchangeError([problem(sentence, line, place)])


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
