"""What every page shares: rules, addresses, public facts, and which field is translated and which is synchronised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.models import PageViewRestriction, get_page_models
from wagtail_localize.fields import SynchronizedField, get_translatable_fields

from cms.core.choices import OrganisationRole
from cms.core.models import BasePage, PageTheme
from home.models import Door, HomePage, StandardPage
from ideas.models import CampaignPage, IdeaPage
from news.models import EventPage, EventSpeaker, NewsPage
from practices.models import PracticeFile, PracticeLink, PracticePage, PracticeResult
from reports.models import CountryPage, CountryReportPage, IndicatorIndexPage, Recommendation, ReportIndicator
from tests.factories.media import make_image
from tests.factories.pages import make_news, make_page, make_practice, make_report, make_standard_page
from tests.factories.site import homes, locale, translate
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

SHARED = {
    "translated": {"title", "slug", "seo_title", "search_description", "summary", "cover_alt", "attribution", "body"},
    "synchronised": {
        "source_language",
        "cover_image",
        "country",
        "licence",
        "review_state",
        "is_illustrative",
        "page_countries",
        "page_themes",
        "page_organisations",
        "page_relations",
    },
}
OWN: dict[Any, dict[str, str]] = {
    HomePage: {"translated": "doors", "synchronised": "figures"},
    StandardPage: {"translated": "", "synchronised": "show_in_footer"},
    PracticePage: {
        "translated": "problem approach novelty beneficiaries methods challenges conditions lessons advice needs "
        "funding results files links",
        "synchronised": "start_year end_year status cost_band lead_organisation levels stages innovation_types "
        "functions sdg_targets contact_name contact_email has_contact_form",
    },
    CountryPage: {"translated": "introduction civil_service map_disclaimer", "synchronised": "key_indicators"},
    CountryReportPage: {
        "translated": "recommendations indicator_panel",
        "synchronised": "period_start period_end edition author_organisation clearance superseded_by measures "
        "practices sources figures_asked_at",
    },
    IndicatorIndexPage: {"translated": "map_disclaimer", "synchronised": ""},
    IdeaPage: {
        "translated": "problem proposal effect beneficiaries",
        "synchronised": "idea number stage sent_on credit",
    },
    CampaignPage: {"translated": "terms results", "synchronised": "opens closes"},
    NewsPage: {
        "translated": "action_label",
        "synchronised": "kind date valid_from valid_until is_pinned action_url",
    },
    EventPage: {
        "translated": "place agenda speakers",
        "synchronised": "kind start end time_zone mode registration_url registration_opens registration_closes "
        "join_url capacity status languages materials",
    },
}
PARTS: dict[Any, dict[str, str]] = {
    Door: {"translated": "title text", "synchronised": "kind"},
    PracticeResult: {"translated": "text unit", "synchronised": "indicator before after date evidence_url"},
    PracticeFile: {"translated": "title", "synchronised": "document language"},
    PracticeLink: {"translated": "title", "synchronised": "url"},
    Recommendation: {"translated": "text note", "synchronised": "addressed_to basis priority deadline follow_up"},
    ReportIndicator: {"translated": "note", "synchronised": "indicator chart_type"},
    EventSpeaker: {"translated": "name role", "synchronised": "organisation"},
}
NAVIGATION = {"show_in_menus"}  # Wagtail's own; a language version may stand in its own menu
CONTENT_TYPES = [model for model in get_page_models() if issubclass(model, BasePage)]


def table(model: Any) -> dict[str, set[str]]:
    fields = get_translatable_fields(model)
    return {
        "translated": {field.field_name for field in fields if not isinstance(field, SynchronizedField)},
        "synchronised": {field.field_name for field in fields if isinstance(field, SynchronizedField)} - NAVIGATION,
    }


@pytest.mark.parametrize("model", CONTENT_TYPES, ids=lambda model: model.__name__)
def test_every_field_of_a_page_is_translated_or_synchronised_as_decided(model: Any) -> None:
    own = OWN.get(model, {"translated": "", "synchronised": ""})
    assert table(model) == {kind: SHARED[kind] | set(names.split()) for kind, names in own.items()}


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_every_field_of_a_row_is_translated_or_synchronised_as_decided(model: Any) -> None:
    assert table(model) == {kind: set(names.split()) for kind, names in PARTS[model].items()}


@pytest.mark.parametrize("model", [*CONTENT_TYPES, *PARTS], ids=lambda model: model.__name__)
def test_no_translation_may_override_a_fact(model: Any) -> None:
    facts = [field for field in get_translatable_fields(model) if isinstance(field, SynchronizedField)]
    assert {field.field_name for field in facts if field.overridable} <= NAVIGATION


@pytest.mark.parametrize("model", CONTENT_TYPES, ids=lambda model: model.__name__)
def test_a_page_can_be_created_only_where_its_type_belongs(model: Any) -> None:
    assert model.parent_page_types
    assert all(model in parent.allowed_subpage_models() for parent in model.allowed_parent_page_models())


def test_a_cover_image_must_be_described(site: Site) -> None:
    page = make_standard_page()
    page.cover_image = make_image()
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    assert list(caught.value.message_dict) == ["cover_alt"]
    page.cover_alt = "A reading room with three long tables."
    page.full_clean()


def test_an_editor_cannot_write_a_summary_of_more_than_400_characters() -> None:
    field = StandardPage._meta.get_field("summary").formfield()
    assert field.clean("a" * 400) == "a" * 400
    with pytest.raises(ValidationError, match="at most 400 characters"):
        field.clean("a" * 401)


def test_the_source_language_is_the_language_a_page_was_written_in(site: Site) -> None:
    page = make_standard_page(homes()["kk"], title="Біз туралы")
    english = translate(page, "en", title="About")
    assert (page.source_language, english.source_language) == ("kk", "kk")
    assert (page.is_translation, english.is_translation) == (False, True)
    assert page.uid == english.uid


def test_two_pages_have_different_uids(site: Site) -> None:
    assert make_standard_page().uid != make_standard_page(title="Privacy").uid


@pytest.mark.parametrize(
    ("active", "address"), [("en", "/en/about/"), ("ru", "/en/about/"), ("kk", "/en/about/"), ("ar", "/ar/about/")]
)
def test_a_reader_of_a_language_without_content_stays_in_its_interface(site: Site, active: str, address: str) -> None:
    page = make_standard_page()
    with translation.override(active):
        assert page.url == address
        assert page.full_url == f"http://testserver{address}"


def test_an_address_under_arabic_replaces_only_the_language_at_its_beginning(site: Site) -> None:
    page = make_standard_page(make_standard_page(slug="en"), title="Terms")
    with translation.override("ar"):
        assert page.url == "/ar/en/terms/"


def test_no_active_language_leaves_the_address_alone(site: Site) -> None:
    page = make_standard_page()
    with translation.override(None):
        assert page.url == "/en/about/"


def test_a_page_outside_the_site_has_no_address(site: Site) -> None:
    with translation.override("ar"):
        assert StandardPage(title="Nowhere", path="00019999", locale=locale("en")).url is None


def test_facts_stand_in_the_editors_order(site: Site) -> None:
    countries = [make_country(code) for code in ("UZ", "KZ", "GE")]
    themes = [make_theme(code) for code in ("open-data", "budget")]
    page = make_practice(
        countries=countries,
        themes=themes,
        organisations=[(make_organisation("agency", labels={"en": "Agency"}), OrganisationRole.FUNDER)],
    )
    assert page.countries == countries
    assert page.themes == themes
    assert page.organisations == [{"code": "agency", "name": "Agency", "role": "funder"}]


def test_related_pages_come_in_the_language_of_the_page_where_they_exist_in_it(site: Site) -> None:
    both, english_only = make_news(title="Both"), make_news(title="English only")
    translate(both, "ru", title="Обе")
    page = make_practice(related=[both, english_only])
    russian = translate(page, "ru", title="Одно окно")
    assert [entry["title"] for entry in page.related_pages] == ["Both", "English only"]
    with translation.override("ru"):
        assert [entry["title"] for entry in russian.related_pages] == ["Обе", "English only"]


def test_drafts_and_private_pages_are_not_named_as_related(site: Site) -> None:
    draft, private, public = (make_news(title=title) for title in ("Draft", "Private", "Public"))
    draft.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert [entry["title"] for entry in make_practice(related=[draft, private, public]).related_pages] == ["Public"]


@pytest.mark.parametrize("make", [make_standard_page, make_practice, make_report])
def test_a_language_without_content_gets_the_page_of_the_default_language(
    client: Client, site: Site, make: Any
) -> None:
    page = make()
    with translation.override("ar"):
        response = client.get(page.url)
    assert response.status_code == 200
    assert page.title in response.content.decode()


def test_the_same_page_cannot_name_a_country_twice(site: Site) -> None:
    country = make_country("GE")
    with pytest.raises(Exception, match=r"(?i)unique|already exists"):
        make_page(StandardPage, homes()["en"], {"title": "Twice", "countries": [country, country]})


def test_rows_made_by_code_get_places_of_their_own(site: Site) -> None:
    """Databases return rows of the same place, or of none, in any order."""
    page = make_practice(themes=[make_theme("budget"), make_theme("health")])
    page.page_themes.add(PageTheme(theme=make_theme("digital")))
    page.save()
    assert places(page, "page_themes", "theme__code") == [("budget", 0), ("health", 1), ("digital", 2)]


def test_rows_that_share_a_place_are_told_apart(site: Site) -> None:
    page = make_practice()
    page.page_themes = [PageTheme(theme=make_theme(code), sort_order=5) for code in ("health", "budget")]
    page.save_revision().publish()
    assert places(page, "page_themes", "theme__code") == [("health", 0), ("budget", 1)]


def test_the_primary_country_leads_the_countries(site: Site) -> None:
    page = make_practice(country=make_country("GE"), countries=[make_country("MN"), make_country("AM")])
    assert places(page, "page_countries", "country__code") == [("GE", 0), ("MN", 1), ("AM", 2)]


def places(page: Any, relation: str, name: str) -> list[tuple[str, int]]:
    rows = getattr(type(page).objects.get(pk=page.pk), relation)
    return sorted(rows.values_list(name, "sort_order"), key=lambda row: row[1])
