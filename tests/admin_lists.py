"""What an editor reads in a list or chooser of the admin."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import html5lib
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client


def list_url(model: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name("list"))


def chooser_url(model: Any) -> str:
    return reverse(model.snippet_viewset.chooser_viewset.get_url_name("choose_results"))


def rows(client: Client, url: str, query: dict[str, Any] | None = None) -> list[list[str]]:
    """The texts of the cells of each row of the table at an address; cells without text are left out."""
    response = client.get(url, query or {})
    assert response.status_code == 200, url
    document = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    tables = [table for table in document.iter("table") if "listing" in str(table.get("class", "")).split()]
    return [list(cell_texts(row)) for table in tables for row in table.iterfind("tbody/tr")]


def cell_texts(row: Any) -> Iterator[str]:
    for cell in row.iterfind("td"):
        titles = [part for part in cell.iter() if "title-wrapper" in str(part.get("class", "")).split()]
        text = " ".join("".join((titles or [cell])[0].itertext()).split())
        if text:
            yield text


def names(client: Client, url: str, query: dict[str, Any] | None = None) -> list[str]:
    return [row[0] for row in rows(client, url, query)]


def exported(client: Client, url: str, **query: str) -> list[dict[str, str]]:
    """The rows of the CSV export of a list, narrowed by its filters, by heading."""
    response: Any = client.get(url, {"export": "csv"} | query)
    assert response["Content-Type"] == "text/csv"
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
