"""Lists show each item once: in the reader's language, else in the first that is offered instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from wagtail.models import PageViewRestriction

from cms.core.templatetags.display_tags import language_name
from news.models import EventIndexPage, NewsIndexPage
from practices.models import PracticeIndexPage, PracticePage
from reports.models import CountryIndexPage, ReportIndexPage
from tests.answers import ATOM, queries, texts, xml
from tests.factories.pages import make_country_page, make_event, make_news, make_practice, make_report
from tests.factories.site import homes, index_page, translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "ru", "kk")
# In which languages an item is public, and in which of them readers of English, Russian, Kazakh and Arabic get it.
ITEMS = {
    "en ru kk": "en ru kk en",
    "en ru": "en ru ru en",
    "en kk": "en en kk en",
    "ru kk": "ru ru kk ru",
    "en": "en en en en",
    "ru": "ru ru ru ru",
    "kk": "kk kk kk kk",
    "": "- - - -",
}
READERS = ("en", "ru", "kk", "ar")
each_reader = pytest.mark.parametrize("reader", READERS)
INDEXES = {
    "practices": (PracticeIndexPage, make_practice),
    "news": (NewsIndexPage, make_news),
    "events": (EventIndexPage, make_event),
    "reports": (ReportIndexPage, make_report),
}


def expected(reader: str) -> set[str]:
    """Titles of all that a reader gets: the languages of the item and the one that is shown."""
    shown = {public: by_reader.split()[READERS.index(reader)] for public, by_reader in ITEMS.items()}
    return {title(public, language) for public, language in shown.items() if language != "-"}


def title(public: str, language: str) -> str:
    return f"In {public.replace(' ', '-')} read {language}"


def in_languages(make: Any, public: str, **facts: Any) -> None:
    """A page that exists in all languages: in these public, in the first of the others a draft, in the next closed."""
    english = make(title=title(public, "en"), slug=f"in-{public.replace(' ', '-')}", **facts)
    versions = {"en": english}
    versions |= {code: translate(english, code, title=title(public, code)) for code in ("ru", "kk")}
    hidden = [versions[code] for code in LANGUAGES if code not in public.split()]
    for page in hidden[:1]:
        page.unpublish()
    for page in hidden[1:]:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


@pytest.fixture(scope="module")
def content(made_once: Callable[..., Any]) -> None:
    def make() -> None:
        georgia, theme = make_country("GE"), make_theme("budget", parent=make_theme("money"))
        profile = make_country_page(country=georgia, slug="georgia")
        for code in ("ru", "kk"):
            translate(profile, code)
        for _index, factory in INDEXES.values():
            parent = profile if factory is make_report else None
            for public in ITEMS:
                in_languages(factory, public, parent=parent, country=georgia, themes=[theme])

    made_once(make)


def opened(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.content, "html5lib")


def rows(document: Any) -> dict[str, Any]:
    """The links of listed items by their titles, each once."""
    links = document.select(".row-title a")
    found = {link.text: link for link in links}
    assert len(found) == len(links)
    return found


@each_reader
@pytest.mark.parametrize("name", INDEXES)
def test_a_list_has_one_entry_for_each_item_and_says_its_language(
    client: Client, content: None, name: str, reader: str
) -> None:
    document = opened(client, f"/{reader}/{name}/")
    found = rows(document)
    assert set(found) == expected(reader)
    own = "en" if reader == "ar" else reader
    for text, link in found.items():
        language = text[-2:]
        row = link.find_parent("article")
        assert link.parent.get("lang") == (language if language != reader else None)
        assert link.parent.get("dir") == ("ltr" if language != reader else None)
        assert row.select_one(".row-summary").get("lang") == link.parent.get("lang")
        assert link.get("hreflang") == (language if language != own else None)
        assert link["href"].startswith(f"/{reader if language == own else language}/")
        with translation.override(reader):
            name = language_name(language)
        assert (name in [item.text for item in row.select(".row-facts li")]) == (language != reader)


@each_reader
def test_numbers_are_of_items(client: Client, content: None, reader: str) -> None:
    number = len(expected(reader))
    for query in ("", "?country=GE", "?theme=budget", "?theme=money&country=GE"):
        listing = client.get(f"/{reader}/practices/{query}").context["listing"]
        assert listing.total == number
        counts = {option.value: option.count for view in listing.facets for option in view.options}
        assert (counts["GE"], counts["budget"], counts["money"]) == (number, number, number)


@each_reader
def test_a_countrys_profile_and_the_home_page_show_the_same(client: Client, content: None, reader: str) -> None:
    profile = opened(client, f"/{reader}/countries/georgia/")
    for name in ("country-practices", "country-news", "country-events", "country-reports"):
        section = profile.find(attrs={"aria-labelledby": name})
        titles = {link.text for link in section.select(".row-title a")}
        assert titles <= expected(reader)
        assert len(titles) == min(6, len(expected(reader)))
    home = opened(client, f"/{reader}/")
    for name in ("practices", "reports", "news", "events"):
        titles = {link.text for link in home.find(attrs={"aria-labelledby": name}).select(".row-title a")}
        assert titles <= expected(reader)
        assert len(titles) == 3
    countries = opened(client, f"/{reader}/countries/")
    assert countries.text.count(f": {len(expected(reader))}") == 2, "practices and reports of Georgia"


def test_facts_narrow_the_version_that_is_shown(client: Client, content: None) -> None:
    page = PracticePage.objects.get(title=title("en ru", "en"))
    page.status = "ended"
    page.save_revision().publish()
    assert set(rows(opened(client, "/en/practices/?status=ended"))) == {page.title}
    assert set(rows(opened(client, "/kk/practices/?status=ended"))) == set()


def test_what_is_published_in_a_language_takes_the_place_of_the_other_one(client: Client, content: None) -> None:
    assert title("en", "en") in rows(opened(client, "/kk/practices/"))
    draft = PracticePage.objects.get(title=title("en", "ru"))
    draft.save_revision().publish()
    found = set(rows(opened(client, "/kk/practices/")))
    assert title("en", "ru") in found
    assert title("en", "en") not in found


def test_a_language_without_a_public_home_page_stands_in_for_nothing(client: Client, content: None) -> None:
    homes()["kk"].unpublish()
    assert set(rows(opened(client, "/en/practices/"))) == expected("en") - {title("kk", "kk")}


def test_sections_that_a_language_lacks_are_reached_in_another(client: Client, content: None) -> None:
    catalogue = index_page(PracticeIndexPage, "kk")
    catalogue.show_in_menus = True
    catalogue.save_revision().publish()
    for code in ("en", "ru"):
        other = index_page(PracticeIndexPage, code)
        other.title, other.show_in_menus = f"Practices {code}", True
        other.save_revision().publish()
    document = opened(client, "/kk/countries/georgia/")
    assert [link["href"] for link in document.select(".menu a")] == ["/kk/practices/"]
    index_page(PracticeIndexPage, "kk").unpublish()
    document = opened(client, "/kk/countries/georgia/")
    (link,) = document.select(".menu a")
    assert (link.text, link["href"], link["hreflang"], link["lang"]) == ("Practices ru", "/ru/practices/", "ru", "ru")
    section = document.find(attrs={"aria-labelledby": "country-practices"}).select_one("a.target")
    assert (section["href"], section["hreflang"]) == ("/ru/practices/?country=GE", "ru")


def test_profiles_that_a_language_lacks_are_reached_in_another(client: Client, content: None) -> None:
    profile = make_country_page(country=make_country("MN"), slug="mongolia", title="Mongolia")
    translate(profile, "ru", title="Монголия")
    assert [link["href"] for link in opened(client, "/kk/countries/").select(".country-name a")] == [
        "/kk/countries/georgia/",
        "/ru/countries/mongolia/",
    ]
    (link,) = opened(client, "/kk/").select('.country-list a[hreflang="ru"]')
    assert link["href"] == "/ru/countries/mongolia/"
    assert index_page(CountryIndexPage, "kk").url == "/kk/countries/"


@each_reader
def test_a_feed_has_one_language_and_a_calendar_all_events(client: Client, content: None, reader: str) -> None:
    own = "en" if reader == "ar" else reader
    feed = xml(client, f"/{reader}/feeds/practices.atom", "application/atom+xml")
    in_it = {title(public, own) for public in ITEMS if own in public.split()}
    assert set(texts(feed, f"{ATOM}entry/{ATOM}title")) == in_it
    calendar = client.get(f"/{reader}/feeds/events.ics").content.decode()
    assert calendar.count("BEGIN:VEVENT") == len(expected(reader))
    assert all(f"SUMMARY:{text}" in calendar for text in expected(reader))


def test_more_languages_take_no_more_queries(client: Client, content: None) -> None:
    for name in INDEXES:
        assert queries(client, f"/kk/{name}/") == queries(client, f"/en/{name}/") <= 10
