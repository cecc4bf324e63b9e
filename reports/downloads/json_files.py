"""Figures with their metadata as JSON, written while they are read."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from reports.downloads.rows import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.downloads.rows import Row


def json_parts(facts: dict[str, Any], rows: Iterator[Row]) -> Iterator[str]:
    """A JSON document in parts: the metadata, then the figures. Values are texts, which keep all their digits."""

    def parts() -> Iterator[str]:
        head = json.dumps({"indicator": facts}, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield head.removesuffix("}") + ', "values": ['
        separator = ""
        while batch := [as_json(row) for row in islice(rows, BATCH)]:
            yield separator + ",\n".join(batch)
            separator = ",\n"
        yield "]}"

    return parts()


def as_json(row: Row) -> str:
    facts = row.facts | {"value": None if row.value is None else row.number}
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False)
