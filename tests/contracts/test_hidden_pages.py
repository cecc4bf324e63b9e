"""Drafts, expired, scheduled and restricted pages show on no public surface, and neither do changes not published yet.

Whatever must not be seen has the word `Zebrafish` in its texts and its slug; what must be seen, `Lighthouse`.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction, Revision

from news.models import NewsPage
from practices.models import PracticePage
from reports.models import CountryPage, CountryReportPage, ReportPractice
from tests.answers import json_ld
from tests.contracts.hostile import everywhere
from tests.factories.examples import items
from tests.factories.pages import (
    make_adaptation,
    make_country_page,
    make_event,
    make_news,
    make_practice,
    make_report,
    make_standard_page,
)
from tests.factories.site import translate
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

SECRET, SHOWN = "Zebrafish", "Lighthouse"
RESTRICTIONS = ("login", "password", "groups")
WAYS = ("draft", "expired", "scheduled", *RESTRICTIONS)
# A country of its own for each hidden profile.
PROFILES = dict(zip(WAYS, ("GE", "AM", "AZ", "MN", "UZ", "TJ"), strict=True))


def hide(page: Any, how: str) -> Any:
    """Put a live page out of the public's sight."""
    if how in RESTRICTIONS:
        word = "open-sesame" if how == "password" else ""
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=how, password=word)
        if how == "groups":
            restriction.groups.set([Group.objects.get(name="Editors")])
        return page
    page.live = False
    page.expired = how == "expired"
    page.go_live_at = timezone.now() + datetime.timedelta(days=3) if how == "scheduled" else None
    page.save()
    page.save_revision(approved_go_live_at=page.go_live_at)
    return page


def facts(word: str, how: str = "", theme: str = "shown-theme") -> dict[str, Any]:
    name = f"{word} {how}".strip()
    return {
        "title": name,
        "slug": name.lower().replace(" ", "-"),
        "summary": f"{word} in short.",
        "themes": [make_theme(theme)],
    }


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    return made_once(make_content)


def make_content() -> dict[str, Any]:
    """A page of each type that is shown, and one for each way of hiding it; the shown ones point to the hidden."""
    kazakhstan, theme = make_country("KZ"), make_theme("secret-theme", labels={"en": f"Theme of {SECRET}"})
    profile = make_country_page(**facts(SHOWN), country=kazakhstan)
    hidden: dict[str, list[Any]] = {}
    contact = {"has_contact_form": True, "contact_email": "desk@example.org"}
    for how in WAYS:
        given = facts(SECRET, how, theme.code)
        elsewhere = make_country_page(country=make_country(PROFILES[how]), **given)
        pages = [
            make_practice(**given, problem=f"<p>{SECRET}</p>", **contact),
            make_report(profile, **given),
            make_news(**given, is_pinned=True),
            make_event(**given, country=kazakhstan),
            make_standard_page(**given, show_in_footer=True, show_in_menus=True),
            elsewhere,
        ]
        make_adaptation(pages[0], kazakhstan, changed={"en": f"{SECRET} changed."})
        hidden[how] = [hide(page, how) for page in pages]
    everything = [page for pages in hidden.values() for page in pages]
    below = hide(make_standard_page(**facts(SECRET, "section")), "login")
    everything.append(make_standard_page(below, **facts(SECRET, "below")))
    related = {"related": everything, "body": [related_block(everything)]}
    practice = make_practice(**facts(SHOWN), **related)
    for page in hidden["draft"][:1] + hidden["login"][:1]:
        make_adaptation(page, make_country("GE"))
    shown = {
        "profile": profile,
        "practice": practice,
        "report": make_report(
            profile,
            **facts(SHOWN),
            practices=[ReportPractice(practice=pages[0].page_ptr) for pages in hidden.values()],
            superseded_by=hidden["scheduled"][1].page_ptr,
        ),
        "news": make_news(**facts(SHOWN), country=kazakhstan, **related),
        "event": make_event(**facts(SHOWN), country=kazakhstan),
        "about": make_standard_page(**facts(SHOWN), **related),
    }
    observe(make_indicator(), kazakhstan, {"2021-01-01": 5})
    translate(practice, "ru", title=f"{SECRET} по-русски", slug="zebrafish-ru").unpublish()
    hide(translate(practice, "kk", title=f"{SECRET} қазақша", slug="zebrafish-kk"), "login")
    return {"shown": shown, "hidden": everything, "related": hidden}


def related_block(pages: list[Any]) -> dict[str, Any]:
    return {"type": "related_pages", "value": {"title": "", "pages": items(*(page.pk for page in pages))}}


