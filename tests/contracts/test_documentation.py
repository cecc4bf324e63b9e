"""The documentation names what there is, and nothing that there is not."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

import pytest
from django.core.management import get_commands

from tests.contracts.sources import APPS, ROOT, products, python_sources

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# The first row of a table's columns: what the row is about, in code marks.
SUBJECT = re.compile(r"^\| `([^`]+)`", re.MULTILINE)


def subjects(page: str) -> set[str]:
    return set(SUBJECT.findall((REFERENCE / page).read_text()))


def test_every_environment_variable_is_documented() -> None:
    read = (ROOT / "cms/settings/env.py").read_text()
    names = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", read))
    assert names
    assert names | {"DJANGO_SETTINGS_MODULE"} == subjects("settings.md")


def test_every_command_is_documented() -> None:
    ours = {name for name, app in get_commands().items() if app in {path.replace("/", ".") for path in APPS}}
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert ours
    assert {f"manage.py {name}" for name in ours} | {f"make {name}" for name in targets} == subjects("commands.md")


def test_every_system_check_is_documented() -> None:
    ids = {found for source in products() for found in re.findall(r"id=\"(\w+\.[EW]\d{3})\"", source.text)}
    assert ids
    assert ids == subjects("checks.md")


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    required = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert {re.split(r"[\[~=<> ]", line)[0] for line in required} == subjects("dependencies.md")


def test_every_import_is_a_dependency() -> None:
    """What is imported is asked for, and not only there because something else brings it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    to_run = names_of(project["project"]["dependencies"])
    to_develop = to_run | names_of(project["dependency-groups"]["dev"])
    owners = packages_distributions()
    missing = [
        f"{source.path}: {module}"
        for source in python_sources()
        if not source.is_migration
        for module in sorted(source.imports - sys.stdlib_module_names)
        if module in owners
        and not {canonical(name) for name in owners[module]} & (to_run if source.is_product else to_develop)
    ]
    assert missing == []


def names_of(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[\[~=<> ]", line)[0]) for line in requirements}


def canonical(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_locked() -> None:
    lines = re.findall(r"^([\w.-]+)==", (ROOT / "requirements/dev.txt").read_text(), re.MULTILINE)
    assert {canonical(name) for name in subjects("dependencies.md")} <= {canonical(name) for name in lines}


def test_decisions_are_titled_by_what_was_decided() -> None:
    records = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        lines = path.read_text().splitlines()
        title = lines[0].removeprefix(f"# {path.name[:4]} ")
        assert title != lines[0], f"{path.name} begins with its number and its title"
        assert len(title.split()) > 3, f"{path.name}: the title states the decision"
        assert not title.endswith("?"), f"{path.name}: the title states the decision"
        assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


@pytest.mark.parametrize("path", [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(path.read_text()):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _hash, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """As repository hosts make them from headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_every_page_is_reachable_from_the_index() -> None:
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in LINK.findall((DOCS / "README.md").read_text())}
    assert {path for path in DOCS.rglob("*.md") if path.name != "README.md"} <= linked
