"""Edge cases of numbers, letters and encodings at every public address, and letters that must not be sent.

What is wrong in a coarser way, and other methods, headers and hosts, are the matter of `tests/contracts/`.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes

import html5lib
import pytest
from defusedxml import ElementTree
from django.core import mail
from django.test import Client
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from tests.contracts.hostile import HOSTILE, all_at_once, everywhere
from tests.factories.media import make_document
from tests.factories.pages import make_country_page, make_event, make_news, make_practice, make_report
from tests.factories.statistics import make_indicator, observe
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

CONTACT = "desk.of.forms@example.org"
LETTER = {"name": "A. Reader", "email": "reader@example.com", "message": "How did you train the staff of your desks?"}
SVG = "</script><svg/onload=alert(1)>"
# Percent-encoded as a client sends it. No value means anything to a facet, to a page number or to a date.
EDGES = {
    "superscript digit": quote("²"),
    "full-width digits": quote("２０２１"),
    "full-width date": quote("２０２１-０１-０１"),
    "roman numeral": quote("Ⅷ"),
    "digits with underscores": "2_0_2_1",
    "decimal": "1.5",
    "hexadecimal": "0x1F",
    "infinity": "-Infinity",
    "beyond 32 bits": "2147483648",
    "beyond 64 bits": "9223372036854775808",
    "below 64 bits": "-9223372036854775809",
    "more digits than Python reads": "1" * 4301,
    "day that is none": "2021-02-30",
    "day before all days": "0000-00-00",
    "kelvin sign": quote("\N{KELVIN SIGN}Z"),
    "ligature": quote("ﬀ"),
    "codes with a comma": "KZ,KG",
    "encoded twice": "%254B%255A",
    "overlong slash": "%C0%AF",
    "cut off": "%F0%9F",
    "percent sign": "%",
    "vertical tab": "KZ%0B",
    "escape": "KZ%1B",
    "noncharacter": "%EF%BF%BE",
    "line separator": quote("KZ\N{LINE SEPARATOR}"),
    "zero width": quote("K\N{ZERO WIDTH SPACE}Z"),
    "combining marks": quote("K\N{COMBINING ACUTE ACCENT}" * 200),
    "end of a script": quote(SVG),
    "end of a section": quote("]]><!--"),
    "address of a script": quote("javascript:alert(1)"),
}


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    """One page of every kind, and what hangs off them."""

    def make() -> dict[str, Any]:
        country, indicator = make_country("KZ"), make_indicator()
        facts = {"country": country, "themes": [make_theme("digital")]}
        observe(indicator, country, {"2021-01-01": 4, "2021-02-01": None})
        practice = make_practice(slug="one-window", has_contact_form=True, contact_email=CONTACT, **facts)
        other = make_practice(title="Two windows", slug="two-windows", has_contact_form=True, contact_email=CONTACT)
        make_report(make_country_page(country=country), **facts)
        guarded = make_news(title="Guarded", slug="guarded")
        make_news(**facts)
        restriction = PageViewRestriction.objects.create(page=guarded, restriction_type="password", password="sesame")  # noqa: S106 - of a page that lives as long as the test
        event = make_event(start=datetime.datetime(2030, 3, 1, 10, tzinfo=datetime.UTC), **facts)
        rows = {"document": make_document(), "restriction": restriction, "guarded": guarded}
        return rows | {"practice": practice, "other": other, "event": event}

    return made_once(make)


def shown(client: Client, address: str) -> str:
    """The words of the main part of a page, which must be there."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert SVG not in response.text, address
    main = next(html5lib.parse(response.content, namespaceHTMLElements=False).iter("main"))
    return " ".join("".join(main.itertext()).split())


