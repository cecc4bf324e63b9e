"""Where domain apps meet without knowing each other. Apps register in `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


_country_sections: dict[str, CountrySection] = {}
_profile_finders: list[Callable[[Any], Any]] = []


def register_country_section(section: CountrySection) -> None:
    """Add a section, or replace the one with the same key."""
    _country_sections[section.key] = section


def country_sections() -> list[CountrySection]:
    return sorted(_country_sections.values(), key=lambda section: section.order)


def register_country_profiles(find: Callable[[Any], Any]) -> None:
    """Say how the public profile of a country is found in the reader's language."""
    _profile_finders[:] = [find]


def country_profile(country: Any) -> Any | None:
    """The profile of a country; None where it has none that the reader can see."""
    return next((find(country) for find in _profile_finders if country), None)
