"""Whether what a machine made of a segment may stand for it: nothing that people do not translate was lost or added."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from bs4 import BeautifulSoup

# What programs or browsers read. The full stop at the end of a sentence belongs to no address.
KEPT = re.compile(
    r"""
    %\(\w+\)[a-z] | %[sd]\b | \{\{?\s*[\w.]*\s*\}?\}
    | https?://[^\s<>"'«»“”]*[\w/] | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    """,
    re.VERBOSE,
)


def keeps_fixed_parts(source: str, made: str) -> bool:
    return fixed_parts(source) == fixed_parts(made)


def fixed_parts(text: str) -> Counter[Any]:
    """The tags of a segment with the ids of links, its placeholders and addresses, and how often each stands there."""
    soup = BeautifulSoup(text, "html.parser")
    tags = [(tag.name, tag.get("id")) for tag in soup.find_all()]
    return Counter([*tags, *KEPT.findall(soup.get_text())])
