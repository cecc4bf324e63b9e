"""The interface speaks every language completely, and says the same in each."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import polib
import pytest

from tests.contracts.sources import ROOT, paths

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = ("ru", "kk")
PARTIAL = "ar"
FRAME = ("templates/base.html", "templates/components/", "templates/layouts/")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
SAME_IN_EVERY_LANGUAGE = {"API", "Atom", "Authorization", "Bearer", "GET", "OpenAPI", "RSS", "ics"}
NAMES = {"API", "Atom", "CSV", "ICS", "JSON", "RSS"}
TAG = re.compile(r"</?\w+")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What a translator would be given today: extracted afresh from a copy of the sources."""
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed.")
    copy = tmp_path_factory.mktemp("extraction")
    for path in paths():
        if path.endswith((".py", ".html", ".txt", ".xml")) and not path.startswith(("tests/", "docs/")):
            target = copy / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, target)
    (copy / "locale").mkdir(exist_ok=True)
    program = "import pathlib, catalogues; catalogues.extract(pathlib.Path.cwd(), ('en',))"
    _run(program, copy)
    return polib.pofile(str(copy / "locale/en/LC_MESSAGES/django.po"))


def _run(program: str, folder: Path) -> None:
    lines = f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); {program}"
    answer = subprocess.run([sys.executable, "-c", lines], cwd=folder, check=False, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po"))


def key(entry: Any) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def texts(entry: Any) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", COMPLETE)
def test_catalogue_holds_what_the_code_says(language: str, extracted: polib.POFile) -> None:
    here, there = {key(entry) for entry in catalogue(language)}, {key(entry) for entry in extracted}
    assert extracted
    assert sorted(there - here, key=str) == [], "Missing: run make messages and translate."
    assert sorted(here - there, key=str) == [], "No longer used: run make messages."


@pytest.mark.parametrize("language", COMPLETE)
def test_catalogue_is_complete(language: str) -> None:
    entries = catalogue(language)
    forms = int(re.findall(r"nplurals=(\d+)", entries.metadata["Plural-Forms"])[0])
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    assert [entry.msgid for entry in entries if not all(texts(entry))] == []
    assert [entry.msgid for entry in entries if entry.msgid_plural and len(texts(entry)) != forms] == []


@pytest.mark.parametrize("language", [*COMPLETE, PARTIAL])
def test_translations_keep_placeholders_and_tags(language: str) -> None:
    assert [entry.msgid for entry in catalogue(language) if not _keeps(entry)] == []


def _keeps(entry: Any) -> bool:
    """A plural form may leave out the number, as in “one result”, but never invents a placeholder."""
    for text in filter(None, texts(entry)):
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        found = set(PLACEHOLDER.findall(text))
        if found - wanted or (not entry.msgid_plural and found != wanted):
            return False
        if sorted(TAG.findall(text)) != sorted(TAG.findall(entry.msgid_plural or entry.msgid)):
            return False
    return True


def test_the_frame_of_every_page_is_there_in_arabic(extracted: polib.POFile) -> None:
    known = {key(entry) for entry in catalogue(PARTIAL) if all(texts(entry))}
    frame = [entry for entry in extracted if any(path.startswith(FRAME) for path, _line in entry.occurrences)]
    assert frame
    assert [entry.msgid for entry in frame if key(entry) not in known] == []


def test_every_public_template_is_translatable() -> None:
    """A template with words of its own marks them; one that only arranges other pieces has none."""
    silent = [
        path for path in paths() if path.startswith("templates/") and path.endswith(".html") and _has_bare_words(path)
    ]
    assert silent == []


def _has_bare_words(path: str) -> bool:
    text = (ROOT / path).read_text()
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style).*?</\1>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(?:\"[^\"]*\"|[^>\"])*>|&\w+;", " ", text, flags=re.DOTALL)
    return bool(set(re.findall(r"[A-Za-z]{3,}", text)) - SAME_IN_EVERY_LANGUAGE)
