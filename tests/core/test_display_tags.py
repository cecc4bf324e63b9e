"""How values look to a reader of each language."""

from __future__ import annotations

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from cms.core.choices import Licence, OrganisationRole
from cms.core.templatetags import display_tags as tags
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from wagtail.models import Site

DAY = datetime.date(2026, 3, 5)
NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    """With every kind of space as the plain one: CLDR changes its mind about them."""
    return text.replace(NARROW, " ").replace(WIDE, " ")


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "1,234.5"), ("ru", "1 234,5"), ("kk", "1 234,5"), ("ar", "1,234.5")]
)
def test_numbers(language: str, shown: str) -> None:
    with translation.override(language):
        assert plain(tags.number(Decimal("1234.5000"))) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (None, None, ""),
        ("", None, ""),
        (0, None, "0"),
        (Decimal(94), 2, "94.00"),
        (Decimal("2.345"), 0, "2"),
        (1_000_000, None, "1,000,000"),
        (Decimal("0.00014"), None, "0.0001"),
    ],
)
def test_decimals(value: Any, decimals: int | None, shown: str) -> None:
    assert tags.number(value, decimals) == shown


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (0, "0"), (3, "+3"), (Decimal("-2.5"), "\N{MINUS SIGN}2.5")])
def test_differences_have_a_sign(value: Any, shown: str) -> None:
    assert tags.signed(value) == shown


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en", "5 March 2026", "March 2026"),
        ("ru", "5 марта 2026 г.", "март 2026 г."),
        ("kk", "2026 ж. 5 наурыз", "2026 ж. наурыз"),
        ("ar", "5 مارس 2026", "مارس 2026"),
    ],
)
def test_dates(language: str, day: str, month: str) -> None:
    with translation.override(language):
        assert (plain(tags.day(DAY)), plain(tags.month(DAY))) == (day, month)


@pytest.mark.parametrize("write", [tags.day, tags.month, tags.moment, tags.clock, tags.period])
def test_no_date_is_no_text(write: Any) -> None:
    assert write(None) == ""


def test_moments_are_told_in_the_zone_that_they_carry() -> None:
    moment = datetime.datetime(2026, 3, 5, 9, 30, tzinfo=datetime.UTC).astimezone(ZoneInfo("Asia/Almaty"))
    assert tags.moment(moment) == "5 March 2026, 14:30"
    assert tags.clock(moment) == "14:30"


@pytest.mark.parametrize(
    ("frequency", "shown"),
    [("A", "2026"), ("Q", "Q1 2026"), ("M", "March 2026"), ("W", "5 March 2026"), ("D", "5 March 2026")],
)
def test_periods_by_frequency(frequency: str, shown: str) -> None:
    assert tags.period(DAY, frequency) == shown


def test_languages_by_name() -> None:
    assert tags.language_name("kk") == "Kazakh"
    with translation.override("ru"):
        assert tags.language_name("kk") == "казахский"
    assert tags.language_name("xx-unknown") == "xx-unknown"


def test_hosts() -> None:
    assert tags.host("https://www.example.org:8080/path") == "example.org:8080"
    assert tags.host("") == ""


def test_only_languages_with_a_text_of_their_own_are_versions() -> None:
    def link(code: str, *, is_real: bool) -> SimpleNamespace:
        return SimpleNamespace(code=code, is_real=is_real)

    links = [link("en", is_real=True), link("ru", is_real=False), link("ar", is_real=True)]
    assert [link.code for link in tags.in_content_languages(links)] == ["en"]


@pytest.fixture
def practice(site: Site) -> Any:
    return make_practice(
        title="One window",
        licence=Licence.CC_BY,
        countries=[make_country("KZ"), make_country("GE")],
        themes=[make_theme("digital"), make_theme("health")],
        organisations=[
            (make_organisation("civil-service-agency"), OrganisationRole.LEAD),
            (make_organisation("ministry-of-order"), OrganisationRole.PARTNER),
        ],
    )


