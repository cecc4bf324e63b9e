"""Addresses that lead nowhere, headers and cookies that say nothing, methods that nobody offered."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client

from cms.users.models import User
from practices.models import PracticePage
from tests.contracts.hostile import HOSTILE
from tests.factories.media import make_document
from tests.factories.pages import make_event, make_news, make_practice
from tests.factories.statistics import make_indicator
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

CONTACT = "desk.of.forms@example.org"
LETTER = {"name": "A. Reader", "email": "reader@example.com", "message": "How did you train the staff of your desks?"}

# Where somebody can put a word of their own into an address.
ROUTES = [
    "/en/feeds/{}.rss",
    "/en/feeds/all.{}",
    "/en/feeds/{}.ics",
    "/en/events/{}.ics",
    "/en/data/{}.csv",
    "/kk/data/{}",
    "/en/practices-contact/{}/",
    "/en/practices-contact/{}/sent/",
    "/en/ideas/sent/{}/",
    "/en/ideas/follow/{}/secret/",
    "/en/ideas/follow/BBBB-BBBB/{}/",
    "/en/ideas/follow/BBBB-BBBB/secret/confirm/{}/",
    "/en/ideas/follow/BBBB-BBBB/{}/data/",
    "/en/ideas/{}/",
    "/en/indicators/{}/",
    "/en/indicators/OXCGRT.STRINGENCY/{}/",
    "/en/practices/{}/",
    "/en/practices/one-window/{}/",
    "/ar/{}/",
    "/{}/practices/",
    "/sitemap-{}.xml",
    "/social-card/{}.png",
    "/documents/{}/handbook.pdf",
    "/documents/1/{}",
    "/media/{}",
    "/static/{}",
    "/api/v2/{}/",
    "/api/v2/pages/{}/",
    "/api/v2/images/{}/",
    "/api/v2/documents/{}/",
    "/en/_util/authenticate_with_password/{}/1/",
    "/admin/pages/{}/edit/",
]


@pytest.fixture(scope="module")
def content(made_once: Callable[[Callable[[], Any]], Any]) -> Any:
    def make() -> Any:
        make_indicator()
        practice = make_practice(slug="one-window", has_contact_form=True, contact_email=CONTACT)
        event = make_event(start=datetime.datetime(2030, 3, 1, 10, tzinfo=datetime.UTC), country=make_country())
        document, news = make_document(), make_news()
        return {"practice": practice, "event": event, "news": news, "document": document}

    return made_once(make)


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_no_address_is_not_found(admin_client: Client, client: Client, route: str) -> None:
    visitor = admin_client if route.startswith("/admin/") else client
    wrong = []
    for name, value in HOSTILE.items():
        response = visitor.get(route.format(value))
        moved = response.status_code in {301, 302}  # to where a slash or a language makes a whole address of it
        if moved and not value:
            continue
        if moved:
            assert "Set-Cookie:" not in response["Location"]
            assert response["Location"].startswith("/"), "never to another host"
            response = visitor.get(response["Location"], follow=True)
        if response.status_code != 404 or "<script>alert" in response.text:
            wrong.append((name, response.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "//example.com/",
        "//example.com/%2e%2e",
        "/\\example.com",
        "/%2F%2Fexample.com/",
        "/https://example.com/",
        "/en//practices//one-window",
        "/EN/practices/",
        "/en-GB/practices/",
        "/de/practices/",
        "/en/practices/%2e%2e/%2e%2e/admin/",
        "/en/practices;jsessionid=1/",
        "/en/" + "a/" * 500,
    ],
)
def test_no_address_leads_to_another_host(client: Client, path: str) -> None:
    response = client.get(path, follow=True)
    assert response.status_code in {200, 404}
    assert [url for url, _status in response.redirect_chain if not url.startswith("/") or url.startswith("//")] == []


def test_slugs_are_found_in_the_language_of_the_prefix_only(client: Client) -> None:
    assert client.get("/en/practices/one-window/").status_code == 200
    assert client.get("/ar/practices/one-window/").status_code == 200, "Arabic has no content of its own"
    for language in ("ru", "kk"):
        assert client.get(f"/{language}/practices/one-window/").status_code == 404
    assert client.get("/en/practices/ONE-WINDOW/").status_code == 404


HEADERS = [
    {"accept-language": "x" * 5000},
    {"accept-language": "\xff;q=zz, *, en;q=NaN"},
    {"accept-language": ",".join(["kk;q=0.1"] * 500)},
    {"accept-encoding": "br;q=x, \x01"},
    {"accept": "application/xml;q=x, */*;q=-1"},
    {"range": "bytes=9-1"},
    {"if-modified-since": "yesterday"},
    {"if-none-match": '"'},
    {"referer": "javascript:alert(1)"},
    {"content-length": "many"},
    {"x-forwarded-for": "<script>, 127.0.0.1.1, ::::"},
    {"x-forwarded-host": "evil.example"},
    {"x-forwarded-proto": "gopher"},
    {"x-http-method-override": "DELETE"},
    {"cookie": "sessionid=\xff; csrftoken=<x>; django_language=../../x"},
    {"cookie": f"django_language={'k' * 4000}"},
    {"cookie": ";;;=; =x; a"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda headers: next(iter(headers.items()))[0])
def test_a_header_that_cannot_be_read_is_as_good_as_none(client: Client, headers: dict[str, str]) -> None:
    plain = client.get("/en/practices/one-window/").content
    assert client.get("/en/practices/one-window/", headers=headers).content == plain
    for path in ("/en/feeds/all.rss", "/en/search/?q=window", "/api/v2/pages/", "/sitemap.xml"):
        assert client.get(path, headers=headers).status_code == 200, path


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::1]:8000", "127.1"])
def test_a_wrong_host_shows_in_no_address(client: Client, host: str) -> None:
    for path in ("/en/practices/one-window/", "/en/feeds/all.atom", "/sitemap.xml", "/robots.txt", "/api/v2/pages/"):
        assert host not in client.get(path, headers={"host": host}).text, path


@pytest.mark.parametrize("host", ["a/b", "exa mple.org", "x\\y", "a:b:c", "a@b", "<script>"])
def test_what_is_no_host_is_refused_in_the_face_of_the_site(client: Client, host: str) -> None:
    response = client.get("/kk/practices/", headers={"host": host})
    assert response.status_code == 400
    assert '<html lang="kk"' in response.text
    assert host not in response.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_what_is_only_read_takes_no_other_method(client: Client, method: str, content: Any) -> None:
    event, practice = content["event"], content["practice"]
    addresses = [
        "/en/search/?q=window",
        "/en/feeds/all.rss",
        "/en/feeds/events.ics",
        f"/en/events/{event.pk}.ics",
        "/en/data/OXCGRT.STRINGENCY.csv",
        f"/social-card/{practice.uid}.png",
        "/sitemap.xml",
        "/sitemap-practicepage.xml",
        "/robots.txt",
        f"/en/practices-contact/{practice.pk}/sent/",
    ]
    answers = {address: getattr(client, method)(address) for address in addresses}
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(addresses, 405)
    assert all("GET" in answer["Allow"] for answer in answers.values())


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_no_method_changes_a_page(client: Client, method: str, content: Any) -> None:
    before = list(PracticePage.objects.order_by("pk").values())
    data = {"title": "Changed", "_method": "DELETE", "live": ""}
    response = getattr(client, method)(content["practice"].url, data=data)
    assert response.status_code == (200 if method == "options" else 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert list(PracticePage.objects.order_by("pk").values()) == before


def test_the_head_of_an_answer_is_that_of_the_whole(client: Client, content: Any) -> None:
    for path in (
        content["practice"].url,
        "/en/feeds/all.rss",
        "/en/feeds/events.ics",
        "/en/data/OXCGRT.STRINGENCY.csv",
    ):
        whole, head = client.get(path), client.head(path)
        assert head.getvalue() == b""
        assert (head.status_code, head["Content-Type"]) == (whole.status_code, whole["Content-Type"])


BODIES = [
    ("application/x-www-form-urlencoded", b"name=%FF&email=%00&message=" + b"%F0%9F" * 50),
    ("application/x-www-form-urlencoded", b"&&&===&&name"),
    ("application/x-www-form-urlencoded; charset=no-such-charset", b"name=x"),
    ("application/json", b'{"name": ["x"], "email": {}}'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\ncut off'),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=", b"----\r\n"),
    ("multipart/form-data; boundary=x", b"\xff" * 3000),
    ("text/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    ("", b"name=x"),
]


@pytest.mark.parametrize(("content_type", "body"), BODIES, ids=lambda part: str(part)[:40])
@pytest.mark.parametrize("path", ["/en/practices-contact/{}/", "/en/account/login/", "/kk/account/password/reset/"])
def test_a_form_that_cannot_be_read_is_shown_again_or_refused(
    client: Client, content: Any, path: str, content_type: str, body: bytes
) -> None:
    response = client.generic("POST", path.format(content["practice"].pk), body, content_type)
    assert response.status_code in {200, 400}
    assert mail.outbox == []
    assert "_auth_user_id" not in client.session


def test_a_form_with_too_many_fields_or_too_much_in_them_is_refused(client: Client, content: Any) -> None:
    address = f"/en/practices-contact/{content['practice'].pk}/"
    many = LETTER | {f"field-{number}": "x" for number in range(10_001)}
    assert client.post(address, many).status_code == 400
    assert client.post(address, LETTER | {"message": "x" * 21 * 1024 * 1024}).status_code == 400
    assert mail.outbox == []


@pytest.mark.parametrize(
    "change",
    [
        {"email": "reader@example.com,other@example.com"},
        {"email": "Reader <reader@example.com>"},
        {"email": "reader@example.com\r\nCc: other@example.com"},
        {"email": "reader@exa\0mple.com"},
        {"email": "reader@[127.0.0.1"},
        {"email": "@"},
        {"name": "\u2028\u2029  \t"},
        {"message": " " * 50},
        {"message": "\r\n" * 50},
    ],
    ids=str,
)
def test_a_letter_of_nothing_or_with_several_addresses_is_not_sent(
    client: Client, content: Any, change: dict[str, str]
) -> None:
    response = client.post(f"/en/practices-contact/{content['practice'].pk}/", LETTER | change)
    (field,) = change
    assert response.status_code == 200
    assert f'id="id_{field}_error"' in response.text
    assert mail.outbox == []


@pytest.mark.parametrize(
    "name",
    ["Әсел Нұрланқызы", "O'Brien; DROP TABLE", "=cmd|' /C calc'!A0", "{{ 7 }}{% now %}", "\u202eevil", "🎉" * 20],
)
def test_a_letter_of_an_unusual_name_arrives_as_it_was_written(client: Client, content: Any, name: str) -> None:
    response = client.post(f"/en/practices-contact/{content['practice'].pk}/", LETTER | {"name": name})
    assert response.status_code == 302
    (letter,) = mail.outbox
    assert name in letter.body
    assert letter.recipients() == [CONTACT]
    assert set(letter.message().keys()) <= {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Reply-To", "Date",
        "Message-ID",
    }  # fmt: skip


def test_a_form_is_accepted_with_its_token_only(content: Any) -> None:
    address = f"/en/practices-contact/{content['practice'].pk}/"
    client = Client(enforce_csrf_checks=True)
    client.get(address)
    token = client.cookies["csrftoken"].value
    for wrong in ("", "x" * len(token), token[:-1], token[::-1], "\0"):
        assert client.post(address, LETTER | {"csrfmiddlewaretoken": wrong}).status_code == 403, wrong
    assert mail.outbox == []
    foreign = {"origin": "https://evil.example"}
    assert client.post(address, LETTER | {"csrfmiddlewaretoken": token}, headers=foreign).status_code == 403
    assert client.post(address, LETTER | {"csrfmiddlewaretoken": token}).status_code == 302
    assert len(mail.outbox) == 1


TARGETS = ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "http:evil")


@pytest.mark.parametrize("path", ["/en/_util/login/", "/admin/login/", "/en/account/login/"])
@pytest.mark.parametrize("target", TARGETS)
def test_who_signs_in_is_led_to_no_other_host(client: Client, path: str, target: str) -> None:
    User.objects.create_user("editor", "editor@example.org", "a-long-enough-word", is_superuser=True)
    entry = {"login": "editor@example.org", "password": "a-long-enough-word"}
    shown = client.get(path, {"next": target}, follow=True)
    assert shown.status_code == 200
    response = client.post("/en/account/login/", entry | {"next": target})
    assert response.status_code == 302
    assert response["Location"] == "/admin/"
    assert "_auth_user_id" in client.session


def test_a_refused_sign_in_does_not_tell_which_accounts_exist(client: Client) -> None:
    User.objects.create_user("editor", "editor@example.org", "a-long-enough-word")
    User.objects.create_user("gone", "gone@example.org", "a-long-enough-word", is_active=False)
    User.objects.create_user("invited", "invited@example.org")
    attempts = [
        ("editor", "wrong"),
        ("nobody", "wrong"),
        ("gone", "a-long-enough-word"),
        ("invited", "a-long-enough-word"),
    ]
    answers = [
        client.post("/en/account/login/", {"login": f"{name}@example.org", "password": password})
        for name, password in attempts
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.context["form"].errors.as_text() for answer in answers}) == 1
    assert "_auth_user_id" not in client.session
