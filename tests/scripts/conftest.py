"""The programs that start, check and measure the project: they are no package, so each is loaded from its file."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Load a program anew by its path; it finds its neighbours as it does when it is started."""

    def load(path: str) -> Any:
        file = ROOT / path
        monkeypatch.syspath_prepend(str(file.parent))
        for neighbour in file.parent.glob("*.py"):
            monkeypatch.setitem(sys.modules, neighbour.stem, None)  # taken out again after the test
            del sys.modules[neighbour.stem]
        specification = importlib.util.spec_from_file_location(file.stem, file)
        assert specification
        assert specification.loader
        module = importlib.util.module_from_spec(specification)
        sys.modules[file.stem] = module
        specification.loader.exec_module(module)
        return module

    return load
