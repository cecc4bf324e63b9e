"""What pages tell search engines about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import PageViewRestriction

from cms.core import structured_data
from cms.core.choices import Licence, OrganisationRole
from tests.answers import json_ld, queries
from tests.factories.pages import make_practice, make_standard_page
from tests.factories.site import homes, translate
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_home_page_is_the_site_and_says_how_to_search_it(client: Client, site: Site, language: str) -> None:
    website = json_ld(client, f"/{language}/")["WebSite"]
    assert website["url"] == f"http://testserver/{language}/"
    assert website["inLanguage"] == language
    target = website["potentialAction"]["target"]["urlTemplate"]
    assert target == f"http://testserver/{language}/search/?q={{search_term_string}}"
    assert client.get(target.removeprefix("http://testserver").format(search_term_string="water")).status_code == 200


def test_a_practice_is_an_article_with_its_facts(client: Client, site: Site) -> None:
    practice = make_practice(
        slug="one-window",
        summary="Services in one place.",
        licence=Licence.CC_BY_SA,
        attribution="Ministry of order",
        themes=[make_theme("digital", labels={"en": "Digital government"})],
        countries=[make_country("KZ"), make_country("GE")],
        organisations=[
            (make_organisation("author", labels={"en": "The author"}), OrganisationRole.AUTHOR),
            (make_organisation("funder", labels={"en": "The funder"}), OrganisationRole.FUNDER),
        ],
        lead_organisation=make_organisation("lead", labels={"en": "The lead"}),
    )
    article = json_ld(client, "/en/practices/one-window/")["Article"]
    assert article["headline"] == article["name"] == "One window"
    assert article["description"] == "Services in one place."
    assert article["url"] == "http://testserver/en/practices/one-window/"
    assert article["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert article["creditText"] == "Ministry of order"
    assert article["inLanguage"] == "en"
    assert article["datePublished"] == practice.first_published_at.isoformat()
    assert article["dateModified"] == practice.last_published_at.isoformat()
    assert article["about"] == ["Digital government"]
    assert [place["name"] for place in article["spatialCoverage"]] == ["Kazakhstan", "Georgia"]
    assert [author["name"] for author in article["author"]] == ["The author"]
    assert [helper["name"] for helper in article["contributor"]] == ["The funder"]
    assert article["sourceOrganization"]["name"] == "The lead"
    assert "isBasedOn" not in article
    assert "alternateName" not in article["sourceOrganization"]


def test_a_translation_names_what_it_translates(client: Client, site: Site) -> None:
    translate(make_practice(slug="one-window"), "kk", slug="bir-tereze")
    original = json_ld(client, "/en/practices/one-window/")["Article"]
    translation = json_ld(client, "/kk/practices/bir-tereze/")["Article"]
    assert translation["inLanguage"] == "kk"
    assert translation["isBasedOn"] == original["url"]
    assert translation["translationOfWork"]["@id"] == original["@id"]


def test_a_translation_of_what_is_not_public_does_not_name_it(client: Client, site: Site) -> None:
    practice = make_practice(slug="one-window")
    translate(practice, "kk", slug="bir-tereze")
    practice.unpublish()
    assert "isBasedOn" not in json_ld(client, "/kk/practices/bir-tereze/")["Article"]


def test_breadcrumbs_are_told_too(client: Client, site: Site) -> None:
    make_practice(slug="one-window")
    elements = json_ld(client, "/en/practices/one-window/")["BreadcrumbList"]["itemListElement"]
    assert [(one["position"], one["name"], one["item"]) for one in elements] == [
        (1, "Home", "http://testserver/en/"),
        (2, "Practices", "http://testserver/en/practices/"),
        (3, "One window", "http://testserver/en/practices/one-window/"),
    ]
    assert "BreadcrumbList" not in json_ld(client, "/en/")


def test_the_page_under_the_arabic_prefix_tells_of_the_english_one(client: Client, site: Site) -> None:
    make_practice(slug="one-window")
    assert (
        json_ld(client, "/ar/practices/one-window/")["Article"]["url"] == "http://testserver/en/practices/one-window/"
    )


@pytest.mark.parametrize(
    "hostile",
    ["</script><script>alert(1)</script>", "<!--<script>", "a & b \u2028 c", '"quoted" \\ back'],
)
def test_no_text_ends_the_script_element(client: Client, site: Site, hostile: str) -> None:
    make_standard_page(title=hostile, slug="hostile", summary=hostile)
    assert json_ld(client, "/en/hostile/")["WebPage"]["name"] == hostile
    script = structured_data.script([{"@type": "Thing", "name": hostile}])
    inside = script.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inside)


def test_a_page_behind_a_password_tells_nothing(client: Client, site: Site) -> None:
    page = make_standard_page(slug="hidden")
    assert "WebPage" in json_ld(client, "/en/hidden/")
    PageViewRestriction.objects.create(
        page=page,
        restriction_type=PageViewRestriction.PASSWORD,
        password="sesame",  # noqa: S106 - guards test data
    )
    assert json_ld(client, "/en/hidden/") == {}


def test_a_draft_tells_nothing_in_its_preview(client: Client, admin_user: Any, rf: Any, site: Site) -> None:
    page = make_standard_page(slug="draft")
    page.unpublish()
    response = page.make_preview_request()
    assert response.status_code == 200
    assert "application/ld+json" not in response.render().content.decode()


def test_what_is_no_page_is_nothing(site: Site) -> None:
    assert structured_data.describe(object(), {}) == {}
    assert structured_data.describe(homes()["en"], {})["@type"] == "WebSite"


def test_facts_cost_as_many_queries_however_many_there_are(client: Client, site: Site) -> None:
    def facts(count: int) -> dict[str, Any]:
        return {
            "themes": [make_theme(f"theme-{number}") for number in range(count)],
            "countries": [make_country(code) for code in ["KZ", "GE", "AM", "AZ"][:count]],
            "organisations": [
                (make_organisation(f"body-{number}"), OrganisationRole.AUTHOR) for number in range(count)
            ],
        }

    make_practice(slug="few", **facts(1))
    make_practice(slug="many", **facts(4))
    assert queries(client, "/en/practices/many/") == queries(client, "/en/practices/few/")
