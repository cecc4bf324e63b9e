"""The message catalogues: brought up to date with the code, and compiled.

Compiling is done with Babel, so that gettext's own tools need not be installed to run the site; bringing them up to
date is Django's `makemessages`, which calls GNU xgettext.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ru", "kk", "ar")
EXTRACTION = (
    "--no-obsolete",
    "--no-wrap",
    "--add-location=file",
    # A name is ignored at every depth; makemessages leaves out MEDIA_ROOT and STATIC_ROOT by itself.
    *(f"--ignore={folder}/*" for folder in (".venv", "benchmarks", "scripts", "tests")),
)


def extract(root: Path, languages: tuple[str, ...] = LANGUAGES) -> None:
    """Write what the code under `root` says into the catalogues under it. Raises where xgettext reports an error."""
    locales = [f"--locale={language}" for language in languages]
    command = [sys.executable, "manage.py", "makemessages", *locales, *EXTRACTION]
    subprocess.run(command, cwd=root, check=True)


def compile_changed() -> list[str]:
    """Write the `.mo` file beside each `.po` file that is newer than it; the languages that were written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parts[-3])
        with target.open("wb") as compiled:
            write_mo(compiled, catalogue)
        written.append(source.parts[-3])
    return written


if __name__ == "__main__":
    if sys.argv[1:] == ["extract"]:
        extract(ROOT)
    else:
        print("Compiled:", ", ".join(compile_changed()) or "nothing, all are up to date")
