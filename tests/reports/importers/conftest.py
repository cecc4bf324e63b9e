"""What tests of imports share: a site with its countries, and a way to import files."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.services import Wish, import_statistics
from taxonomy.services import load_vocabularies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.reporting import FileReport


@pytest.fixture(scope="module")
def countries(made_once: Callable[[Callable[[], Any]], Any]) -> None:
    """All countries of ISO 3166-1."""
    made_once(lambda: load_vocabularies(None))


@pytest.fixture
def take(countries: None, db: None) -> Callable[..., list[FileReport]]:
    """Import files of a profile, as the command and the screen do."""

    def take_files(
        profile: str, *paths: Path, indicator: str = "", only_country: int | None = None, **wish: Any
    ) -> Any:
        form = PROFILES[profile]
        files = [TextFile.at(path, form.encoding) for path in paths]
        return import_statistics(form, files, Options(indicator, only_country), Wish(**wish))

    return take_files


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of some lines, packed where its name says so."""

    def write_lines(name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        content = "".join(f"{line}\n" for line in lines).encode(encoding)
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write_lines