def tells(client: Client, address: str) -> bool:
    """Whether an answer, which must be there, holds the secret word in whatever form."""
    response = client.get(address)
    assert response.status_code == 200, address
    text = response.content.decode().lower().replace("\r\n ", "")
    return SECRET.lower() in text


@pytest.mark.parametrize("name", ["profile", "practice", "report", "news", "event", "about"])
def test_a_page_that_points_to_hidden_ones_names_none_of_them(client: Client, content: Any, name: str) -> None:
    address = content["shown"][name].url
    assert SHOWN in client.get(address).text
    assert not tells(client, address)
    assert SECRET not in json.dumps(json_ld(client, address))


@pytest.mark.parametrize(
    "path",
    ["", "practices/", "countries/", "reports/", "news/", "events/", "practices/?sort=updated", "news/?sort=title"],
)
def test_no_list_names_a_hidden_page(client: Client, path: str) -> None:
    html = client.get(f"/en/{path}").text
    assert SHOWN in html
    assert not tells(client, f"/en/{path}")


@pytest.mark.parametrize("language", ["ru", "kk", "ar"])
def test_hidden_translations_are_in_no_list_of_their_language(client: Client, language: str) -> None:
    for path in ("", "practices/", "search/?q=zebrafish", "feeds/all.atom", "countries/", "reports/"):
        assert "zebrafish-" not in client.get(f"/{language}/{path}").text.lower(), path


def test_no_facet_counts_what_is_hidden(client: Client) -> None:
    html = client.get("/en/practices/").text
    labels = dict(re.findall(r'value="(\w[\w-]*)"[^>]*>[^<]*<span class="count"><span[^>]*>\(</span>(\d+)', html))
    assert labels["shown-theme"] == labels["KZ"] == labels["national"] == "1"
    assert "secret-theme" not in labels
    narrowed = client.get("/en/practices/?theme=secret-theme").text
    assert "zebrafish-" not in narrowed
    assert SHOWN not in narrowed


def test_numbers_beside_countries_count_what_is_public(client: Client) -> None:
    html = client.get("/en/countries/").text
    assert re.findall(r'<h3 class="country-name"><a[^>]*>([^<]+)', html) == ["Kazakhstan"]
    assert re.findall(r"<li>([^<]+: \d+)</li>", html) == ["Practices: 1", "Country reports: 1"]


def test_search_finds_no_hidden_page_by_any_word(client: Client, content: Any) -> None:
    for words in (SECRET, "zebrafish in short", "Zebrafish draft", "zebra"):
        html = client.get("/en/search/", {"q": words}).text
        assert "zebrafish-" not in html, words
        assert "<mark>" not in html, words
    assert "<mark>Lighthouse</mark>" in client.get("/en/search/?q=lighthouse").text


@pytest.mark.parametrize("kind", ["all", "practices", "reports", "news", "events"])
@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_no_feed_holds_a_hidden_page(client: Client, kind: str, extension: str) -> None:
    address = f"/en/feeds/{kind}.{extension}"
    assert SHOWN in client.get(address).text
    assert not tells(client, address)
    assert not tells(client, f"{address}?{everywhere(('country',), 'KZ')}")


def test_no_calendar_holds_a_hidden_event(client: Client, content: Any) -> None:
    names = [str(event["SUMMARY"]) for event in Calendar.from_ical(client.get("/en/feeds/events.ics").content).events]
    assert names == [SHOWN]


def test_no_site_map_names_a_hidden_page(client: Client, content: Any) -> None:
    sections = re.findall(r"http://testserver(/sitemap-[^<]+)", client.get("/sitemap.xml").text)
    assert len(sections) > 6
    assert [section for section in sections if tells(client, section)] == []


def test_what_belongs_to_a_hidden_page_is_not_found_either(client: Client, content: Any) -> None:
    for how, pages in content["related"].items():
        practice, event = pages[0], pages[3]
        for address in (
            f"/en/practices-contact/{practice.pk}/",
            f"/en/practices-contact/{practice.pk}/sent/",
            f"/en/events/{event.pk}.ics",
            f"/api/v2/pages/{practice.pk}/",
            *(f"/social-card/{page.uid}.png" for page in pages),
        ):
            assert client.get(address, follow=True).status_code == 404, (how, address)
    assert client.get(f"/social-card/{content['shown']['news'].uid}.png").status_code == 200


def test_the_address_of_a_hidden_page_gives_nothing_away(client: Client, content: Any) -> None:
    for how, pages in content["related"].items():
        for page in pages:
            response = client.get(page.get_url())
            assert response.status_code == (200 if how == "password" else 302 if how in RESTRICTIONS else 404), page
            text = response.text.replace(page.slug, "")  # the address itself is known already
            assert SECRET.lower() not in text.lower(), page
            assert str(page.uid) not in text


