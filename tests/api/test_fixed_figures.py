"""The figures of reports in the API: fixed with the report, in all its languages at once, and all of it described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.api.description import document
from cms.delivery.services import begin, settle
from reports.models import CountryReportPage, ReportIndicator
from tests.factories.pages import make_country_page, make_report
from tests.factories.site import published, translate
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = "/api/v2/pages/"


@pytest.fixture(scope="module")
def report(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    """A report in two languages, and the ledger that tells of both."""

    def make() -> Any:
        country, indicator = make_country("KZ"), make_indicator()
        observe(indicator, country, {"2021-01-01": 40})
        profile = make_country_page(country=country)
        translate(profile, "ru", title="Казахстан", slug="kazakhstan-ru")
        page = make_report(profile, indicator_panel=[ReportIndicator(indicator=indicator)])
        translate(page, "ru", title="Отчёт")
        begin()
        settle()
        return page

    return made_once(make)


def figures(report: Any, language: str) -> dict[str, Any]:
    version = CountryReportPage.objects.get(translation_key=report.translation_key, locale__language_code=language)
    answer = Client().get(f"{PAGES}{version.pk}/")
    assert "ETag" in answer, "the answer does not come out of the ledger"
    found: dict[str, Any] = answer.json()["indicator_panel"][0]["figures"]
    return found


@pytest.mark.django_db
def test_figures_that_are_renewed_are_told_in_every_language(report: Any) -> None:
    before = figures(report, "en")["fixed_at"]
    assert figures(report, "ru")["fixed_at"] == before
    original = CountryReportPage.objects.get(pk=report.pk)
    original.figures_asked_at = timezone.now()
    published(original)
    settle()
    after = figures(report, "en")["fixed_at"]
    assert after > before
    assert figures(report, "ru")["fixed_at"] == after


@pytest.mark.django_db
def test_figures_say_where_they_stand_in_the_language_of_the_page(report: Any) -> None:
    for language in ("en", "ru"):
        address = figures(report, language)["url"]
        assert f"/{language}/data/" in address
        assert "country=KZ" in address


def test_fixed_figures_are_described() -> None:
    schemas = document()["components"]["schemas"]
    described = schemas["ReportIndicator"]["properties"]["figures"]
    assert described["$ref"] == "#/components/schemas/FixedFigures"
    assert schemas["FixedFigures"]["required"] == ["fixed_at", "as_of", "url"]
    assert {"type": "null"} in schemas["FixedFigures"]["properties"]["as_of"]["anyOf"]