def test_text_in_the_readers_language_needs_no_mark(practice: Any) -> None:
    assert tags.language_of(practice) == tags.language_note(practice) == ""


def test_text_in_another_language_is_marked_and_named(practice: Any) -> None:
    with translation.override("ar"):
        assert tags.language_of(practice) == 'lang="en" dir="ltr"'
        assert tags.language_note(practice) == "الإنجليزية"


def test_what_is_no_page_has_no_language() -> None:
    assert tags.language_of(None) == tags.language_of("text") == tags.language_note("") == ""


def test_the_first_theme_colours_the_ornament(practice: Any) -> None:
    assert tags.theme_code(practice) == "digital"
    assert tags.theme_code(SimpleNamespace(themes=[])) == ""
    assert tags.theme_code(SimpleNamespace()) == ""


def test_versions_of_a_page_share_ornament_and_card(practice: Any) -> None:
    russian = translate(practice, "ru")
    assert tags.ornament(russian) == tags.ornament(practice)
    assert tags.social_card_url(russian) == tags.social_card_url(practice)
    assert tags.social_card_url(practice) == f"http://testserver/social-card/{practice.translation_key}.png"


def test_rows_show_the_cover_or_else_the_ornament(practice: Any) -> None:
    assert tags.item_picture(practice)["image"] is None
    practice.cover_image = make_image()
    assert tags.item_picture(practice)["image"] == practice.cover_image


def test_licences_link_to_their_text(practice: Any) -> None:
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in tags.licence_link(practice)
    practice.licence = Licence.ALL_RIGHTS_RESERVED
    assert tags.licence_link(practice) == "All rights reserved"


def test_other_countries_are_those_beside_the_first(practice: Any) -> None:
    assert [country.code for country in tags.other_countries(practice)] == ["GE"]


def test_a_citation_names_the_leading_organisation(practice: Any) -> None:
    year = practice.first_published_at.year
    expected = f"Civil service agency ({year}). One window. Shared Practice. https://example.org/one"
    assert tags.citation(practice, "https://example.org/one") == expected


def test_a_citation_prefers_the_attribution_that_was_asked_for(practice: Any) -> None:
    practice.attribution = "Agency of Kazakhstan"
    assert tags.citation(practice, "").startswith("Agency of Kazakhstan (")


def test_a_citation_without_author_and_date_names_the_site(practice: Any) -> None:
    practice.page_organisations = []
    practice.first_published_at = None
    assert tags.citation(practice, "u") == "Shared Practice. One window. Shared Practice. u"


def test_facts_of_a_file(db: None) -> None:
    document = make_document(content=b"%PDF-1.7" + b" " * 2040)
    assert plain(tags.file_facts(document)) == "PDF, 2.0 KB"
    assert plain(tags.file_facts(document, "en")) == "PDF, 2.0 KB"
    assert plain(tags.file_facts(document, "ru")) == "PDF, 2.0 KB, Russian"


def test_related_pages_are_public_and_in_the_readers_language_where_they_exist_in_it(practice: Any) -> None:
    other, hidden = make_practice(title="Open kitchen"), make_practice(title="Hidden")
    hidden.unpublish()
    page = make_practice(title="With relations", related=[hidden, other, practice])
    translate(other, "ru", title="Открытая кухня")
    assert [row.title for row in tags.related_pages(page)] == ["Open kitchen", "One window"]
    with translation.override("ru"):
        assert [row.title for row in tags.related_pages(page)] == ["Открытая кухня", "One window"]


def test_pages_that_an_editor_chose_leave_out_what_was_deleted(practice: Any) -> None:
    assert tags.public_pages([None, practice]) == [practice]
    assert tags.public_pages([]) == []


def test_facts_are_loaded_for_saved_pages_only(practice: Any) -> None:
    for nothing in ("", None, type(practice)(title="Draft")):
        assert tags.load_facts(nothing) == ""
