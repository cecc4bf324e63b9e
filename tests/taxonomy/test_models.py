"""Vocabularies: names in every language, and the rules that an editor meets."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from taxonomy.choices import MembershipRole, OrganisationKind, Scheme
from taxonomy.models import Concept, Country, Membership, Organisation, OrganisationIdentifier, Theme
from tests.factories.vocabularies import add_labels, make_concept, make_country, make_organisation, make_theme


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Kazakhstan"), ("ru", "Казахстан"), ("kk", "Қазақстан"), ("ar", "كازاخستان")]
)
def test_a_country_is_named_by_cldr_in_every_interface_language(db: None, language: str, name: str) -> None:
    country = make_country("KZ")
    with translation.override(language):
        assert country.label == name
        assert str(country) == name


def test_an_editorial_name_replaces_the_cldr_name_in_its_own_language_only(db: None) -> None:
    country = make_country("TR", labels={"en": "Türkiye, Republic of"})
    assert country.label == "Türkiye, Republic of"
    with translation.override("ru"):
        assert country.label == "Турция"


def test_a_code_that_cldr_does_not_know_is_shown_as_it_is(db: None) -> None:
    assert Country.objects.create(code="QZ", alpha3="QZZ", m49="999").label == "QZZ"


def test_a_region_has_a_name_in_the_readers_language(db: None) -> None:
    country = make_country("KZ", subregion="145")
    assert country.subregion_label == "Western Asia"
    with translation.override("ru"):
        assert country.subregion_label == "Западная Азия"
    assert Country(code="AQ", subregion="").subregion_label == ""


@pytest.mark.parametrize("code", [{"code": "KZ"}, {"alpha3": "KAZ"}, {"m49": "398"}])
def test_each_country_code_exists_once(db: None, code: dict[str, str]) -> None:
    make_country("KZ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Country.objects.create(**({"code": "QQ", "alpha3": "QQQ", "m49": "999"} | code))


def test_a_membership_cannot_end_before_it_begins(db: None) -> None:
    membership = Membership(
        country=make_country(),
        role=MembershipRole.FOUNDER,
        since=datetime.date(2020, 1, 1),
        until=datetime.date(2019, 12, 31),
    )
    with pytest.raises(ValidationError, match="cannot end before it begins"):
        membership.full_clean()
    membership.until = membership.since
    membership.full_clean()
    assert str(membership) == "Kazakhstan (Founder)"


def test_themes_have_at_most_three_levels(db: None) -> None:
    top = make_theme("services")
    middle = make_theme("digital-services", top)
    low = make_theme("portals", middle)
    assert [theme.depth for theme in (top, middle, low)] == [1, 2, 3]
    low.full_clean()
    with pytest.raises(ValidationError, match="at most three levels"):
        Theme(code="chat-bots", parent=low).full_clean()


@pytest.mark.parametrize("loop", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_a_theme_cannot_stand_below_itself(db: None, loop: list[str]) -> None:
    rows: list[Theme] = []
    for code in loop:
        rows.append(make_theme(code, rows[-1] if rows else None))
    rows[0].parent = rows[-1]
    with pytest.raises(ValidationError, match="leads back to the row itself"):
        rows[0].clean()


def test_a_theme_takes_those_below_it_along(db: None) -> None:
    top, other = make_theme("services"), make_theme("people")
    make_theme("portals", make_theme("digital-services", top))
    top.parent = other
    with pytest.raises(ValidationError, match="at most three levels"):
        top.clean()
    top.parent = None
    top.clean()


def test_the_way_up_of_other_vocabularies_leads_to_an_end(db: None) -> None:
    broad = make_concept(code="broad")
    broad.parent = make_concept(code="narrow", parent=broad)
    ministry = make_organisation("ministry")
    ministry.merged_into = make_organisation("agency", merged_into=make_organisation("office", merged_into=ministry))
    for row in (broad, ministry):
        with pytest.raises(ValidationError, match="leads back to the row itself"):
            row.clean()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("code", "kz"),
        ("code", "K1"),
        ("alpha3", "KA"),
        ("alpha3", "Kaz"),
        ("m49", "39"),
        ("m49", "3٩8"),
        ("region", "A"),
    ],
)
def test_codes_of_countries_have_their_form(db: None, name: str, wrong: str) -> None:
    country = make_country("KZ")
    country.full_clean()
    setattr(country, name, wrong)
    with pytest.raises(ValidationError) as refused:
        country.full_clean()
    assert set(refused.value.message_dict) == {name}


def test_a_parent_theme_cannot_be_deleted_under_its_children(db: None) -> None:
    parent = make_theme("services")
    make_theme("portals", parent)
    with pytest.raises(IntegrityError):
        parent.delete()


def test_a_concept_of_a_published_classification_shows_its_code(db: None) -> None:
    assert str(make_concept(Scheme.COFOG, "01.3", labels={"en": "General services"})) == "01.3 General services"
    assert str(make_concept(Scheme.LEVEL, "local", labels={"en": "Local"})) == "Local"


def test_the_same_code_may_exist_in_two_schemes_but_not_twice_in_one(db: None) -> None:
    make_concept(Scheme.SDG, "16")
    make_concept(Scheme.COFOG, "16")
    with pytest.raises(IntegrityError), transaction.atomic():
        Concept.objects.create(scheme=Scheme.SDG, code="16")


@pytest.mark.parametrize("field", ["parent", "merged_into"])
def test_an_organisation_is_neither_part_of_itself_nor_merged_into_itself(db: None, field: str) -> None:
    organisation = make_organisation()
    setattr(organisation, field, organisation)
    with pytest.raises(ValidationError) as caught:
        organisation.clean()
    assert list(caught.value.message_dict) == [field]


def test_a_new_organisation_without_a_parent_is_accepted() -> None:
    Organisation(code="new-agency", kind=OrganisationKind.AGENCY).clean()


def test_an_identifier_belongs_to_one_organisation_only(db: None) -> None:
    first, second = make_organisation("one"), make_organisation("two")
    entry = OrganisationIdentifier.objects.create(organisation=first, scheme="ror", value="052gg0110")
    assert str(entry) == "ROR 052gg0110"
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationIdentifier.objects.create(organisation=second, scheme="ror", value="052gg0110")


@pytest.mark.parametrize("make", [make_country, make_theme, make_concept, make_organisation])
def test_a_row_has_one_label_per_language(db: None, make: object) -> None:
    row = make() if callable(make) else None
    row = add_labels(row, {"ru": "Имя"})
    with pytest.raises(IntegrityError), transaction.atomic():
        row.labels.model.objects.create(owner=row, language="ru", label="Другое имя")