LISTS = {
    "practices/": ("country", "theme", "type", "level", "status", "review", "year", "sort", "page"),
    "reports/": ("country", "theme", "review", "year", "sort", "page"),
    "events/": ("status", "kind", "mode", "country", "theme", "year", "sort", "page"),
    "indicators/OXCGRT.STRINGENCY/": ("country", "sort", "by", "from", "to"),
    "search/?q=window": ("type", "page", "sort", "country"),
}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_ignores_what_only_looks_like_a_value(client: Client, path: str) -> None:
    address = f"/en/{path}{'&' if '?' in path else '?'}"
    plain = shown(client, address)
    answers = {name: shown(client, f"{address}{everywhere(LISTS[path], value)}") for name, value in EDGES.items()}
    assert {name for name, words in answers.items() if words != plain} == set()


@pytest.mark.parametrize("parameter", ["kind", "country", "theme", "year", "page"])
def test_a_meaningless_parameter_narrows_no_news(client: Client, parameter: str) -> None:
    values = "&".join(f"{parameter}={value}" for value in (HOSTILE | EDGES).values())
    html = client.get(f"/en/news/?{values}").text
    assert "Handbook published" in html
    assert 'class="chip"' not in html


@pytest.mark.parametrize("year", ["0000", "0001", "9999"])
@pytest.mark.parametrize("path", ["practices/", "reports/", "news/", "events/", "feeds/all.rss", "feeds/events.ics"])
def test_the_ends_of_time_are_years_in_which_nothing_happened(client: Client, path: str, year: str) -> None:
    response = client.get(f"/en/{path}?year={year}")
    assert response.status_code == 200
    assert "One window" not in response.text or path == "feeds/all.rss", "the feed of all kinds has no year"


@pytest.mark.parametrize("kind", ["all", "practices", "reports", "news", "events"])
@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_a_feed_stays_well_formed_and_whole(client: Client, kind: str, extension: str) -> None:
    names = ("country", "theme", "type", "kind", "year", "page", "sort", "q")
    entries = {
        query: len(list(ElementTree.fromstring(client.get(f"/en/feeds/{kind}.{extension}?{query}").content).iter(tag)))
        for tag in ("item" if extension == "rss" else "{http://www.w3.org/2005/Atom}entry",)
        for query in ("", *(everywhere(names, value) for value in EDGES.values()))
    }
    assert entries[""] > 0
    assert {query[:80] for query, number in entries.items() if number != entries[""]} == set()


def test_a_calendar_holds_its_events_and_no_line_of_somebody_else(client: Client, content: Any) -> None:
    wrong = []
    for name, value in EDGES.items():
        query = everywhere(("status", "kind", "mode", "country", "theme", "year"), value)
        for address in ("/en/feeds/events.ics", f"/en/events/{content['event'].pk}.ics"):
            calendar = Calendar.from_ical(client.get(f"{address}?{query}").content)
            if [str(event["SUMMARY"]) for event in calendar.events] != ["Measuring waiting times"]:
                wrong.append((address, name))
    assert wrong == []


