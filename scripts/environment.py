"""The project's own virtual environment, installed from the locked requirements.

Runs on the machine's Python, before anything is installed: only the standard library, and no syntax newer than
Python 3.7, so that an old interpreter gets a sentence and not a traceback.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "installed.json"
OLDEST = (3, 11)


def locked(kind: str) -> dict[str, str]:
    """Name and SHA-256 of each lock file that an installation of `kind` (`base` or `dev`) satisfies."""
    names = ["base.txt", "dev.txt"] if kind == "dev" else ["base.txt"]
    return {name: hashlib.sha256((ROOT / "requirements" / name).read_bytes()).hexdigest() for name in names}


def is_installed(kind: str) -> bool:
    try:
        installed = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return PYTHON.exists() and isinstance(installed, dict) and locked(kind).items() <= installed.items()


def ensure(kind: str) -> None:
    """Create `.venv` where it is missing and install the locked requirements where they changed.

    Ends the process with a sentence where the machine's Python cannot do that.
    """
    if is_installed(kind):
        return
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Python 3.11 or newer is needed; this is {found}. Name another: make run PYTHON=python3.12")
    if not PYTHON.exists():
        print("Creating the virtual environment in .venv", flush=True)
        create()
    print(f"Installing the locked requirements (requirements/{kind}.txt)", flush=True)
    STAMP.unlink(missing_ok=True)
    requirements = ROOT / "requirements" / f"{kind}.txt"
    # The lock names everything, so nothing is resolved anew: what was published since cannot come in.
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    if subprocess.run([str(PYTHON), "-m", "pip", "install", *options, "-r", str(requirements)], check=False).returncode:
        sys.exit("The requirements could not be installed: see above. Nothing else was done.")
    STAMP.write_text(json.dumps(locked(kind)))


def create() -> None:
    try:
        venv.create(FOLDER, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot create virtual environments. On Debian and Ubuntu: apt install python3-venv")


def enter(kind: str) -> None:
    """Go on in the virtual environment: replaces this process by the same script under `.venv`."""
    ensure(kind)
    script = Path(sys.argv[0]).resolve()
    os.chdir(ROOT)
    if Path(sys.prefix).resolve() != FOLDER.resolve():
        os.execv(PYTHON, [str(PYTHON), str(script), *sys.argv[1:]])  # noqa: S606 - no shell in between
    sys.path.insert(0, str(ROOT))


if __name__ == "__main__":
    ensure(sys.argv[1] if len(sys.argv) > 1 else "base")
