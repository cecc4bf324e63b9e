"""Where domain apps meet without knowing each other. Apps register in `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cms.core import memory
from cms.core.querysets import PAGES
from cms.languages import reader_language

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class CountrySection:
    """A part of a country's profile that an app contributes.

    `rows` is given the country and returns at most a screenful of rows; `template` renders them as `rows`. What listing
    rows show of pages is loaded for all sections together. Sections stand in ascending `order`.
    """

    key: str
    order: int
    template: str
    rows: Callable[[Any], Any]

    def load(self, country: Any) -> LoadedSection:
        return LoadedSection(self.key, self.template, list(self.rows(country)))


@dataclass(frozen=True)
class LoadedSection:
    key: str
    template: str
    rows: list[Any]


@dataclass(frozen=True)
class PracticeSeed:
    """What the draft of a practice starts from: a page of another domain, whose language it takes, and its texts.

    `problem`, `approach` and `beneficiaries` are rich text.
    """

    origin: Any
    title: str
    summary: str
    problem: str
    approach: str
    beneficiaries: str
    country: Any
    themes: tuple[Any, ...]


_country_sections: dict[str, CountrySection] = {}
_profile_finders: list[Callable[[], dict[int, str]]] = []
_practice_makers: list[Callable[[PracticeSeed, Any], Any]] = []


def register_country_section(section: CountrySection) -> None:
    """Add a section, or replace the one with the same key."""
    _country_sections[section.key] = section


def country_sections() -> list[CountrySection]:
    return sorted(_country_sections.values(), key=lambda section: section.order)


def register_country_profiles(find: Callable[[], dict[int, str]]) -> None:
    """Say where the public profiles of countries stand in the reader's language, by country id."""
    _profile_finders[:] = [find]


def profile_paths() -> dict[int, str]:
    """Where the public profiles of countries stand in the reader's language, by country id.

    Loaded when a page was changed.
    """
    return memory.kept(
        PAGES,
        ("profiles", reader_language()),
        lambda: {country: path for find in _profile_finders for country, path in find().items()},
    )


def register_practice_maker(make: Callable[[PracticeSeed, Any], Any]) -> None:
    """Say how a draft of a practice is made: from a seed, for an account that may be None."""
    _practice_makers[:] = [make]


def make_practice_draft(seed: PracticeSeed, user: Any) -> Any:
    """The draft of a practice; None where there is no place for it in the language of the seed."""
    return next((make(seed, user) for make in _practice_makers), None)