@pytest.mark.parametrize("parameter", ["country", "from", "to"])
def test_a_download_refuses_an_edge_by_name_and_as_plain_text(client: Client, parameter: str) -> None:
    wrong = []
    for name, value in EDGES.items():
        response = client.get(f"/en/data/OXCGRT.STRINGENCY.csv?{parameter}={value}")
        is_plain = response["Content-Type"] == "text/plain; charset=utf-8"
        is_kept_plain = response["X-Content-Type-Options"] == "nosniff"
        if (response.status_code, is_plain, is_kept_plain) != (
            400,
            True,
            True,
        ) or f"“{parameter}”" not in response.text:
            wrong.append((name, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("make", ["/social-card/{practice.uid}.png", "{document.url}", "/robots.txt"])
def test_a_file_minds_no_parameter(client: Client, content: Any, make: str) -> None:
    address = make.format_map(content)

    def body(url: str) -> bytes:
        response = client.get(url)
        assert response.status_code == 200, url
        return b"".join(response) if response.streaming else response.content

    assert body(f"{address}?{all_at_once(('v', 'page', 'download', 'next'))}") == body(address)


IDS = [
    "/en/events/{}.ics",
    "/en/practices-contact/{}/",
    "/en/practices-contact/{}/sent/",
    "/social-card/{}.png",
    "/sitemap-{}.xml",
    "/sitemap-practicepage.xml?page={}",
    "/api/v2/pages/{}/",
    "/api/v2/images/{}/",
    "/api/v2/documents/{}/",
]


@pytest.mark.parametrize("address", IDS)
def test_what_only_looks_like_a_number_is_no_address(client: Client, address: str) -> None:
    answers = {name: client.get(address.format(value)) for name, value in EDGES.items()}
    assert {name: one.status_code for name, one in answers.items() if one.status_code not in {301, 302, 404}} == {}
    assert {name for name, one in answers.items() if SVG in one.text} == set()
    elsewhere = {name: one["Location"] for name, one in answers.items() if one.status_code != 404}
    assert {name for name, url in elsewhere.items() if not url.startswith("/") or url.startswith("//")} == set()


@pytest.mark.parametrize("address", ["/", "/practices/", "/search/"])
def test_an_address_without_a_language_leads_to_one_on_the_same_site(client: Client, address: str) -> None:
    wrong = []
    for name, value in (HOSTILE | EDGES).items():
        response = client.get(f"{address}?{everywhere(('q', 'next'), value)}")
        path, _mark, query = response["Location"].partition("?")
        is_safe = not any(sign in query for sign in "\r\n<>\"'")
        if (response.status_code, path, is_safe) != (302, f"/en{address}", True):
            wrong.append((name, response["Location"][:80]))
    assert wrong == []


# The languages in which databases and search engines write questions.
QUESTIONS = [
    '"', '"window', "'", "window*", "*", "title:window", "window AND", "NOT", "OR OR OR", "NEAR(window one)", "^window",
    "(window", "window | & !one", "<->", "window:*", "\\", "{title}: x", "[[", "!", "-", "+window -window", "~2", "?",
    "/.*/", "$where", "%", "_", "I", "İ", "ﬃ", "Ә", "👩‍👩‍👧‍👦", "\N{RIGHT-TO-LEFT OVERRIDE}window",
]  # fmt: skip


@pytest.mark.parametrize("address", ["/en/search/", "/kk/search/"])
def test_operators_of_search_engines_are_words_like_others(client: Client, address: str) -> None:
    answers = {words: client.get(address, {"q": words}) for words in QUESTIONS}
    assert {words: one.status_code for words, one in answers.items() if one.status_code != 200} == {}
    assert "<mark>" not in answers["%"].text + answers["_"].text + answers["*"].text, "no word stands for all others"


def test_the_api_takes_operators_of_search_engines_for_words(client: Client) -> None:
    questions = [words for words in QUESTIONS if '"' not in words]
    answers = {words: client.get("/api/v2/pages/", {"search": words}) for words in questions}
    assert {words: one.status_code for words, one in answers.items() if one.status_code != 200} == {}
    assert {words for words in "%_*" if answers[words].json()["items"]} == set()


# How the API says it, and how it is said of whatever does not exist.
REFUSED, MISSING, EMPTY = 400, 404, 200
API = {
    "pages/?type": {REFUSED},
    "pages/?fields": {REFUSED},
    "pages/?order": {REFUSED},
    "pages/?limit": {REFUSED},
    "pages/?child_of": {REFUSED},
    "pages/?descendant_of": {REFUSED},
    "pages/?ancestor_of": {REFUSED},
    "pages/?translation_of": {REFUSED},
    "pages/?show_in_menus": {REFUSED},
    "pages/?locale": {MISSING},
    "pages/?site": {REFUSED, MISSING},
    "pages/?id": {REFUSED, EMPTY},
    "pages/?slug": {REFUSED, EMPTY},
    "pages/?title": {REFUSED, EMPTY},
    "pages/?type=practices.PracticePage&start_year": {REFUSED, EMPTY},
    "pages/?type=practices.PracticePage&status": {REFUSED, EMPTY},
    "pages/?unknown": {REFUSED},
    "pages/find/?html_path": {MISSING},
    "images/?id": {REFUSED, EMPTY},
    "images/?fields": {REFUSED},
    "images/?order": {REFUSED},
    "images/?title": {REFUSED, EMPTY},
    "documents/?limit": {REFUSED},
    "documents/?fields": {REFUSED},
    "documents/?title": {REFUSED, EMPTY},
}
API_VALUES = ["markup", "huge number", "negative", "no unicode", "lone surrogate", "superscript digit",
    "beyond 64 bits", "more digits than Python reads", "object", "pattern", "percent sign"]  # fmt: skip


@pytest.mark.parametrize("address", API)
def test_the_api_refuses_what_it_cannot_read_in_json(client: Client, address: str) -> None:
    answers = {name: client.get(f"/api/v2/{address}={(HOSTILE | EDGES)[name]}") for name in API_VALUES}
    assert {name: one.status_code for name, one in answers.items() if one.status_code not in API[address]} == {}
    assert {name for name, one in answers.items() if one["Content-Type"] != "application/json"} == set()
    assert {name for name, one in answers.items() if one["X-Content-Type-Options"] != "nosniff"} == set()
    found = {name: one.json()["items"] for name, one in answers.items() if one.status_code == EMPTY}
    assert {name for name, items in found.items() if items} == set()


@pytest.mark.parametrize("address", [address for address, statuses in API.items() if MISSING not in statuses])
def test_the_api_refuses_a_null_byte(client: Client, address: str) -> None:
    response = client.get(f"/api/v2/{address}=%00")
    assert (response.status_code, response["Content-Type"]) == (REFUSED, "application/json")


@pytest.mark.parametrize("parameter", ["fields", "order", "type", "locale", "unknown"])
def test_the_api_answers_a_browser_with_no_web_page(client: Client, parameter: str) -> None:
    """A message repeats what was asked for: as part of a web page it would be run."""
    response = client.get(f"/api/v2/pages/?{parameter}={quote(SVG)}", headers={"accept": "text/html"})
    assert response.status_code in {REFUSED, MISSING}
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"


# Unquoted: what a form sends.
WRONG_ADDRESSES = [
    "reader@example.com\N{LINE SEPARATOR}Bcc: all@example.com",
    "reader@example.com\x0bBcc: all@example.com",
    "reader@example.com\x85Bcc:all@example.com",
    "reader@example.com%0D%0ABcc:all@example.com",
    '"reader\r\nBcc: all"@example.com',
    "reader@example.com;all@example.com",
    "reader@example.com all@example.com",
    "reader@@example.com",
    "reader@example.com>",
    f"{SVG}@example.com",
    f"reader@{'x' * 300}.com",
    "reader@example",
    "mailto:reader@example.com?bcc=all@example.com",
]


def contact(content: Any, language: str = "en") -> str:
    return f"/{language}/practices-contact/{content['practice'].pk}/"


@pytest.mark.parametrize("address", WRONG_ADDRESSES, ids=ascii)
def test_no_answer_goes_to_what_is_not_one_address(client: Client, content: Any, address: str) -> None:
    response = client.post(contact(content), LETTER | {"email": address})
    assert response.status_code == 200
    assert 'id="id_email_error"' in response.text
    assert SVG not in response.text
    assert mail.outbox == []


@pytest.mark.parametrize("field", ["name", "email", "message"])
def test_whatever_stands_in_a_field_becomes_neither_header_nor_markup(client: Client, content: Any, field: str) -> None:
    """Where it is sent at all, it is sent to the contact alone."""
    for number, (name, value) in enumerate((HOSTILE | EDGES).items()):
        text = unquote_to_bytes(value).decode(errors="replace") + " and some words more" * (field == "message")
        response = client.post(contact(content), LETTER | {field: text}, REMOTE_ADDR=f"8.8.{number}.8")
        assert response.status_code in {200, 302}, name
        assert SVG not in response.text, name
        assert "<script>alert" not in response.text, name
    for letter in mail.outbox:
        head = letter.message()
        assert letter.recipients() == [CONTACT]
        assert {"Set-Cookie", "Bcc", "Cc"}.isdisjoint(head.keys())
        assert sorted(key for key in head.keys() if key in {"To", "Subject"}) == ["Subject", "To"]  # noqa: SIM118 - every header, not the message


def test_fields_that_the_form_does_not_have_change_nothing(client: Client, content: Any) -> None:
    extra = {
        "to": "all@example.com",
        "contact_email": "all@example.com",
        "subject": "Other",
        "pk": "1",
        "cc": "x@y.org",
    }
    assert client.post(contact(content), LETTER | extra).status_code == 302
    (letter,) = mail.outbox
    assert (letter.recipients(), letter.subject) == ([CONTACT], "Message about “One window”")
    assert "all@example.com" not in letter.message().as_string()


def test_nothing_is_sent_for_an_address_that_somebody_was_lured_to(client: Client, content: Any) -> None:
    """A link can carry a query, but neither fill in the form nor send it."""
    query = "&".join(f"{name}={quote(value)}" for name, value in LETTER.items())
    opened = client.get(f"{contact(content)}?{query}")
    sent = client.post(f"{contact(content)}?{query}", {})
    for response in (opened, sent):
        assert response.status_code == 200
        assert LETTER["message"] not in response.text
    assert sent.text.count('aria-invalid="true"') == 3
    assert client.get(f"{contact(content)}sent/?{query}").status_code == 200
    assert mail.outbox == []


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ar"])
def test_a_letter_without_a_token_is_refused_in_the_readers_language(content: Any, language: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(contact(content, language), LETTER | {"message": f"{SVG} {LETTER['message']}"})
    assert response.status_code == 403
    assert f'<html lang="{language}"' in response.text
    assert LETTER["message"] not in response.text
    assert mail.outbox == []


def test_the_limit_is_one_for_all_practices_languages_and_forged_headers(client: Client, content: Any) -> None:
    def send(number: int, address: str) -> int:
        forged = {"x-forwarded-for": f"9.9.9.{number}", "user-agent": f"Reader {number}"}
        return client.post(address, LETTER, headers=forged, REMOTE_ADDR="8.8.8.8").status_code

    pages = [
        f"/{code}/practices-contact/{content[name].pk}/"
        for code in ["en", "ru", "ar"]
        for name in ("practice", "other")
    ]
    assert [send(number, address) for number, address in enumerate(pages)] == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_a_field_for_machines_stops_a_letter_whatever_stands_in_it(client: Client, content: Any) -> None:
    for value in ("x", "0", "False", SVG, "\N{ZERO WIDTH SPACE}"):
        response = client.post(contact(content), LETTER | {"website": value})
        assert response.status_code in {200, 302}, value
        assert SVG not in response.text
    assert mail.outbox == []


WORDS = ["", "\0", "wrong", "SESAME", "sesam%", SVG, "x" * 5000, "' OR ''='"]


def test_no_other_word_opens_a_page_with_a_password(client: Client, content: Any) -> None:
    page, restriction = content["guarded"], content["restriction"]
    address = f"/en/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    for word in WORDS:
        response = client.post(address, {"password": word, "return_url": page.url})
        assert response.status_code == 200, word
        assert SVG not in response.text
        assert "Guarded" not in client.get(page.url).text, word


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_who_knows_the_password_is_led_to_no_other_host(client: Client, content: Any, target: str) -> None:
    page, restriction = content["guarded"], content["restriction"]
    address = f"/en/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    response = client.post(address, {"password": "sesame", "return_url": target})
    assert response.status_code == 302
    assert "evil" not in response["Location"]
    assert "javascript" not in response["Location"]
