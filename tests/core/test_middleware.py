"""The content security policy of what readers get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def directives(header: str) -> dict[str, list[str]]:
    parts = (part.split() for part in header.split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("path", ["/en/", "/kk/practices/", "/api/v2/pages/", "/en/no-such-page/"])
def test_public_answers_allow_scripts_and_styles_of_the_site_alone(client: Client, site: Site, path: str) -> None:
    policy = directives(client.get(path)["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]


def test_the_admin_keeps_its_own_rules(admin_client: Client, site: Site) -> None:
    response = admin_client.get("/admin/")
    assert response.status_code == 200
    assert "Content-Security-Policy" not in response


@pytest.mark.parametrize("path", ["/api/v2/pages/0/", "/documents/0/lost.pdf", "/media/lost.png"])
def test_what_has_no_language_is_not_looked_for_in_one(client: Client, site: Site, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "address"), [("kk", "/kk/practices/"), ("ar", "/ar/practices/"), ("de", "/en/practices/")]
)
def test_an_address_without_a_language_leads_to_the_readers_own(
    client: Client, site: Site, accepted: str, address: str
) -> None:
    response = client.get("/practices/", headers={"accept-language": accepted})
    assert (response.status_code, response["Location"]) == (302, address)
    assert "Accept-Language" in response["Vary"]
