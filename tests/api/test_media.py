"""Images and documents in the API, by their public fields, without those of a private collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import Collection, CollectionViewRestriction

from tests.factories.media import make_document, make_image

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.test import Client
    from wagtail.models import Site


def private_collection() -> Any:
    collection = Collection.get_first_root_node().add_child(name="Internal")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type=CollectionViewRestriction.LOGIN)
    return collection


def test_an_image_is_given_with_size_credit_and_terms(client: Client, site: Site, admin_user: AbstractUser) -> None:
    image = make_image("Desk", credit="Press office", licence_note="CC BY 4.0", uploaded_by_user=admin_user)
    answer = client.get(f"/api/v2/images/{image.pk}/?fields=*").json()
    assert (answer["title"], answer["width"], answer["height"]) == ("Desk", 64, 48)
    assert (answer["credit"], answer["licence_note"]) == ("Press office", "CC BY 4.0")
    assert answer["meta"]["download_url"] == image.file.url
    assert "uploaded_by_user" not in answer


def test_a_document_is_given_with_its_language(client: Client, site: Site, admin_user: AbstractUser) -> None:
    document = make_document(language="kk", uploaded_by_user=admin_user)
    answer = client.get(f"/api/v2/documents/{document.pk}/?fields=*").json()
    assert answer["language"] == "kk"
    assert answer["meta"]["download_url"] == f"http://testserver{document.url}"
    assert "uploaded_by_user" not in answer


@pytest.mark.parametrize("endpoint", ["images", "documents"])
def test_files_of_a_private_collection_are_not_listed(client: Client, site: Site, endpoint: str) -> None:
    make: Any = make_image if endpoint == "images" else make_document
    shown, hidden = make("Shown"), make("Hidden", collection=private_collection())
    listed = client.get(f"/api/v2/{endpoint}/").json()
    assert [item["id"] for item in listed["items"]] == [shown.pk]
    assert client.get(f"/api/v2/{endpoint}/{hidden.pk}/").status_code == 404


@pytest.mark.parametrize("endpoint", ["images", "documents"])
def test_unknown_fields_and_filters_are_errors(client: Client, site: Site, endpoint: str) -> None:
    for query in ("fields=uploaded_by_user", "uploaded_by_user=1", "order=uploaded_by_user"):
        response = client.get(f"/api/v2/{endpoint}/?{query}")
        assert response.status_code == 400
        assert "uploaded_by_user" in response.json()["message"]
