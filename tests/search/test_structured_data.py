"""Lists as schema.org things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.answers import json_ld
from tests.factories.pages import make_practice
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def test_a_list_names_what_it_shows(client: Client, site: Site) -> None:
    make_practice(title="Georgian", slug="georgian", country=make_country("GE"))
    make_practice(title="Kazakh", slug="kazakh")
    collection = json_ld(client, "/en/practices/?country=GE")["CollectionPage"]
    assert collection["url"] == "http://testserver/en/practices/"
    assert [(one["name"], one["url"]) for one in collection["mainEntity"]["itemListElement"]] == [
        ("Georgian", "http://testserver/en/practices/georgian/")
    ]


def test_an_empty_list_is_a_collection_of_nothing(client: Client, site: Site) -> None:
    assert "mainEntity" not in json_ld(client, "/kk/news/")["CollectionPage"]
