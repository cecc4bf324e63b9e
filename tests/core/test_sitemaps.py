"""The site map: everything that anybody may read, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test.utils import override_settings
from wagtail.models import PageViewRestriction

from cms.core import sitemaps
from practices.models import PracticeIndexPage
from tests.answers import queries, texts, xml
from tests.factories.pages import make_practice
from tests.factories.site import index_page, translate

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from django.test import Client
    from wagtail.models import Site

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
PRACTICES = "/sitemap-practicepage.xml"


def locations(root: Element) -> list[str]:
    return texts(root, f"*/{SITEMAP}loc")


def alternates(root: Element) -> dict[str, dict[str, str]]:
    """Language versions by address."""
    return {
        url.findtext(f"{SITEMAP}loc", ""): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.iterfind(f"{XHTML}link")
        }
        for url in root
    }


def test_the_index_names_the_sections_that_are_not_empty(client: Client, site: Site) -> None:
    make_practice()
    root = xml(client, "/sitemap.xml")
    assert root.tag == f"{SITEMAP}sitemapindex"
    found = locations(root)
    assert f"http://testserver{PRACTICES}" in found
    assert "http://testserver/sitemap-homepage.xml" in found
    assert "http://testserver/sitemap-eventpage.xml" not in found
    for url in found:
        assert len(xml(client, url.removeprefix("http://testserver"))) > 0


def test_a_section_tells_when_it_last_changed(client: Client, site: Site) -> None:
    changed = make_practice().last_published_at
    in_index = {
        entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod") for entry in xml(client, "/sitemap.xml")
    }
    assert in_index[f"http://testserver{PRACTICES}"] == changed.isoformat()
    assert texts(xml(client, PRACTICES), f"*/{SITEMAP}lastmod") == [changed.isoformat()]


def test_entries_name_the_real_versions_in_other_languages(client: Client, site: Site) -> None:
    practice = make_practice(slug="one-window")
    translate(practice, "kk", slug="bir-tereze")
    translate(practice, "ru", slug="odno-okno").unpublish()
    english, kazakh = "http://testserver/en/practices/one-window/", "http://testserver/kk/practices/bir-tereze/"
    versions = {"en": english, "kk": kazakh, "x-default": english}
    assert alternates(xml(client, PRACTICES)) == {english: versions, kazakh: versions}


def test_restricted_pages_and_what_is_below_them_are_left_out(client: Client, site: Site) -> None:
    make_practice(slug="one-window")
    PageViewRestriction.objects.create(page=index_page(PracticeIndexPage), restriction_type=PageViewRestriction.LOGIN)
    assert locations(xml(client, PRACTICES)) == []
    assert f"http://testserver{PRACTICES}" not in locations(xml(client, "/sitemap.xml"))


def test_addresses_with_special_characters_stay_well_formed(client: Client, site: Site) -> None:
    translate(make_practice(slug="one-window"), "kk", slug="бір-терезе")
    assert "http://testserver/kk/practices/%D0%B1%D1%96%D1%80-%D1%82%D0%B5%D1%80%D0%B5%D0%B7%D0%B5/" in locations(
        xml(client, PRACTICES)
    )


def test_a_long_section_is_cut_into_files(client: Client, site: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr(sitemaps, "ENTRIES_PER_FILE", 2)
    for number in range(3):
        make_practice(slug=f"practice-{number}")
    assert [url for url in locations(xml(client, "/sitemap.xml")) if "practicepage" in url] == [
        f"http://testserver{PRACTICES}",
        f"http://testserver{PRACTICES}?page=2",
    ]
    assert len(locations(xml(client, PRACTICES))) == 2
    assert len(locations(xml(client, f"{PRACTICES}?page=2"))) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/sitemap-nothing.xml",
        f"{PRACTICES}?page=0",
        f"{PRACTICES}?page=7",
        f"{PRACTICES}?page=x",
        f"{PRACTICES}?page=%00",
        f"{PRACTICES}?page={'9' * 400}",
    ],
)
def test_what_is_no_file_of_the_site_map_is_not_found(client: Client, site: Site, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_section_takes_as_many_queries_for_many_pages_as_for_one(client: Client, site: Site) -> None:
    make_practice(slug="first")
    few = queries(client, PRACTICES)
    for number in range(4):
        translate(make_practice(slug=f"practice-{number}"), "ru", slug=f"praktika-{number}")
    assert queries(client, PRACTICES) == few


@override_settings(PUBLIC_URL="https://practice.example.org")
def test_addresses_are_public_ones_whatever_host_was_asked(client: Client, site: Site) -> None:
    make_practice(slug="one-window")
    assert locations(xml(client, PRACTICES)) == ["https://practice.example.org/en/practices/one-window/"]
    robots = client.get("/robots.txt")
    assert robots["Content-Type"] == "text/plain; charset=utf-8"
    assert "Sitemap: https://practice.example.org/sitemap.xml" in robots.content.decode().splitlines()
    assert "Disallow: /admin/" in robots.content.decode().splitlines()
