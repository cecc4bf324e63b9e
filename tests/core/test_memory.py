"""What is kept in memory is true in every process, whatever was changed, and however a transaction ended."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Locale, Page, PageViewRestriction

from cms.core import memory
from cms.core.addresses import index_paths
from cms.core.memory import ChangeToken
from cms.core.querysets import active_locale, locales, public_pages, restricted_paths
from cms.core.registries import profile_paths
from news.models import NewsIndexPage
from reports.models import Indicator, IndicatorValueLabel
from taxonomy.models import Concept, Country, Membership, Organisation, Theme, ThemeLabel
from tests.factories.pages import make_country_page, make_news, make_practice
from tests.factories.site import index_page, published
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country, make_organisation, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from wagtail.models import Site

TOPIC = "test.Topic"


class Source:
    """Something to load, that counts how often it was."""

    def __init__(self) -> None:
        self.loads = 0

    def __call__(self) -> int:
        self.loads += 1
        return self.loads


@pytest.fixture
def source(db: None) -> Source:
    return Source()


def queries(ask: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured]


def test_what_is_kept_is_loaded_once(source: Source) -> None:
    assert [memory.kept(TOPIC, "key", source) for _time in range(3)] == [1, 1, 1]
    assert memory.kept(TOPIC, "other", source) == 2


def test_a_change_loads_anew_what_belongs_to_its_topic_only(source: Source) -> None:
    memory.kept(TOPIC, "key", source)
    memory.changed("test.Other")
    assert memory.kept(TOPIC, "key", source) == 1
    memory.changed(TOPIC, "test.Other")
    assert memory.kept(TOPIC, "key", source) == 2


def test_a_change_of_another_process_is_seen(source: Source) -> None:
    """The other process shares nothing with this one but the database."""
    memory.kept(TOPIC, "key", source)
    ChangeToken.objects.update_or_create(topic=TOPIC, defaults={"token": uuid.uuid4()})
    assert memory.kept(TOPIC, "key", source) == 2


def test_what_is_rolled_back_leaves_nothing_behind(source: Source) -> None:
    memory.changed(TOPIC)
    assert memory.kept(TOPIC, "key", source) == 1
    with transaction.atomic():
        memory.changed(TOPIC)
        assert memory.kept(TOPIC, "key", source) == 2
        transaction.set_rollback(True)
    assert memory.kept(TOPIC, "key", source) == 3
    memory.changed(TOPIC)
    assert memory.kept(TOPIC, "key", source) == 4


def test_within_a_request_the_tokens_are_read_once(source: Source) -> None:
    with memory.checked_once():
        asked = queries(lambda: [memory.kept(TOPIC, number, source) for number in range(5)])
        assert len(asked) == 1
    assert len(queries(lambda: [memory.kept(TOPIC, number, source) for number in range(5)])) == 5


def test_a_request_sees_its_own_changes(source: Source) -> None:
    with memory.checked_once():
        memory.kept(TOPIC, "key", source)
        memory.changed(TOPIC)
        assert memory.kept(TOPIC, "key", source) == 2


def test_checks_end_with_what_they_were_for(source: Source) -> None:
    with memory.checked_once():
        memory.kept(TOPIC, "key", source)
        ChangeToken.objects.create(topic=TOPIC, token=uuid.uuid4())
        assert memory.kept(TOPIC, "key", source) == 1, "one request sees one state"
    assert memory.kept(TOPIC, "key", source) == 2


def test_a_failed_load_is_tried_again(db: None) -> None:
    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        memory.kept(TOPIC, "key", fail)
    assert memory.kept(TOPIC, "key", lambda: 5) == 5


def rename_theme() -> None:
    ThemeLabel.objects.get(owner__code="services", language="en").delete()


CHANGES: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "a new country": (lambda: make_country("UZ"), lambda: "UZ" in Country.vocabulary().by_code),
    "a membership": (
        lambda: Membership.objects.create(country=make_country("KZ"), role="founder", since="2013-03-15"),
        lambda: len(Country.vocabulary().by_code["KZ"].memberships.all()),
    ),
    "a label that is deleted": (rename_theme, lambda: Theme.vocabulary().by_code["services"].label),
    "a theme that is deleted": (
        lambda: Theme.objects.get(code="services").delete(),
        lambda: list(Theme.vocabulary().by_code),
    ),
    "an organisation": (lambda: make_organisation("new-body"), lambda: len(Organisation.vocabulary().rows)),
    "the meaning of a value": (
        lambda: IndicatorValueLabel.objects.create(
            indicator=Indicator.objects.get(), value=1, language="en", label="advice"
        ),
        lambda: Indicator.vocabulary().rows[0].ordinal_labels,
    ),
    "a restriction": (
        lambda: PageViewRestriction.objects.create(
            page=index_page(NewsIndexPage), restriction_type=PageViewRestriction.LOGIN
        ),
        restricted_paths,
    ),
    "a list that is unpublished": (lambda: index_page(NewsIndexPage).unpublish(), index_paths),
    "a profile": (make_country_page, profile_paths),
    "a language": (lambda: Locale.objects.create(language_code="fr"), lambda: list(locales())),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_kind_of_change_is_seen(site: Site, name: str, settings: Any) -> None:
    make_country("KZ")
    make_theme("services")
    make_indicator()
    change, read = CHANGES[name]
    before = read()
    change()
    kept_after = read()
    memory.forget()
    assert kept_after == read()
    assert kept_after != before


def test_a_moved_page_takes_its_restriction_along(site: Site) -> None:
    practice = make_practice()
    PageViewRestriction.objects.create(page=practice, restriction_type=PageViewRestriction.LOGIN)
    before = restricted_paths()
    practice.move(index_page(NewsIndexPage), pos="last-child")
    assert restricted_paths() == (Page.objects.get(pk=practice.pk).path,) != before


def test_an_alias_of_a_restricted_page_is_restricted(site: Site) -> None:
    practice = make_practice()
    PageViewRestriction.objects.create(page=practice, restriction_type=PageViewRestriction.LOGIN)
    alias = practice.create_alias(update_slug="alias")
    assert alias.live
    assert set(restricted_paths()) == {practice.path, alias.path}
    assert not public_pages().filter(pk__in=[practice.pk, alias.pk]).exists()
    assert alias.get_view_restrictions().exists()


def test_pages_know_their_restrictions_as_wagtail_does(site: Site) -> None:
    practice, news = make_practice(), make_news()
    restriction = PageViewRestriction.objects.create(
        page=practice.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    assert list(practice.get_view_restrictions()) == list(Page.get_view_restrictions(practice)) == [restriction]
    assert list(news.get_view_restrictions()) == list(Page.get_view_restrictions(news)) == []


def test_a_reference_to_a_vocabulary_is_followed_without_a_query(site: Site) -> None:
    page = make_practice(country=make_country("GE"), themes=[make_theme("services")])
    Country.vocabulary()
    fresh = type(page).objects.get(pk=page.pk)
    with memory.checked_once():
        memory.kept(TOPIC, "key", int)
        assert queries(lambda: fresh.country.label) == []
    assert fresh.country is Country.vocabulary().by_code["GE"]
    assert fresh.lead_organisation is None or fresh.lead_organisation.label


def test_a_row_that_was_written_past_the_signals_is_found_all_the_same(site: Site) -> None:
    Concept.vocabulary()
    concept = Concept(scheme="level", code="district")
    Concept.objects.bulk_create([concept])
    assert concept.pk not in Concept.vocabulary().by_pk
    Country.vocabulary()
    Country.objects.bulk_create([Country(code="XK", alpha3="XKX", m49="412")])
    page = make_practice(country=Country.objects.get(code="XK"))
    assert type(page).objects.get(pk=page.pk).country.code == "XK"


def test_one_row_answers_each_reader_in_the_own_language(site: Site) -> None:
    row = {country.code: country for country in [make_country("KZ"), *Country.vocabulary().rows]}["KZ"]
    with translation.override("ru"):
        assert row.label == "Казахстан"
    with translation.override("kk"):
        assert row.label == "Қазақстан"


def test_a_menu_follows_the_pages(client: Client, site: Site) -> None:
    news = index_page(NewsIndexPage)
    news.show_in_menus, news.title = True, "Latest from members"
    published(news)
    assert "Latest from members" in client.get("/en/search/").content.decode()
    news.refresh_from_db()
    news.title = "Renamed list"
    published(news)
    html = client.get("/en/search/").content.decode()
    assert "Renamed list" in html
    assert "Latest from members" not in html


def test_the_active_locale_is_the_readers_or_the_sites(site: Site) -> None:
    for language, expected in [("kk", "kk"), ("ar", "en"), ("ru", "ru")]:
        with translation.override(language):
            assert active_locale().language_code == expected == Locale.get_active().language_code
