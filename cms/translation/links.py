"""Links inside of segments: an `a` element whose `id` stands for the address that the original has there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


def without_links(data: str, ids: AbstractSet[str]) -> str:
    """The text of a segment in which the links with these ids are plain text."""
    if not ids:
        return data
    soup = BeautifulSoup(data, "html.parser")
    for link in soup.find_all("a", id=list(ids)):
        link.unwrap()
    return str(soup)
