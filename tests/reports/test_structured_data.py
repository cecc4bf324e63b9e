"""Reports, indicators and countries as schema.org things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms.core.choices import Licence
from reports.models import CountryIndexPage
from tests.answers import json_ld
from tests.factories.pages import make_country_page, make_report
from tests.factories.site import index_page
from tests.factories.statistics import IMPORTED, make_indicator, observe
from tests.factories.vocabularies import make_country, make_organisation

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def test_a_report_names_its_period_edition_and_author(client: Client, site: Site) -> None:
    make_country_page(slug="kazakhstan")
    make_report(
        slug="2021",
        edition=2,
        author_organisation=make_organisation("academy", labels={"en": "The academy"}, acronym="ACA"),
    )
    report = json_ld(client, "/en/countries/kazakhstan/2021/")["Report"]
    assert report["temporalCoverage"] == "2021-01-01/2021-12-31"
    assert report["version"] == 2
    assert report["author"] == {"@type": "Organization", "name": "The academy", "alternateName": "ACA"}


def test_an_indicator_is_a_data_set_of_the_period_that_has_values(client: Client, site: Site) -> None:
    indicator = make_indicator("WB.SP.POP.TOTL", labels={"en": "Population", "ru": "Население"}, licence=Licence.CC0)
    observe(indicator, make_country("KZ"), {"2019-01-01": 18, "2021-01-01": 19})
    found = json_ld(client, "/ru/indicators/WB.SP.POP.TOTL/")["Dataset"]
    assert found["name"] == "Население"
    assert found["identifier"] == "WB.SP.POP.TOTL"
    assert found["url"] == "http://testserver/ru/indicators/WB.SP.POP.TOTL/"
    assert found["temporalCoverage"] == "2019-01-01/2021-01-01"
    assert found["dateModified"] == IMPORTED.isoformat()
    assert found["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert found["creator"]["name"] == "University of Oxford"
    assert found["isBasedOn"] == "https://statistics.example.org/series"


def test_an_indicator_without_values_or_labels_is_still_told(client: Client, site: Site) -> None:
    make_indicator("A.1", labels={}, licence=Licence.ALL_RIGHTS_RESERVED)
    found = json_ld(client, "/en/indicators/A.1/")["Dataset"]
    assert found["name"] == "A.1"
    assert not {"temporalCoverage", "dateModified", "license"} & set(found)


def test_the_list_of_indicators_is_a_collection(client: Client, site: Site) -> None:
    assert json_ld(client, "/en/indicators/")["CollectionPage"]["name"] == "Indicators"


def test_the_list_of_countries_names_the_profiles(client: Client, site: Site) -> None:
    make_country_page(index_page(CountryIndexPage), country=make_country("GE"), slug="georgia")
    elements = json_ld(client, "/en/countries/")["CollectionPage"]["mainEntity"]["itemListElement"]
    assert [(one["position"], one["url"]) for one in elements] == [(1, "http://testserver/en/countries/georgia/")]