@pytest.mark.parametrize("model", [PracticePage, CountryPage, CountryReportPage, NewsPage])
def test_the_api_lists_no_hidden_page(client: Client, content: Any, model: Any) -> None:
    queries = ["fields=*", "search=zebrafish", "order=-title", "locale=kk", "show_in_menus=true"]
    for query in queries:
        assert not tells(client, f"/api/v2/pages/?type={model._meta.label}&{query}"), query
    assert SHOWN in client.get(f"/api/v2/pages/?type={model._meta.label}").text


def test_the_api_leads_to_no_hidden_page_by_its_place(client: Client, content: Any) -> None:
    home, profile = content["shown"]["practice"].get_parent().get_parent(), content["shown"]["profile"]
    for query in (f"descendant_of={home.pk}", f"child_of={profile.pk}", f"descendant_of={profile.pk}&fields=*"):
        assert not tells(client, f"/api/v2/pages/?{query}&limit=100"), query
    for how, (practice, *_others) in content["related"].items():
        path = practice.get_url().removeprefix("/en")
        assert client.get("/api/v2/pages/find/", {"html_path": path}).status_code == 404, how
        assert client.get(f"/api/v2/pages/?slug={practice.slug}").json()["items"] == []


def test_the_api_relates_no_page_to_a_hidden_one(client: Client, content: Any) -> None:
    for page in content["shown"].values():
        answer = client.get(f"/api/v2/pages/{page.pk}/?fields=*").json()
        assert SECRET not in json.dumps(answer), page
        assert answer.get("related_pages", []) == []
    practice = content["shown"]["practice"]
    assert client.get(f"/api/v2/pages/?translation_of={practice.pk}").json()["items"] == []


def test_a_page_is_offered_in_no_language_in_which_it_is_hidden(client: Client, content: Any) -> None:
    head = client.get(content["shown"]["practice"].url).text.split("</head>")[0]
    assert set(re.findall(r'hreflang="([^"]+)"', head)) == {"en", "x-default"}


def test_a_change_that_is_not_published_shows_nowhere(client: Client, content: Any) -> None:
    for page in content["shown"].values():
        page.title, page.summary = f"{SECRET} rewritten", f"{SECRET} again."
        page.save_revision()
        page.refresh_from_db()
    for path in ("", "practices/", "news/", "reports/", "events/", "feeds/all.rss", "feeds/events.ics"):
        assert "rewritten" not in client.get(f"/en/{path}").text, path
    assert "<mark>" not in client.get("/en/search/?q=rewritten").text
    for page in content["shown"].values():
        assert not tells(client, page.url)


def test_what_was_scheduled_shows_once_its_time_has_come(client: Client, content: Any) -> None:
    news = content["related"]["scheduled"][2]
    call_command("publish_scheduled")
    assert client.get(news.get_url()).status_code == 404
    past = timezone.now() - datetime.timedelta(minutes=1)
    Revision.objects.filter(object_id=str(news.pk)).update(approved_go_live_at=past)
    call_command("publish_scheduled")
    for address in (news.get_url(), "/en/news/", "/en/feeds/news.rss", "/api/v2/pages/?type=news.NewsPage"):
        assert tells(client, address), address


def test_what_expires_is_gone_once_its_time_has_come(client: Client, content: Any) -> None:
    news = content["shown"]["news"]
    NewsPage.objects.filter(pk=news.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
    call_command("publish_scheduled")
    assert client.get(news.url).status_code == 404
    for address in ("/en/news/", "/en/", "/en/feeds/news.rss", "/api/v2/pages/?type=news.NewsPage"):
        assert news.url not in client.get(address).text, address


@pytest.mark.parametrize("how", RESTRICTIONS)
def test_who_may_read_a_restricted_page_does_but_public_lists_stay_the_same(
    client: Client, admin_client: Client, content: Any, how: str
) -> None:
    """What lists show is kept and shared: it cannot depend on who looks."""
    news = content["related"][how][2]
    if how != "password":
        assert SECRET in admin_client.get(news.get_url()).text
    for path in ("", "news/", "feeds/news.rss"):
        assert f"{SECRET} {how}" not in admin_client.get(f"/en/{path}").text


def test_a_restriction_that_is_lifted_lets_the_page_be_seen_at_once(client: Client, content: Any) -> None:
    news = content["related"]["login"][2]
    assert SECRET not in client.get("/en/news/").text
    PageViewRestriction.objects.filter(page=news).delete()
    assert f"{SECRET} login" in client.get("/en/news/").text
    assert f"{SECRET} login" in client.get(news.get_url()).text
