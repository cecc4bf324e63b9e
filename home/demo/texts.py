"""Turns the plain text of the content files into rich text and into the blocks of a body."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from home.demo.reader import Item

Block = dict[str, Any]


def inline(text: str) -> str:
    html = escape(text.strip(), quote=False)
    html = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html)
    return re.sub(r"(?<!\w)\*(\S|\S.*?\S)\*(?!\w)", r"<i>\1</i>", html)


def rich_text(text: str) -> str:
    """Paragraphs and lists as HTML that Wagtail's editor understands."""
    return "".join(html for paragraph in re.split(r"\n\s*\n", text.strip()) for html in _paragraph(paragraph))


def _paragraph(text: str) -> Iterator[str]:
    """The lines before the first `- ` as a paragraph, those from it on as a list; a line may continue an item."""
    before, *items = re.split(r"(?:^|\n)\s*- ", text)
    if before.strip():
        yield f"<p>{inline(_one_line(before))}</p>"
    if items:
        yield "<ul>" + "".join(f"<li>{inline(_one_line(item))}</li>" for item in items) + "</ul>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


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
