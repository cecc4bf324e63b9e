"""Turns the plain text of the content files into rich text and into the blocks of a body."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from home.demo.reader import Item

Block = dict[str, Any]


def inline(text: str) -> str:
    html = escape(text.strip(), quote=False)
    html = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html)
    return re.sub(r"(?<!\w)\*(.+?)\*(?!\w)", r"<i>\1</i>", html)


def rich_text(text: str) -> str:
    """Paragraphs and lists as HTML that Wagtail's editor understands."""
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        before = [line for line in lines if not line.startswith("- ")]
        items = _list_items(lines)
        if before and not (items and lines[0].startswith("- ")):
            parts.append(f"<p>{inline(' '.join(line for line in before if line not in _continued(lines)))}</p>")
        if items:
            parts.append("<ul>" + "".join(f"<li>{inline(item)}</li>" for item in items) + "</ul>")
    return "".join(parts)


def _list_items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        elif items:
            items[-1] += " " + line
    return items


def _continued(lines: list[str]) -> set[str]:
    """Lines that continue a list item and are therefore no paragraph of their own."""
    first = next((index for index, line in enumerate(lines) if line.startswith("- ")), len(lines))
    return set(lines[first:])


def body(item: Item, text: str, directive: Callable[[str, str], Block | None]) -> list[Block]:
    """The blocks of a body. `directive(kind, name)` gives the value of a chart or timeline, or None to leave it out."""
    blocks: list[Block] = []
    paragraphs: list[str] = []

    def close() -> None:
        if html := rich_text("\n".join(paragraphs)):
            add("text", html)
        paragraphs.clear()

    def add(kind: str, value: Any) -> None:
        blocks.append({"type": kind, "value": value, "id": item.uid("body", len(blocks))})

    for line in text.strip().splitlines():
        kind, _, rest = line.strip().partition(" ")
        if kind not in {"##", ">", "@callout", "@chart", "@timeline"}:
            paragraphs.append(line)
            continue
        close()
        if kind == "##":
            add("heading", rest.strip())
        elif kind == ">":
            quotation, _, attribution = rest.partition("|")
            add("quote", {"text": quotation.strip().strip('“”«»"'), "attribution": attribution.strip()})
        elif kind == "@callout":
            add("callout", {"title": "", "text": f"<p>{inline(rest)}</p>"})
        elif (value := directive(kind[1:], rest.strip())) is not None:
            add({"chart": "indicator_chart", "timeline": "measure_timeline"}[kind[1:]], value)
    close()
    return blocks
