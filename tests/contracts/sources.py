"""The project's own files, as the contract tests read them."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOMAINS = ("home", "ideas", "news", "practices", "reports", "search", "taxonomy")
MODULES = ("api", "background", "core", "delivery", "media", "partners", "users", "workflows")
APPS = (*DOMAINS, *(f"cms/{name}" for name in MODULES))


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    length: int


@dataclass(frozen=True)
class Source:
    """A text file of the project; `path` is relative to its root, with slashes."""

    path: str

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def is_test(self) -> bool:
        return self.path.startswith("tests/")

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path

    @property
    def is_product(self) -> bool:
        """Code that readers and editors run, and not what tests, measures or starts it."""
        return not self.is_migration and self.path.startswith(("cms/", *(f"{name}/" for name in DOMAINS)))

    @cached_property
    def imports(self) -> set[str]:
        """Top-level names of the modules that the file imports by absolute names."""
        names: set[str] = set()
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
        return {name.partition(".")[0] for name in names}

    @cached_property
    def functions(self) -> list[Function]:
        nodes = (
            node for node in ast.walk(ast.parse(self.text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )
        return [Function(node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1) for node in nodes]


@cache
def paths() -> tuple[str, ...]:
    """Every file that is, or would be, under version control, in alphabetical order."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return tuple(sorted(path for path in set(listed) if (ROOT / path).is_file()))


@cache
def python_sources() -> tuple[Source, ...]:
    return tuple(Source(path) for path in paths() if path.endswith(".py"))


def products() -> list[Source]:
    return [source for source in python_sources() if source.is_product]
