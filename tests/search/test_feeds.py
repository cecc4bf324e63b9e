"""RSS and Atom: the newest of a language, narrowed like the list."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.test.utils import override_settings
from django.utils import timezone
from wagtail.models import PageViewRestriction

from search.feeds import LENGTH, xml_text
from tests.answers import ATOM, queries, texts, xml
from tests.factories.pages import make_event, make_news, make_practice, make_report
from tests.factories.site import translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

RSS_TYPE, ATOM_TYPE = "application/rss+xml", "application/atom+xml"
KINDS = ["practices", "reports", "news", "events", "all"]


def titles(client: Client, path: str) -> list[str]:
    return texts(xml(client, path, RSS_TYPE), "channel/item/title")


def dated(page: Any, **ago: int) -> None:
    type(page).objects.filter(pk=page.pk).update(first_published_at=timezone.now() - datetime.timedelta(**ago))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_feed_in_every_language(client: Client, site: Site, kind: str, language: str) -> None:
    rss = xml(client, f"/{language}/feeds/{kind}.rss", RSS_TYPE)
    assert rss.findtext("channel/language") == language
    assert rss.findtext("channel/link", "").startswith(f"http://testserver/{language}/")
    assert rss.findtext("channel/title")
    atom = xml(client, f"/{language}/feeds/{kind}.atom", ATOM_TYPE)
    assert atom.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
    assert atom.find(f"{ATOM}link[@rel='self']") is not None


@pytest.mark.parametrize("path", ["countries.rss", "nothing.atom", "practices.xml", "Practices.rss", "%00.rss", ".rss"])
def test_a_feed_of_something_else_is_not_found(client: Client, site: Site, path: str) -> None:
    assert client.get(f"/en/feeds/{path}", follow=True).status_code == 404


def test_an_item_says_what_a_reader_wants_to_know(client: Client, site: Site) -> None:
    practice = make_practice(
        title="Services & <windows>",
        summary="Less “waiting” & more.",
        slug="one-window",
        themes=[make_theme("digital", labels={"en": "Digital government"})],
    )
    item = xml(client, "/en/feeds/practices.rss", RSS_TYPE).find("channel/item")
    assert item is not None
    assert item.findtext("title") == "Services & <windows>"
    assert item.findtext("description") == "Less “waiting” & more."
    assert item.findtext("link") == "http://testserver/en/practices/one-window/"
    assert texts(item, "category") == ["Kazakhstan", "Digital government"]
    entry = xml(client, "/en/feeds/practices.atom", ATOM_TYPE).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}published") == practice.first_published_at.isoformat()
    assert entry.findtext(f"{ATOM}updated") == practice.last_published_at.isoformat()
    assert entry.findtext(f"{ATOM}rights") == "Creative Commons Attribution 4.0"
    guid = item.find("guid")
    assert guid is not None
    assert guid.text == entry.findtext(f"{ATOM}id")
    assert guid.attrib["isPermaLink"] == "false"


def test_an_item_keeps_its_id_when_its_address_changes(client: Client, site: Site) -> None:
    practice = make_practice(slug="one-window")
    translate(practice, "ru", slug="odno-okno")
    before = texts(xml(client, "/en/feeds/practices.rss", RSS_TYPE), "channel/item/guid")
    practice.slug = "new-address"
    practice.save_revision().publish()
    assert texts(xml(client, "/en/feeds/practices.rss", RSS_TYPE), "channel/item/guid") == before
    assert texts(xml(client, "/ru/feeds/practices.rss", RSS_TYPE), "channel/item/guid") != before


def test_a_feed_holds_what_is_public_in_its_language(client: Client, site: Site) -> None:
    translate(make_practice(title="Both"), "kk", title="Екі тілде")
    make_practice(title="Draft", slug="draft").unpublish()
    PageViewRestriction.objects.create(
        page=make_practice(title="Restricted", slug="restricted"), restriction_type=PageViewRestriction.LOGIN
    )
    assert titles(client, "/en/feeds/practices.rss") == ["Both"]
    assert titles(client, "/kk/feeds/practices.rss") == ["Екі тілде"]
    assert titles(client, "/ru/feeds/practices.rss") == []
    assert titles(client, "/ar/feeds/practices.rss") == ["Both"]


def test_a_feed_is_narrowed_by_the_facets_of_its_list(client: Client, site: Site) -> None:
    parent = make_theme("digital", labels={"en": "Digital government"})
    below = make_theme("identity", parent)
    make_practice(title="Georgian", slug="a", country=make_country("GE"), status="pilot", themes=[below])
    make_practice(title="Kazakh", slug="b", status="ended")
    assert titles(client, "/en/feeds/practices.rss?country=GE") == ["Georgian"]
    assert titles(client, "/en/feeds/practices.rss?theme=digital") == ["Georgian"]
    assert titles(client, "/en/feeds/practices.rss?status=ended") == ["Kazakh"]
    assert sorted(titles(client, "/en/feeds/practices.rss?country=GE&country=KZ")) == ["Georgian", "Kazakh"]
    assert titles(client, "/en/feeds/practices.rss?country=GE&status=ended") == []
    assert titles(client, "/en/feeds/practices.rss?year=0000") == []
    channel = xml(client, "/en/feeds/practices.rss?country=GE&theme=digital", RSS_TYPE).find("channel")
    assert channel is not None
    assert "Georgia – Digital government" in channel.findtext("title", "")
    assert channel.findtext("link") == "http://testserver/en/practices/?country=GE&theme=digital"


def test_everything_together_stands_in_order_of_time(client: Client, site: Site) -> None:
    dated(make_practice(title="Practice", country=make_country("GE")), days=3)
    dated(make_report(title="Report"), days=1)
    make_news(title="News", date=timezone.localdate() - datetime.timedelta(days=2))
    dated(make_event(title="Event"), days=4)
    assert titles(client, "/en/feeds/all.rss") == ["Report", "News", "Practice", "Event"]
    assert titles(client, "/en/feeds/all.rss?country=GE") == ["Practice"]
    assert titles(client, "/en/feeds/all.rss?status=pilot") == ["Report", "News", "Practice", "Event"]


def test_news_stand_under_their_own_date(client: Client, site: Site) -> None:
    make_news(title="Old", slug="old", date=datetime.date(2021, 1, 1))
    make_news(title="New", slug="new", date=datetime.date(2022, 1, 1))
    assert titles(client, "/en/feeds/news.rss") == ["New", "Old"]
    atom = xml(client, "/en/feeds/news.atom", ATOM_TYPE)
    assert texts(atom, f"{ATOM}entry/{ATOM}published") == ["2022-01-01T00:00:00+00:00", "2021-01-01T00:00:00+00:00"]


def test_a_feed_ends_after_the_newest(client: Client, site: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr("search.feeds.LENGTH", 2)
    for number in range(3):
        dated(make_practice(title=f"Practice {number}", slug=f"practice-{number}"), days=3 - number)
    assert titles(client, "/en/feeds/practices.rss") == ["Practice 2", "Practice 1"]
    assert titles(client, "/en/feeds/all.rss") == ["Practice 2", "Practice 1"]
    assert LENGTH == 30


@pytest.mark.parametrize(
    "query",
    [
        "country=%00",
        "theme=%27%22%3C",
        f"country={'K' * 5000}",
        "year=99999999999",
        "sort=x&page=x",
        "page=-1",
        "&".join(f"country=A{number}" for number in range(300)),
        quote("страна=😀"),
        "theme[]=digital",
        "country=%FF%FE",
    ],
)
@pytest.mark.parametrize("kind", ["practices.rss", "all.atom", "news.rss"])
def test_parameters_that_mean_nothing_change_nothing(client: Client, site: Site, kind: str, query: str) -> None:
    make_practice()
    make_news()
    root = xml(client, f"/en/feeds/{kind}?{query}", ATOM_TYPE if kind.endswith("atom") else RSS_TYPE)
    assert [*root.iter("item"), *root.iter(f"{ATOM}entry")]


@override_settings(PUBLIC_URL="https://practice.example.org")
def test_addresses_do_not_depend_on_the_host_that_was_asked(client: Client, site: Site) -> None:
    make_practice(slug="one-window")
    root = xml(client, "/en/feeds/practices.atom?country=KZ", ATOM_TYPE)
    hrefs = [link.attrib["href"] for link in root.iter(f"{ATOM}link")]
    assert all(href.startswith("https://practice.example.org/en/") for href in hrefs)
    assert "https://practice.example.org/en/feeds/practices.atom?country=KZ" in hrefs


def test_a_feed_may_be_kept_for_a_while_and_is_only_read(client: Client, site: Site) -> None:
    assert "max-age=600" in client.get("/en/feeds/all.rss")["Cache-Control"]
    assert client.post("/en/feeds/all.rss").status_code == 405


@pytest.mark.parametrize("path", ["/en/feeds/practices.rss", "/en/feeds/all.rss"])
def test_a_feed_takes_as_many_queries_for_many_items_as_for_one(client: Client, site: Site, path: str) -> None:
    make_practice(slug="first", themes=[make_theme("digital")])
    few = queries(client, path)
    for number in range(4):
        make_practice(slug=f"practice-{number}", themes=[make_theme(f"theme-{number}")])
    assert queries(client, path) == few


def test_control_characters_do_not_break_a_feed(client: Client, site: Site) -> None:
    assert xml_text("a\x00b\x0bc\x1fd\ufffee\tf\ng") == "abcde\tf\ng"
    make_practice(title="Vertical\x0btab", summary="Form\x0cfeed")
    assert titles(client, "/en/feeds/practices.rss") == ["Verticaltab"]
