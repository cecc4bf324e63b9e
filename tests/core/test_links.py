"""Links lead readers to the version that they can read, wherever the link stands; the same links in the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page, PageViewRestriction

from home.models import HomePage
from reports.models import ReportPractice
from tests.answers import queries
from tests.factories.examples import items
from tests.factories.pages import (
    make_adaptation,
    make_country_page,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import homes, translate
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from wagtail.models import Site

pytestmark = pytest.mark.django_db
PAGES = "/api/v2/pages/"
TITLES = {"en": "Handbook", "ru": "Справочник", "kk": "Анықтамалық"}


def opened(client: Client, address: str) -> Any:
    return BeautifulSoup(client.get(address).content, "html5lib")


def link_to(page: Any) -> str:
    return f'<p><a id="{page.pk}" linktype="page">here</a></p>'


def body_with(page: Any) -> list[dict[str, Any]]:
    """A body that leads to a page in each of the ways that there are."""
    return [
        {"type": "text", "value": link_to(page)},
        {"type": "callout", "value": {"title": "", "text": link_to(page)}},
        {"type": "call_to_action", "value": {"text": "Read it", "button": "Open", "page": page.pk, "url": ""}},
        {"type": "related_pages", "value": {"title": "", "pages": items(page.pk)}},
    ]


def in_all_languages(page: Any) -> dict[str, Any]:
    return {"en": page, "ru": translate(page, "ru"), "kk": translate(page, "kk")}


def hide(page: Any, how: str) -> None:
    if how == "draft":
        type(page).objects.get(pk=page.pk).unpublish()
    else:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


@pytest.fixture(scope="module")
def versions(made_once: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """A news item in three languages, and a page in three languages that leads to the English one."""

    def make() -> dict[str, dict[str, Any]]:
        english = make_news(title=TITLES["en"], slug="handbook")
        target = {"en": english} | {code: translate(english, code, title=TITLES[code]) for code in ("ru", "kk")}
        page = make_standard_page(slug="leads", body=body_with(english), related=[english.page_ptr])
        return {"target": target, "page": in_all_languages(page)}

    return made_once(make)


class Case(NamedTuple):
    """A reader, the languages in which the target is not public, and the language to which links lead."""

    reader: str
    hidden: str
    expected: str


CASES = [
    Case(*values)
    for values in [
        ("en", "", "en"),
        ("ru", "", "ru"),
        ("kk", "", "kk"),
        ("kk", "kk", "ru"),
        ("kk", "kk ru", "en"),
        ("ru", "ru", "en"),
        ("ru", "ru en", "kk"),
        ("en", "en", "ru"),
        ("en", "en ru", "kk"),
        ("ar", "", "en"),
        ("ar", "en", "ru"),
    ]
]
each_way = pytest.mark.parametrize("how", ["draft", "restricted"])


@each_way
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_links_lead_to_the_first_public_version_that_the_reader_is_offered(
    client: Client, versions: dict[str, Any], case: Case, how: str
) -> None:
    reader, hidden, expected = case
    for code in hidden.split():
        hide(versions["target"][code], how)
    document = opened(client, f"/{reader}/leads/")
    prefix = reader if reader == "ar" and expected == "en" else expected
    links = document.select_one("main").find_all("a", href=lambda href: href and "/news/handbook/" in href)
    assert [link["href"] for link in links] == [f"/{prefix}/news/handbook/"] * 5
    foreign = expected not in {reader, "en" if reader == "ar" else reader}
    assert {link.get("hreflang") for link in links} == {expected if foreign else None}
    titles = [link.parent for link in links if link.text == TITLES[expected]]
    assert len(titles) == 2
    assert {title.get("lang") for title in titles} == {expected if expected != reader else None}
    assert client.get(links[0]["href"]).status_code == 200


@each_way
@pytest.mark.parametrize("case", [case for case in CASES if case.reader != "ar"], ids="-".join)
def test_the_api_gives_the_links_of_a_page_in_its_language_whatever_the_client_speaks(
    client: Client, versions: dict[str, Any], case: Case, how: str
) -> None:
    reader, hidden, expected = case
    for code in hidden.split():
        hide(versions["target"][code], how)
    page, target = versions["page"][reader], versions["target"][expected]
    for accepted in ("en", "ar", "kk"):
        answer = client.get(f"{PAGES}{page.pk}/", headers={"accept-language": accepted}).json()
        text, callout, action, related = (block["value"] for block in answer["body"])
        language = f' hreflang="{expected}"' if expected != reader else ""
        anchor = f'<p><a href="/{expected}/news/handbook/"{language}>here</a></p>'
        assert (text, callout["text"]) == (anchor, anchor)
        for chosen in (action["page"], *related["pages"], *answer["related_pages"]):
            assert (chosen["id"], chosen["locale"], chosen["title"]) == (target.pk, expected, TITLES[expected])


@pytest.mark.parametrize("reader", ["en", "kk"])
def test_what_is_nowhere_public_is_led_to_by_no_link(client: Client, versions: dict[str, Any], reader: str) -> None:
    for page in versions["target"].values():
        hide(page, "draft")
    answers = client.get(f"/{reader}/leads/"), client.get(f"{PAGES}{versions['page'][reader].pk}/")
    for answer in answers:
        assert "handbook" not in answer.content.decode()
        assert "<a>here</a>" in answer.content.decode()


def test_words_may_lead_members_to_what_is_for_them_but_the_api_names_it_to_nobody(
    client: Client, versions: dict[str, Any]
) -> None:
    for page in versions["target"].values():
        hide(page, "restricted")
    document = opened(client, "/kk/leads/")
    assert [link["href"] for link in document.find_all("a", string="here")] == ["/kk/news/handbook/"] * 2
    assert "Анықтамалық" not in document.text
    assert "handbook" not in json.dumps(client.get(f"{PAGES}{versions['page']['kk'].pk}/").json())


def test_a_language_that_is_not_there_for_readers_yet_is_led_to_by_no_link(
    client: Client, versions: dict[str, Any]
) -> None:
    HomePage.objects.get(pk=homes()["kk"].pk).unpublish()
    for code in ("en", "ru"):
        hide(versions["target"][code], "draft")
    assert "handbook" not in client.get("/en/leads/").content.decode()


Leads = tuple[str, str | None]


def led_to(client: Client, reader: str) -> set[Leads]:
    """The addresses and languages of all links to the target on the page of a reader."""
    links = opened(client, f"/{reader}/leads/").select_one("main").find_all("a", href=lambda href: "handbook" in href)
    assert len(links) in {0, 5}
    return {(link["href"], link.get("hreflang")) for link in links}


def test_links_follow_what_is_moved_within_the_site_and_leave_what_is_moved_out(
    client: Client, versions: dict[str, Any]
) -> None:
    section = make_standard_page(title="Archive", slug="archive")
    assert led_to(client, "en") == {("/en/news/handbook/", None)}
    moved(versions["target"]["en"], section)
    assert led_to(client, "en") == {("/en/archive/handbook/", None)}
    hide(section, "restricted")
    assert led_to(client, "en") == {("/ru/news/handbook/", "ru")}
    for page in versions["target"].values():
        type(page).objects.filter(pk=page.pk).update(slug=f"handbook-{page.locale_id}")
        moved(page, Page.get_first_root_node())
    html = client.get("/en/leads/").content.decode()
    assert "handbook" not in html.lower()
    assert 'href=""' not in html


def moved(page: Any, place: Any) -> None:
    type(page).objects.get(pk=page.pk).move(type(place).objects.get(pk=place.pk), pos="last-child")


def test_a_mirror_of_another_language_is_led_to_until_what_it_mirrors_is_restricted(
    client: Client, versions: dict[str, Any]
) -> None:
    """An alias shows the text of another page, and is open to the same readers."""
    target = versions["target"]
    type(target["kk"]).objects.get(pk=target["kk"].pk).delete()
    place = homes()["kk"]
    alias = {"parent": place, "update_locale": place.locale, "update_slug": "handbook-ru"}
    type(target["ru"]).objects.get(pk=target["ru"].pk).create_alias(**alias, reset_translation_key=False)
    assert led_to(client, "kk") == {("/kk/handbook-ru/", None)}
    hide(target["ru"], "restricted")
    assert led_to(client, "kk") == {("/en/news/handbook/", "en")}


def test_two_versions_of_one_page_are_one_row_and_two_links(client: Client, site: Site) -> None:
    english = make_news(title="Handbook", slug="two-versions")
    russian = translate(english, "ru", title="Справочник")
    body = [
        {"type": "text", "value": link_to(english) + link_to(russian)},
        {"type": "related_pages", "value": {"title": "", "pages": items(english.pk, russian.pk)}},
    ]
    document = opened(client, make_standard_page(body=body).url)
    assert [link["href"] for link in document.find_all("a", string="here")] == ["/en/news/two-versions/"] * 2
    assert len(document.find_all("a", string="Handbook")) == 1


@pytest.mark.parametrize("number", ["none", "", "x", "-1", "0", "1.5", "9" * 19, "9" * 18, "１２"])
def test_a_link_without_a_page_is_left_as_words(client: Client, site: Site, number: str) -> None:
    body = [{"type": "text", "value": f'<p><a id="{number}" linktype="page">here</a></p>'.replace('id="none" ', "")}]
    page = make_standard_page(body=body)
    assert "<a>here</a>" in client.get(page.url).content.decode()
    assert client.get(f"{PAGES}{page.pk}/").json()["body"][0]["value"] == "<p><a>here</a></p>"


def test_more_links_take_no_more_queries(client: Client, site: Site) -> None:
    def practice(slug: str, linked: list[Any]) -> Any:
        text = "".join(map(link_to, linked))
        sections = dict.fromkeys(["problem", "approach", "novelty", "challenges", "lessons", "advice"], text)
        body = [block for page in linked for block in body_with(page)]
        return make_practice(slug=slug, body=body, related=[page.page_ptr for page in linked], **sections)

    pages = [make_news(title=f"News {number}", country=make_country("GE")) for number in range(6)]
    few, many = practice("few", pages[:1]), practice("many", pages)
    for page in pages:
        translate(page, "ru")
    for one in (few, many):
        translate(one, "ru")
    for language in ("en", "ru"):
        assert queries(client, f"/{language}/practices/few/") == queries(client, f"/{language}/practices/many/")
    assert queries(client, f"{PAGES}{few.pk}/") == queries(client, f"{PAGES}{many.pk}/")


def test_reports_lead_to_practices_and_newer_editions_in_the_readers_language(client: Client, site: Site) -> None:
    practice, newer = make_practice(title="One window", slug="window"), make_report(title="Report 2022")
    translate(practice, "ru", title="Одно окно")
    report = make_report(
        title="Report 2021", practices=[ReportPractice(practice=practice.page_ptr)], superseded_by=newer.page_ptr
    )
    profile = newer.get_parent().specific
    translate(profile, "kk")
    address = translate(report, "kk").url
    document = opened(client, address)
    cited = document.find("a", string="Одно окно")
    assert (cited["href"], cited["hreflang"], cited.parent["lang"]) == ("/ru/practices/window/", "ru", "ru")
    edition = document.find("a", string="Report 2022")
    assert (edition["hreflang"], edition["lang"]) == ("en", "en")


def test_adaptations_of_a_country_lead_to_practices_that_the_reader_can_read(client: Client, site: Site) -> None:
    practice = make_practice(title="One window", slug="window", country=make_country("GE"))
    translate(practice, "ru", title="Одно окно")
    make_adaptation(practice, make_country("KZ"))
    profile = translate(make_country_page(country=make_country("KZ")), "kk")
    document = opened(client, profile.url)
    link = document.find("a", href=lambda href: href and "#adaptation-" in href)
    assert (link["href"].partition("#")[0], link["hreflang"], link.text) == ("/ru/practices/window/", "ru", "Одно окно")
