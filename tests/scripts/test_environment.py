"""The project's own virtual environment: made once, brought up to date when the lock changes, refused in a sentence."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def environment(program: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program for a project in a folder of its own, with what it would have started in `commands`."""
    module = program("scripts/environment.py")
    (tmp_path / "requirements").mkdir()
    for kind in ("base", "dev"):
        (tmp_path / "requirements" / f"{kind}.txt").write_text(f"{kind}==1.0\n")
    module.ROOT, module.FOLDER = tmp_path, tmp_path / ".venv"
    module.PYTHON, module.STAMP = tmp_path / ".venv/bin/python", tmp_path / ".venv/installed.json"
    module.commands, module.exit_code = [], 0

    def run(command: list[str], **options: Any) -> Any:
        module.commands.append(command)
        return SimpleNamespace(returncode=module.exit_code)

    def create(folder: Path, **options: Any) -> None:
        assert options == {"with_pip": True}
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/python").touch()

    monkeypatch.setattr(module.subprocess, "run", run)
    monkeypatch.setattr(module.venv, "create", create)
    return module


def test_what_is_missing_is_made_and_installed_by_hash(environment: Any, capsys: pytest.CaptureFixture[str]) -> None:
    environment.ensure("base")
    (command,) = environment.commands
    assert command[0] == str(environment.PYTHON)
    assert {"--require-hashes", "--no-deps"} <= set(command)
    assert command[-2:] == ["-r", str(environment.ROOT / "requirements/base.txt")]
    assert environment.is_installed("base")
    assert not environment.is_installed("dev")
    told = capsys.readouterr().out
    assert "Creating the virtual environment in .venv" in told
    assert "requirements/base.txt" in told


def test_what_is_there_is_left_alone(environment: Any, capsys: pytest.CaptureFixture[str]) -> None:
    environment.ensure("dev")
    environment.commands.clear()
    capsys.readouterr()
    environment.ensure("dev")
    environment.ensure("base")
    assert environment.commands == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("kind", "changed"), [("base", "base"), ("dev", "base"), ("dev", "dev")])
def test_a_changed_lock_is_installed_without_making_the_environment_anew(
    environment: Any, capsys: pytest.CaptureFixture[str], kind: str, changed: str
) -> None:
    environment.ensure(kind)
    capsys.readouterr()
    (environment.ROOT / "requirements" / f"{changed}.txt").write_text("changed==2.0\n")
    assert not environment.is_installed(kind)
    environment.ensure(kind)
    assert len(environment.commands) == 2
    assert "Creating" not in capsys.readouterr().out


@pytest.mark.parametrize("stamp", ["", "{", "[]", '"base.txt"', "null", '{"base.txt": 1}', "\0"])
def test_a_damaged_stamp_counts_as_none(environment: Any, stamp: str) -> None:
    environment.ensure("base")
    environment.STAMP.write_text(stamp)
    assert not environment.is_installed("base")


def test_an_environment_without_its_python_counts_as_none(environment: Any) -> None:
    environment.ensure("base")
    environment.PYTHON.unlink()
    assert not environment.is_installed("base")


def test_a_failed_installation_leaves_no_stamp_and_says_so(environment: Any) -> None:
    environment.ensure("base")
    (environment.ROOT / "requirements/base.txt").write_text("changed==2.0\n")
    environment.exit_code = 1
    with pytest.raises(SystemExit, match="The requirements could not be installed"):
        environment.ensure("base")
    assert not environment.STAMP.exists()


@pytest.mark.parametrize("version", [(3, 7, 17), (3, 10, 0, "final", 0), (2, 7, 18)])
def test_an_old_python_is_named_with_what_to_do(
    environment: Any, monkeypatch: pytest.MonkeyPatch, version: tuple[Any, ...]
) -> None:
    monkeypatch.setattr(environment.sys, "version_info", version)
    found = ".".join(map(str, version[:3]))
    with pytest.raises(SystemExit, match=rf"Python 3\.11 or newer is needed; this is {found}\. Name another: make run"):
        environment.ensure("base")
    assert environment.commands == []
    assert not environment.FOLDER.exists()


def test_the_program_itself_is_written_for_old_pythons() -> None:
    """An old interpreter must come as far as the sentence."""
    source = (ROOT / "scripts/environment.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules <= sys.stdlib_module_names
    assert "match" not in {type(node).__name__.lower() for node in ast.walk(tree)}


def test_a_python_without_venv_is_told_what_to_install(environment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise subprocess.CalledProcessError(1, "ensurepip")

    monkeypatch.setattr(environment.venv, "create", fail)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        environment.ensure("base")


def test_the_script_goes_on_under_the_environment_s_python(
    environment: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    replaced: list[Any] = []
    monkeypatch.setattr(environment.os, "execv", lambda *call: replaced.append(call))
    monkeypatch.setattr(environment.os, "chdir", replaced.append)
    monkeypatch.setattr(environment.sys, "argv", [str(tmp_path / "run.py"), "--flag"])
    monkeypatch.setattr(environment.sys, "path", [])
    environment.enter("base")
    python = environment.PYTHON
    assert replaced == [environment.ROOT, (python, [str(python), str(tmp_path / "run.py"), "--flag"])]

    replaced.clear()
    monkeypatch.setattr(environment.sys, "prefix", str(environment.FOLDER))
    environment.enter("base")
    assert replaced == [environment.ROOT], "already there: nothing is replaced"
    assert str(environment.ROOT) in environment.sys.path


def test_the_stamp_names_the_lock_that_was_installed(environment: Any) -> None:
    environment.ensure("dev")
    stamp = json.loads(environment.STAMP.read_text())
    assert set(stamp) == {"base.txt", "dev.txt"}
    assert all(len(value) == 64 for value in stamp.values())
