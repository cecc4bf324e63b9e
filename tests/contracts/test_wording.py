"""Files speak of the project: of what it is, not of how or where it came to be."""

from __future__ import annotations

import re

from tests.contracts.sources import ROOT, paths, python_sources

TEXT = (".py", ".md", ".html", ".css", ".js", ".toml", ".yaml", ".po", ".txt", ".svg", "Makefile", "run")
# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w./])/(?:h[o]me|w[o]rk|r[o]ot|U[s]ers)/[\w.]")
REGISTRY = re.compile(r"p[y]pi\.org|p[y]thonhosted|deb\.d[e]bian|registry\.n[p]mjs")
OPEN_WORK = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X|H[A]CK)\b")
SPEAKER = re.compile(r"\b[Ww]e\b(?![-'])")


def texts() -> list[tuple[str, str]]:
    return [(path, (ROOT / path).read_text(encoding="utf-8")) for path in paths() if path.endswith(TEXT)]


def found(pattern: re.Pattern[str]) -> list[str]:
    return [f"{path}: {match.group()}" for path, text in texts() for match in pattern.finditer(text)]


def test_no_path_of_a_machine() -> None:
    assert found(MACHINE_PATH) == []


def test_no_address_of_a_package_registry() -> None:
    assert found(REGISTRY) == []


def test_no_work_left_open() -> None:
    assert found(OPEN_WORK) == []


def test_comments_have_no_speaker() -> None:
    comments = [
        f"{source.path}:{number}"
        for source in python_sources()
        for number, line in enumerate(source.lines, start=1)
        if "#" in line and SPEAKER.search(line.partition("#")[2])
    ]
    assert comments == []
