"""Who reused what, found from either side and in every language."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from cms.core import memory
from practices.models import AdaptationText, PracticeAdaptation
from taxonomy.models import Country
from tests.factories.pages import make_adaptation, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from wagtail.models import Site


def test_every_language_version_shows_the_adaptations_of_the_practice(site: Site) -> None:
    practice, other = make_practice(), make_practice(title="Another")
    russian = translate(practice, "ru", title="Одно окно")
    recorded_on_source = make_adaptation(practice, make_country("GE"))
    recorded_on_translation = make_adaptation(russian, make_country("UZ"))
    make_adaptation(other, make_country("MN"))
    for page in (practice, russian):
        assert set(PracticeAdaptation.objects.of(page)) == {recorded_on_source, recorded_on_translation}


def test_what_a_country_gave_and_what_it_received(site: Site) -> None:
    kazakhstan, georgia = make_country("KZ"), make_country("GE")
    given = make_adaptation(make_practice(country=kazakhstan), georgia)
    received = make_adaptation(make_practice(country=georgia), kazakhstan)
    make_adaptation(make_practice(country=georgia), make_country("AM"))
    assert set(PracticeAdaptation.objects.given_or_received_by(kazakhstan)) == {given, received}
    assert list(PracticeAdaptation.objects.given_or_received_by(make_country("UZ"))) == []


def test_adaptations_of_a_practice_that_is_not_published_are_not_counted(site: Site) -> None:
    practice = make_practice(country=make_country("KZ"))
    make_adaptation(practice, make_country("GE"))
    practice.unpublish()
    assert not PracticeAdaptation.objects.given_or_received_by(make_country("KZ")).exists()
    assert not PracticeAdaptation.objects.given_or_received_by(make_country("GE")).exists()


@pytest.mark.parametrize(
    ("active", "languages", "shown"),
    [("ru", {"en", "ru"}, "ru"), ("kk", {"en", "ru"}, "ru"), ("ar", {"kk", "en"}, "en"), ("en", {"kk"}, "kk")],
)
def test_the_text_is_the_nearest_to_the_readers_language(
    site: Site, active: str, languages: set[str], shown: str
) -> None:
    adaptation = make_adaptation(make_practice(), changed={code: f"changed in {code}" for code in languages})
    with translation.override(active):
        assert adaptation.as_json()["changed"] == f"changed in {shown}"


def test_an_adaptation_without_a_text_is_still_told(site: Site) -> None:
    adaptation = make_adaptation(make_practice(), changed={}, status="running", confirmed_by_origin=True)
    assert adaptation.as_json() == {
        "country": {"code": "GE", "label": "Georgia"},
        "status": {"code": "running", "label": "Running"},
        "start": None,
        "end": None,
        "changed": "",
        "result": "",
        "supported_by_hub": False,
        "confirmed_by_origin": True,
        "evidence_url": "",
    }


def test_an_adaptation_cannot_end_before_it_starts(site: Site) -> None:
    adaptation = make_adaptation(make_practice(), start=datetime.date(2021, 6, 1))
    adaptation.end = datetime.date(2021, 5, 31)
    with pytest.raises(ValidationError, match="end cannot be before the start"):
        adaptation.full_clean()
    adaptation.end = adaptation.start
    adaptation.full_clean()


def test_an_adaptation_has_one_text_per_language(site: Site) -> None:
    adaptation = make_adaptation(make_practice())
    with pytest.raises(IntegrityError), transaction.atomic():
        AdaptationText.objects.create(adaptation=adaptation, language="en", changed="Again.")


def test_the_newest_adaptation_comes_first(site: Site) -> None:
    practice = make_practice()
    older = make_adaptation(practice, make_country("GE"), start=datetime.date(2020, 1, 1))
    newer = make_adaptation(practice, make_country("UZ"), start=datetime.date(2021, 1, 1))
    assert list(PracticeAdaptation.objects.of(practice)) == [newer, older]


def test_a_list_of_adaptations_costs_the_same_however_long_it_is(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    practice = make_practice()
    for code in ("GE", "UZ", "MN", "AM"):
        make_adaptation(practice, make_country(code))
    Country.vocabulary()
    with memory.checked_once(), django_assert_num_queries(3):
        assert len([adaptation.as_json() for adaptation in PracticeAdaptation.objects.of(practice)]) == 4


def test_an_adaptation_is_named_by_country_and_practice(site: Site) -> None:
    assert str(make_adaptation(make_practice(title="One window"))) == "Georgia: One window"
