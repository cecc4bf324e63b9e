"""How the ledger writes JSON: in lines, of which each is a field."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.utils.encoders import JSONEncoder


def written(data: Any) -> str:
    """JSON in its shortest form, as the API writes values."""
    return json.dumps(data, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))


def in_lines(data: dict[str, Any]) -> str:
    """An object with a line for each field, and for each in its `meta`: a text in JSON has no line breaks in it.

    So fields are cut from it without it being read.
    """
    return block(data, {"meta": block(data["meta"], {})} if data.get("meta") else {})


def block(data: dict[str, Any], known: dict[str, str]) -> str:
    lines = ",\n".join(f"{written(name)}:{known.get(name) or written(value)}" for name, value in data.items())
    return f"{{\n{lines}\n}}"


def line_of(text: str, name: str) -> str | None:
    """A field of what `in_lines` wrote, as JSON with its name; None where it has none of that name."""
    start = text.find(f'\n"{name}":')
    return text[start + 1 : text.index("\n", start + 1)].rstrip(",") if start >= 0 else None


def whole(payload: str, parent: str) -> str:
    """An object with the `meta.parent` that the ledger has beside it."""
    return payload.replace('"meta":{', f'"meta":{{\n"parent":{parent},', 1) if parent else payload
