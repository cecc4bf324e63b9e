from __future__ import annotations

import subprocess
import sys

from tests.contracts.sources import ROOT


def test_layers_import_only_what_they_may() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout
