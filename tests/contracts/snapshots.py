"""Committed files that tests compare with; `make snapshots` writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
IS_WRITING = os.environ.get("SNAPSHOTS") == "write"


def assert_matches(name: str, found: Any) -> None:
    """Compare with the committed file of that name, or write it where `SNAPSHOTS=write` asks for that."""
    path = FOLDER / name
    if IS_WRITING:
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    assert found == json.loads(path.read_text()), f"{name} differs. If that is wanted: make snapshots"
