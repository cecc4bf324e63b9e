"""Indicators in the site map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.models import IndicatorIndexPage
from tests.answers import queries, texts, xml
from tests.factories.site import index_page
from tests.factories.statistics import IMPORTED, make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
INDICATORS = "/sitemap-indicators.xml"


def test_an_indicator_stands_in_each_language_with_the_date_of_its_figures(client: Client, site: Site) -> None:
    indicator = make_indicator("WB.SP.POP.TOTL")
    observe(indicator, make_country("KZ"), {"2021-01-01": 19})
    index_page(IndicatorIndexPage, "ru").unpublish()
    root = xml(client, INDICATORS)
    assert texts(root, f"*/{SITEMAP}loc") == [
        "http://testserver/en/indicators/WB.SP.POP.TOTL/",
        "http://testserver/kk/indicators/WB.SP.POP.TOTL/",
    ]
    assert texts(root, f"*/{SITEMAP}lastmod") == [IMPORTED.isoformat()] * 2
    assert f"http://testserver{INDICATORS}" in texts(xml(client, "/sitemap.xml"), f"*/{SITEMAP}loc")


def test_indicators_take_as_many_queries_for_many_as_for_one(client: Client, site: Site) -> None:
    make_indicator("A.1")
    few = queries(client, INDICATORS)
    for number in range(2, 6):
        observe(make_indicator(f"A.{number}"), make_country("KZ"), {"2021-01-01": number})
    assert queries(client, INDICATORS) == few
