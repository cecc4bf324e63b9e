"""Compile the message catalogues with Babel: gettext's own tools need not be installed to run the site."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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
    print("Compiled:", ", ".join(compile_changed()) or "nothing has changed")
