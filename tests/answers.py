"""What programs read of an answer: XML, JSON-LD, and how many queries it took."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import html5lib
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from django.test import Client

ATOM = "{http://www.w3.org/2005/Atom}"


def xml(client: Client, url: str, content_type: str = "application/xml") -> Element:
    """The root of an XML answer, which must be well formed and of the type that it should have."""
    response = client.get(url)
    assert response.status_code == 200, url
    assert response["Content-Type"].split(";")[0] == content_type
    return ElementTree.fromstring(response.content)


def texts(root: Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path)]


def json_ld(client: Client, url: str) -> dict[str, dict[str, Any]]:
    """The schema.org things that a page tells about itself, by type."""
    response = client.get(url)
    assert response.status_code == 200, url
    document = html5lib.parse(response.content, namespaceHTMLElements=False)
    scripts = [element for element in document.iter("script") if element.get("type") == "application/ld+json"]
    graphs = [json.loads(element.text or "") for element in scripts]
    assert all(graph["@context"] == "https://schema.org" for graph in graphs)
    return {thing["@type"]: thing for graph in graphs for thing in graph["@graph"]}


def queries(client: Client, url: str, status: int = 200) -> int:
    """How many queries an answer takes when nothing but the content has to be loaded."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == status, url
    return len(captured)
