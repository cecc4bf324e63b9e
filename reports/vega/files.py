"""Drawings as files of their own, for programs without the style sheet of this site: their colours are written out.

A test compares the colours with those of the style sheets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from reports.vega.rendering import writable

if TYPE_CHECKING:
    from reports.vega.rendering import Picture

COLOURS = {
    "--paper": "#fbf8f2",
    "--ink": "#1f1c18",
    "--ink-soft": "#5a534a",
    "--line": "#d9d0c0",
    "--line-strong": "#857b6c",
    "--series-1": "#0b5563",
    "--series-2": "#b8461b",
    "--series-3": "#5a3f8f",
    "--series-4": "#4f6b1f",
    "--series-5": "#946200",
    "--series-6": "#9b2463",
    "--series-7": "#2c5fb0",
    "--series-8": "#5a534a",
    "--level-0": "#dbe6e3",
    "--level-1": "#b5cecf",
    "--level-2": "#86adb3",
    "--level-3": "#3e7781",
    "--level-4": "#25616c",
    "--level-5": "#0b4a56",
}
# What stands for another colour.
ALIASES = {
    "--map-neutral": "--paper",
    "--map-border": "--line-strong",
    **{f"--on-level-{shade}": "--ink" for shade in (0, 1, 2)},
    **{f"--on-level-{shade}": "--paper" for shade in (3, 4, 5)},
}
VARIABLE = re.compile(r"var\((--[a-z0-9-]+)\)")
LETTERS = "system-ui, 'Noto Sans', 'Noto Sans Arabic', Arial, sans-serif"


def standalone(picture: Picture, language: str, title: str, description: str) -> str:
    """A drawing as an SVG document with its title and description."""
    width, height = picture.width, picture.height
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" lang={quoteattr(language)} font-family="{LETTERS}">\n'
        f"<title>{escape(writable(title))}</title>\n<desc>{escape(writable(description))}</desc>\n"
        f'<rect width="100%" height="100%" fill="var(--paper)"/>\n'
    )
    return VARIABLE.sub(colour, f"{head}{picture.marks('hatch')}\n</svg>\n")


def colour(variable: re.Match[str]) -> str:
    """The colour of a property; what only looks like one, as a name may, stays as it is."""
    name = variable.group(1)
    return COLOURS.get(ALIASES.get(name, name), variable.group())
