"""Rules of indicators, country profiles and reports."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import translation

from reports.models import (
    CountryIndexPage,
    CountryPage,
    ImportRun,
    Indicator,
    IndicatorValueLabel,
    Recommendation,
    ReportPractice,
)
from tests.factories.pages import make_country_page, make_practice, make_report
from tests.factories.site import index_page, translate
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from wagtail.models import Site


def errors_of(row: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return list(caught.value.message_dict)


def test_an_ordinal_value_has_a_meaning_in_the_readers_language_or_in_english(db: None) -> None:
    indicator = make_indicator("OXCGRT.C1", scale_type="ordinal")
    for value, language, label in [
        (0, "en", "none"),
        (1, "en", "advice"),
        (1, "ru", "рекомендация"),
        (2, "kk", "жабу"),
    ]:
        IndicatorValueLabel.objects.create(indicator=indicator, value=value, language=language, label=label)
    assert indicator.is_ordinal
    with translation.override("ru"):
        assert Indicator.objects.get().ordinal_labels == {0: "none", 1: "рекомендация"}
    assert Indicator.objects.get().ordinal_labels == {0: "none", 1: "advice"}


def test_a_unit_has_a_name_in_the_readers_language(db: None) -> None:
    indicator = make_indicator(unit="pts")
    assert indicator.unit_name == "pts"
    indicator.labels.all().update(unit_label="points out of 100")
    assert Indicator.objects.get().unit_name == "points out of 100"


@pytest.mark.parametrize(
    ("licence", "url"),
    [("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"), ("LicenseRef-all-rights-reserved", "")],
)
def test_a_licence_leads_to_its_text_where_it_has_one(licence: str, url: str) -> None:
    assert Indicator(licence=licence).licence_url == url


def test_an_indicator_with_values_cannot_be_deleted(db: None) -> None:
    indicator = make_indicator()
    observe(indicator, make_country(), {"2021-01-01": 1})
    with pytest.raises(ProtectedError):
        indicator.delete()


@pytest.mark.parametrize("name", ["country", "introduction", "summary"])
def test_a_profile_needs_a_country_and_an_introduction(site: Site, name: str) -> None:
    page = make_country_page()
    setattr(page, name, None if name == "country" else "")
    assert errors_of(page) == [name]


def test_a_country_has_one_profile_per_language(site: Site) -> None:
    page = make_country_page(country=make_country("GE"))
    russian = translate(page, "ru", title="Грузия")
    russian.full_clean()
    second = CountryPage(
        title="Georgia again", summary="x", introduction="<p>x</p>", country=make_country("GE"), locale=page.locale
    )
    with pytest.raises(ValidationError, match="has a profile already"):
        index_page(CountryIndexPage).add_child(instance=second)


@pytest.mark.parametrize("name", ["country", "period_start", "period_end", "author_organisation", "summary"])
def test_a_report_cannot_be_published_without_its_facts(site: Site, name: str) -> None:
    page = make_report()
    setattr(page, name, "" if name == "summary" else None)
    assert errors_of(page) == [name]


@pytest.mark.parametrize(("end", "valid"), [("2021-01-01", True), ("2020-12-31", False)])
def test_a_reporting_period_cannot_end_before_it_begins(site: Site, end: str, *, valid: bool) -> None:
    page = make_report()
    page.period_end = datetime.date.fromisoformat(end)
    if valid:
        page.full_clean()
    else:
        assert errors_of(page) == ["period_end"]


def test_a_report_does_not_supersede_itself(site: Site) -> None:
    page = make_report()
    page.superseded_by = page.page_ptr
    assert errors_of(page) == ["superseded_by"]


def test_the_newer_edition_is_shown_in_the_language_of_the_older_where_it_exists(site: Site) -> None:
    country = make_country_page()
    translate(country, "ru", title="Казахстан")
    newer = make_report(country, title="Report 2022")
    older = make_report(country, superseded_by=newer.page_ptr)
    older_russian = translate(older, "ru", title="Доклад 2021")
    with translation.override("ru"):
        assert older_russian.newer_edition == newer
        newer_russian = translate(newer, "ru", title="Доклад 2022")
        assert older_russian.newer_edition == newer_russian
    assert older.newer_edition == newer
    newer.unpublish()
    assert older.newer_edition == newer_russian
    newer_russian.unpublish()
    assert older.newer_edition is None


def test_the_headings_of_a_report_are_its_contents(site: Site) -> None:
    body = [
        {"type": "heading", "value": "Response", "id": "a"},
        {"type": "text", "value": "<p>Text</p>", "id": "b"},
        {"type": "heading", "value": "Recovery", "id": "c"},
    ]
    assert [heading for _anchor, heading in make_report(body=body).contents] == ["Response", "Recovery"]


def test_addressees_are_named_in_the_readers_language_and_unknown_ones_left_out() -> None:
    recommendation = Recommendation(addressed_to=["hub", "ministries", "gone"])
    assert recommendation.addressees == ["The hub", "Ministries"]


def test_a_cited_practice_that_is_deleted_leaves_the_report(site: Site) -> None:
    practice = make_practice()
    report = make_report(practices=[ReportPractice(practice=practice.page_ptr)])
    practice.delete()
    assert type(report).objects.get(pk=report.pk).practices.count() == 0


def test_an_import_is_named_by_its_file_and_profile() -> None:
    assert str(ImportRun(file_name="oxcgrt.csv", profile="oxcgrt")) == "oxcgrt.csv (oxcgrt)"
