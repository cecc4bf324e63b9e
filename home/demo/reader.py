"""Reads the demonstration content: one TOML file per item, in the form that `content/README.md` describes."""

from __future__ import annotations

import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parent / "content"
LANGUAGES = ("en", "ru", "kk")
NAMESPACE = uuid.UUID("5f0c9d1e-7d0a-4c55-9a3e-0b8a5c1f2d36")

Table = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """One piece of content: its facts, and its texts per language."""

    slug: str
    facts: Table

    @property
    def languages(self) -> list[str]:
        """The source language first."""
        source = self.source_language
        return [source, *(code for code in LANGUAGES if code in self.facts and code != source)]

    @property
    def source_language(self) -> str:
        return str(self.facts.get("source_language", "en"))

    @property
    def days_ago(self) -> int:
        return int(self.facts.get("days_ago", 0))

    def text(self, language: str) -> Table:
        return dict(self.facts[language])

    def uid(self, *parts: object) -> str:
        """A UUID that is the same at every run: for the page itself and for each of its parts."""
        return str(uuid.uuid5(NAMESPACE, ":".join(map(str, (self.slug, *parts)))))


def read_items(folder: str) -> list[Item]:
    """The items of a folder, the oldest first, so that newer ones may refer to them."""
    files = sorted((CONTENT / folder).glob("*.toml"))
    return sorted((Item(path.stem, read_table(path)) for path in files), key=lambda item: -item.days_ago)


def read_table(path: Path) -> Table:
    """A TOML file. Raises `ValueError` that names the file where it is damaged."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
