"""What practices show on a country's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation
from wagtail.models import PageViewRestriction

from cms.core.registries import country_sections
from practices.registrations import ROWS, exchanges_of, practices_of
from tests.answers import queries
from tests.factories.pages import make_adaptation, make_country_page, make_practice
from tests.factories.site import translate
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site


def adopted(country: Any, *, given: bool) -> list[str]:
    """Titles of the practices that a country gave to others, or received."""
    exchanges = [exchange for exchange in exchanges_of(country) if exchange.is_given is given]
    return [row.page.title for exchange in exchanges for row in exchange.adaptations]


def received(country: Any) -> list[str]:
    return adopted(country, given=False)


def test_the_sections_stand_in_the_order_of_a_profile() -> None:
    keys = [section.key for section in country_sections()]
    ours = ["practices", "adaptations", "news", "events"]
    assert [key for key in keys if key in ours] == ours


def test_practices_are_the_newest_of_the_country_as_the_reader_can_read_them(site: Site) -> None:
    georgia = make_country("GE")
    for number in range(ROWS + 1):
        make_practice(title=f"Practice {number}", slug=f"practice-{number}", country=georgia)
    translate(make_practice(title="Abroad", slug="abroad"), "ru")
    translate(practices_of(georgia)[0], "ru", title="По-русски", slug="po-russki")
    assert [page.title for page in practices_of(georgia)] == [f"Practice {number}" for number in range(ROWS, 0, -1)]
    with translation.override("ru"):
        others = [f"Practice {number}" for number in range(ROWS - 1, 0, -1)]
        assert [page.title for page in practices_of(georgia)] == ["По-русски", *others]


def test_adaptations_are_told_by_who_gave_and_who_received(site: Site) -> None:
    georgia, kazakhstan = make_country("GE"), make_country("KZ")
    make_adaptation(make_practice(title="From Kazakhstan", country=kazakhstan), georgia)
    assert received(georgia) == ["From Kazakhstan"]
    assert adopted(kazakhstan, given=True) == ["From Kazakhstan"]
    assert adopted(georgia, given=True) == received(kazakhstan) == []


def test_an_adaptation_leads_to_the_practice_in_the_reader_s_language(site: Site) -> None:
    practice = make_practice(title="One window")
    translate(practice, "kk", title="Бір терезе", slug="bir-tereze")
    make_adaptation(practice, make_country("GE"))
    with translation.override("kk"):
        assert received(make_country("GE")) == ["Бір терезе"]
    with translation.override("ru"):
        assert received(make_country("GE")) == ["One window"]


def test_adaptations_of_what_is_not_public_are_left_out(site: Site) -> None:
    georgia = make_country("GE")
    make_adaptation(make_practice(title="Shown", slug="shown"), georgia)
    draft = make_practice(title="Draft", slug="draft")
    make_adaptation(draft, georgia)
    draft.unpublish()
    restricted = make_practice(title="Restricted", slug="restricted")
    make_adaptation(restricted, georgia)
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    assert received(georgia) == ["Shown"]


def test_a_profile_takes_as_many_queries_for_many_rows_as_for_one(client: Client, site: Site) -> None:
    georgia = make_country("GE")
    make_country_page(slug="georgia", country=georgia)
    make_adaptation(make_practice(slug="first", country=georgia), make_country("AM"))
    make_adaptation(make_practice(slug="second"), georgia)
    few = queries(client, "/en/countries/georgia/")
    for number in range(3):
        make_adaptation(make_practice(slug=f"own-{number}", country=georgia), make_country("AM"))
        make_adaptation(make_practice(slug=f"other-{number}"), georgia)
    assert queries(client, "/en/countries/georgia/") == few


def test_a_profile_shows_the_sections(client: Client, site: Site) -> None:
    georgia = make_country("GE")
    make_country_page(slug="georgia", country=georgia)
    make_practice(title="Practice of Georgia", slug="of-georgia", country=georgia)
    make_adaptation(make_practice(title="Practice of Kazakhstan", slug="of-kazakhstan"), georgia)
    html = client.get("/en/countries/georgia/").content.decode()
    assert 'href="/en/practices/of-georgia/"' in html
    assert 'href="/en/practices/of-kazakhstan/#adaptation-' in html
