"""Every parameter of the API with values that mean nothing, and the grammar of those that mean something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from wagtail.models import Page, get_page_models

from cms.api.views import PagesViewSet
from tests.contracts.hostile import HOSTILE
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_country_page, make_news, make_practice, make_report
from tests.factories.site import translate
from tests.factories.vocabularies import make_country, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

PAGES, IMAGES, DOCUMENTS = "/api/v2/pages/", "/api/v2/images/", "/api/v2/documents/"
PRACTICES = f"{PAGES}?type=practices.PracticePage&locale=en"


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        practice = make_practice(title="One window", slug="one-window", themes=[make_theme()])
        make_practice(title="Another door", slug="another-door", country=make_country("GE"))
        for language, title in (("ru", "Одно окно"), ("kk", "Бір терезе")):
            translate(practice, language, title=title)
        make_report(make_country_page(country=make_country("KZ")))
        make_news()
        make_image("Desk")
        make_document("Handbook")
        return practice

    return made_once(make)


def ask(address: str) -> Any:
    """The answer of a client that is told of faults and not stopped by them."""
    return Client(raise_request_exception=False).get(address)


def with_value(address: str, name: str, value: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{name}={value}"


# Endpoint and parameter; what stands beside them means something, and is left out.
REFUSED = [
    (PAGES, "type", {"nothing"}),
    (PAGES, "fields", {"nothing"}),
    (PAGES, "order", {"nothing"}),
    (PAGES, "limit", set()),
    (PAGES, "offset", {"huge number", "arabic digits"}),
    (PAGES, "child_of", {"huge number", "arabic digits"}),
    (PAGES, "descendant_of", {"huge number", "arabic digits"}),
    (PAGES, "ancestor_of", {"huge number", "arabic digits"}),
    (PAGES, "translation_of", set()),
    (PAGES, "id", {"huge number", "arabic digits", "negative"}),
    (PAGES, "unknown", set()),
    (PAGES, "show_in_menus", set()),
    (PRACTICES, "start_year", {"huge number", "arabic digits", "negative"}),
    (PRACTICES, "country", {"huge number", "arabic digits", "negative"}),
    (PRACTICES, "lead_organisation", {"huge number", "arabic digits", "negative"}),
    (PRACTICES, "is_illustrative", set()),
    (PRACTICES, "has_contact_form", set()),
    (PRACTICES, "contact_email", set()),
    (IMAGES, "fields", {"nothing"}),
    (IMAGES, "order", {"nothing"}),
    (IMAGES, "limit", set()),
    (IMAGES, "width", {"huge number", "arabic digits", "negative"}),
    (IMAGES, "uploaded_by_user", set()),
    (DOCUMENTS, "fields", {"nothing"}),
    (DOCUMENTS, "offset", {"huge number", "arabic digits"}),
    (DOCUMENTS, "file_hash", set()),
]


@pytest.mark.parametrize(("address", "name", "meaningful"), REFUSED)
def test_what_cannot_be_understood_is_refused_by_name(address: str, name: str, meaningful: set[str]) -> None:
    wrong = []
    for kind in HOSTILE.keys() - meaningful:
        answer = ask(with_value(address, name, HOSTILE[kind]))
        is_json = answer["Content-Type"] == "application/json"
        if answer.status_code != 400 or not is_json or name not in answer.json()["message"]:
            wrong.append((kind, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("name", ["slug", "title"])
def test_a_text_that_nothing_has_finds_nothing(name: str) -> None:
    for kind, value in HOSTILE.items():
        answer = ask(with_value(PAGES, name, value))
        if "null byte" in kind:
            assert (answer.status_code, name in answer.json()["message"]) == (400, True)
        else:
            assert answer.json()["items"] == [], kind


def test_a_language_or_a_site_that_does_not_exist_is_not_found() -> None:
    for name in ("locale", "site"):
        values = {kind: value for kind, value in HOSTILE.items() if value and "null byte" not in kind}
        answers = {kind: ask(with_value(PAGES, name, value)) for kind, value in values.items()}
        assert {answer.status_code for answer in answers.values()} <= {404, 400}
        assert {answer["Content-Type"] for answer in answers.values()} == {"application/json"}


FAULTS = [
    with_value(PAGES, "search", "%00"),
    with_value(IMAGES, "search", "window%00"),
    with_value(DOCUMENTS, "search", "%00"),
    with_value(PAGES, "offset", "9" * 30),
    with_value(PAGES, "search", "window&search_operator=xor"),
    with_value(PAGES, "fields", "a(" * 3000),
    with_value(PRACTICES, "last_published_at", "yesterday"),
    with_value(PRACTICES, "levels", "national"),
    with_value(PRACTICES, "country", "9" * 30),
    f"{PAGES}find/?id=first",
]


@pytest.mark.parametrize("address", FAULTS, ids=lambda address: str(address)[:60])
def test_what_would_be_a_fault_further_in_is_refused(address: str) -> None:
    answer = ask(address)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
    assert answer.json()["message"]


WRONG_FOR_SOME_COLUMN = ("spaces", "huge number", "exponent", "not a number", "list", "null byte behind a value")


def test_no_column_of_any_type_is_asked_for_what_it_cannot_hold() -> None:
    """Each column with every wrong value; where another type has the same one, with one of the values in turn."""
    faults, asked = [], set()
    shared = set(PagesViewSet.get_available_fields(Page, db_fields_only=True))
    for model in [Page, *get_page_models()]:
        own = set(PagesViewSet.get_available_fields(model, db_fields_only=True))
        for number, name in enumerate(sorted(shared if model is Page else own - shared)):
            column = (name, type(model._meta.get_field(name)))
            first = number % len(WRONG_FOR_SOME_COLUMN)
            kinds = WRONG_FOR_SOME_COLUMN[first : first + 1] if column in asked else WRONG_FOR_SOME_COLUMN
            asked.add(column)
            for kind in kinds:
                answer = ask(with_value(f"{PAGES}?type={model._meta.label}", name, HOSTILE[kind]))
                if answer.status_code not in {200, 400, 404}:
                    faults.append((model._meta.label, name, kind, answer.status_code))
    assert faults == []


@pytest.mark.parametrize("endpoint", [PAGES, IMAGES, DOCUMENTS])
@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_is_looked_for_the_answer_is_no_fault(endpoint: str, kind: str) -> None:
    for operator in ("", "&search_operator=and", "&search_operator=or"):
        answer = ask(with_value(endpoint, "search", HOSTILE[kind]) + operator)
        assert answer.status_code == (400 if "null byte" in kind else 200)


def test_a_browser_gets_json_as_well(client: Client) -> None:
    answer = client.get(PAGES, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer["Content-Type"] == "application/json"


NOT_SUPPORTED = "doesn't make sense"
FIELDS: list[tuple[str, Any]] = [
    ("title", {"id", "meta", "title"}),
    ("title,summary", {"id", "meta", "title", "summary"}),
    ("-title", {"id", "meta"}),
    ("_", set()),
    ("_,title", {"title"}),
    ("_,id,start_year", {"id", "start_year"}),
    ("title,title", {"id", "meta", "title"}),
    ("-title,summary", {"id", "meta", "summary"}),
    ("_,results(text)", {"results"}),
    ("results(nope)", "unknown fields: nope"),
    ("nope", "unknown fields: nope"),
    ("contact_email", "unknown fields: contact_email"),
    ("Title", "unknown fields: Title"),
    ("*,-nope", "unknown fields: nope"),
    ("*,*", "'*' must be in the first position"),
    ("*,title", NOT_SUPPORTED),
    ("_,-title", NOT_SUPPORTED),
    ("title,,", "unexpected char ',' at position 6"),
    ("(", "unexpected char '(' at position 0"),
    (")", "unexpected char ')' at position 0"),
    ("title(", "did you miss out a close bracket?"),
    ("title()", "unexpected char ')'"),
    ("title summary", "unexpected whitespace at position 5"),
    ("title;summary", "unexpected char ';'"),
]


@pytest.mark.parametrize(("fields", "expected"), FIELDS, ids=lambda part: part if isinstance(part, str) else "")
def test_the_grammar_of_fields(client: Client, fields: str, expected: Any) -> None:
    facts = {"type": "practices.PracticePage", "slug": "one-window", "locale": "en"}
    answer = client.get(PAGES, facts | {"fields": fields})
    if isinstance(expected, str):
        assert answer.status_code == 400
        assert expected in answer.json()["message"]
    else:
        (item,) = answer.json()["items"]
        assert set(item) == expected


def test_all_fields_and_all_but_some(client: Client, content: Any) -> None:
    whole = client.get(f"{PAGES}{content.pk}/?fields=*").json()
    without = client.get(f"{PAGES}{content.pk}/?fields=*,-body,-results,-themes").json()
    assert {"body", "results", "themes"} <= set(whole)
    assert set(without) == set(whole) - {"body", "results", "themes"}
    assert {name: without[name] for name in without} == {name: whole[name] for name in without}


ORDERS: list[tuple[str, Any]] = [
    ("order=title", ["Another door", "One window"]),
    ("order=-title", ["One window", "Another door"]),
    ("order=id", ["One window", "Another door"]),
    ("order=title&offset=1", ["One window"]),
    ("order=title&limit=1", ["Another door"]),
    ("order=title&limit=100&offset=2", []),
    ("limit=0", []),
    ("order=random&offset=1", "random ordering with offset is not supported"),
    ("order=-random", "cannot order by '-random' (unknown field)"),
    ("order=contact_email", "cannot order by 'contact_email' (unknown field)"),
    ("order=title;drop", "cannot order by"),
    ("limit=101", "limit cannot be higher than 100"),
    ("limit=-1", "limit must be a positive integer"),
    ("offset=-1", "offset must be a positive integer"),
    ("offset=1.5", "offset must be a positive integer"),
]


@pytest.mark.parametrize(("query", "expected"), ORDERS)
def test_order_and_pages(client: Client, query: str, expected: Any) -> None:
    answer = client.get(f"{PRACTICES}&{query}")
    if isinstance(expected, str):
        assert (answer.status_code, expected in answer.json()["message"]) == (400, True)
    else:
        assert [item["title"] for item in answer.json()["items"]] == expected
        assert answer.json()["meta"]["total_count"] == 2, "all of them, whichever are shown"


def test_a_list_read_in_pieces_is_the_whole_list(client: Client) -> None:
    whole = [item["id"] for item in client.get(f"{PAGES}?order=id&limit=100").json()["items"]]
    pieces = [
        item["id"]
        for start in range(0, len(whole) + 7, 7)
        for item in client.get(f"{PAGES}?order=id&limit=7&offset={start}").json()["items"]
    ]
    assert pieces == whole
    assert len(whole) > 20


def test_translations_are_found_from_each_other(client: Client, content: Any) -> None:
    russian = client.get(f"{PAGES}?translation_of={content.pk}&locale=ru").json()["items"][0]
    assert russian["title"] == "Одно окно"
    from_russian = client.get(f"{PAGES}?translation_of={russian['id']}").json()["items"]
    assert {item["title"] for item in from_russian} == {"One window", "Бір терезе"}
    shown = client.get(f"{PAGES}{russian['id']}/?fields=uid").json()
    assert shown["uid"] == str(content.translation_key)
    assert (shown["meta"]["locale"], shown["meta"]["html_url"].split("/")[3]) == ("ru", "ru")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("type=news.NewsPage,reports.CountryReportPage&locale=en", {"Handbook published", "Report 2021"}),
        ("type=practices.PracticePage&locale=kk", {"Бір терезе"}),
        ("type=practices.PracticePage&search=window", {"One window"}),
        ("type=practices.PracticePage&search=door+another&search_operator=and", {"Another door"}),
        ("type=practices.PracticePage&search=door+window&search_operator=or&locale=en", {"Another door", "One window"}),
        ("type=practices.PracticePage&search=zzqq", set()),
        ("type=reports.CountryReportPage&descendant_of={profile}", {"Report 2021"}),
        ("child_of={profile}", {"Report 2021"}),
        ("ancestor_of={report}&type=reports.CountryPage", {"Kazakhstan"}),
    ],
)
def test_pages_are_found_by_type_words_and_place(client: Client, query: str, titles: set[str]) -> None:
    places = {
        "profile": client.get(f"{PAGES}?type=reports.CountryPage").json()["items"][0]["id"],
        "report": client.get(f"{PAGES}?type=reports.CountryReportPage").json()["items"][0]["id"],
    }
    items = client.get(f"{PAGES}?{query.format(**places)}").json()["items"]
    assert {item["title"] for item in items} == titles


def test_an_address_leads_to_its_page(client: Client, content: Any) -> None:
    found = client.get(f"{PAGES}find/", {"html_path": "/practices/one-window/"})
    by_id = client.get(f"{PAGES}find/", {"id": str(content.pk)})
    for answer in (found, by_id):
        assert answer.status_code == 302
        assert answer["Location"].rstrip("?") == f"http://testserver{PAGES}{content.pk}/"
    for path in ("/nowhere/", "nowhere", "/practices/one-window/more/", "/x" * 1500):
        assert client.get(f"{PAGES}find/", {"html_path": path}).status_code == 404, path[:40]


def test_pictures_and_files_are_found_by_their_own_fields(client: Client) -> None:
    assert [item["title"] for item in client.get(f"{IMAGES}?title=Desk&fields=width,credit").json()["items"]] == [
        "Desk"
    ]
    assert client.get(f"{IMAGES}?width=64&height=48").json()["meta"]["total_count"] == 1
    assert client.get(f"{IMAGES}?width=65").json()["items"] == []
    assert [item["title"] for item in client.get(f"{DOCUMENTS}?search=handbook").json()["items"]] == ["Handbook"]
    for address in (f"{IMAGES}0/", f"{DOCUMENTS}999999/", f"{IMAGES}desk/"):
        answer = ask(address)
        assert (answer.status_code, answer["Content-Type"].endswith("json")) == (404, True), address
