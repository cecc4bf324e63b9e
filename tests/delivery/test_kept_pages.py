"""Whole pages that a process keeps: what is kept is what would be made anew, and is nobody's but everybody's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import Page, PageViewRestriction, Site

from cms.core import keeping, memory
from cms.core.signal_handlers import topics_of
from cms.delivery.choices import Scope
from cms.delivery.marks import mark
from cms.delivery.middleware import KeptPagesMiddleware, is_keepable
from cms.delivery.models import Ledger
from cms.delivery.services import begin, settle
from cms.delivery.signal_handlers import note_for
from reports.vega import rendering
from tests.delivery.readers import Readers, asked, process
from tests.factories.examples import FULL
from tests.factories.ideas import make_campaign, make_published_idea
from tests.factories.media import make_image
from tests.factories.pages import make_adaptation, make_news, make_standard_page
from tests.factories.site import homes, published
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]

PRACTICE = "/en/practices/one-window/"
LANGUAGES = ("en", "ru", "kk", "ar")
BESIDE = (
    *("indicators/OXCGRT.STRINGENCY/", "indicators/?by=source", "practices/?theme=budget&country=KZ&sort=title"),
    *("practices/?page=7", "events/?year=2022", "countries/kazakhstan/measures/?day=2021-01-01"),
)


@pytest.fixture(scope="module")
def pages(made_once: Callable[[Callable[[], Any]], Any]) -> list[str]:
    """A page of each type with something in every field, most in two languages; their addresses in all languages."""
    found: list[str] = made_once(make_pages)
    return found


def make_pages() -> list[str]:
    full = {name: make() for name, make in FULL.items()}
    make_adaptation(full["practice"], make_country("UZ"))
    for name in ("practice", "news", "event", "standard"):
        translated(full[name])
    full["practice"].title += ", changed"
    published(full["practice"])
    make_published_idea()
    make_campaign()
    begin()
    settle()
    own = [page.url for page in Page.objects.live().filter(depth__gt=1) if page.url]
    lent = [address.replace("/en/", "/ar/", 1) for address in own if address.startswith("/en/")]
    return [*own, *lent, *(f"/{language}/{path}" for language in LANGUAGES for path in BESIDE)]


@pytest.fixture
def readers() -> Readers:
    return Readers()


def test_every_type_of_page_in_every_language_is_kept_as_it_would_be_made(pages: list[str], readers: Readers) -> None:
    found = [address for address in pages if readers.fresh.get(address).status_code == 200]
    assert len(found) > 70
    assert {address.split("/")[1] for address in found} == set(LANGUAGES)
    readers.keep(found)


def test_what_was_kept_says_so_to_caches_and_is_not_sent_twice() -> None:
    client = process()
    first, kept = client.get(PRACTICE), client.get(PRACTICE)
    assert first.headers == kept.headers
    assert kept["Cache-Control"] == "public, max-age=0, s-maxage=10, stale-while-revalidate=60"
    assert kept["Vary"] == "Cookie"
    again = client.get(PRACTICE, headers={"If-None-Match": kept["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", kept["ETag"])
    assert "Content-Security-Policy" in kept.headers
    assert kept["X-Frame-Options"] == "SAMEORIGIN"
    other = process().get(PRACTICE, headers={"If-None-Match": '"something", W/' + kept["ETag"]})
    assert (other.status_code, other.content) == (304, b"")


def test_the_head_of_a_page_is_that_of_the_page() -> None:
    client = process()
    head, page, kept = client.head(PRACTICE), client.get(PRACTICE), client.head(PRACTICE)
    assert head.headers == page.headers == kept.headers
    assert (head.content, kept.content) == (b"", b"")
    assert int(page["Content-Length"]) == len(page.content)


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "patch"])
def test_other_methods_are_answered_as_ever(readers: Readers, method: str) -> None:
    readers.keep([PRACTICE])
    for client in readers.processes:
        response, expected = getattr(client, method)(PRACTICE), getattr(readers.fresh, method)(PRACTICE)
        assert (response.status_code, response.content) == (expected.status_code, expected.content)
        assert "ETag" not in response


def test_whoever_has_a_session_gets_a_page_of_their_own_and_leaves_none(admin_user: Any) -> None:
    for is_first in (True, False):
        client = process()
        if not is_first:
            client.get(PRACTICE)
        client.force_login(admin_user)
        for _time in range(2):
            response, queries = asked(client, PRACTICE)
            assert queries > 3
            assert not {"ETag", "Cache-Control"} & set(response.headers)
        client.logout()
        assert (asked(client, PRACTICE)[1] == 1) is not is_first


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_whoever_brings_a_session_or_a_message_is_not_given_what_was_kept(cookie: str) -> None:
    client = process()
    client.get(PRACTICE)
    client.cookies[cookie] = "something"
    response, queries = asked(client, PRACTICE)
    assert (response.status_code, queries > 3, "ETag" in response) == (200, True, False)


@pytest.mark.parametrize("cookie", ["_pk_id", "django_language", "csrftoken"])
def test_other_cookies_do_not_matter(cookie: str) -> None:
    """Whoever has once opened a form has the token of it for a year."""
    client = process()
    client.cookies[cookie] = "ru"
    assert client.get(PRACTICE).content == client.get(PRACTICE).content
    assert asked(client, PRACTICE)[1] == 1


@pytest.mark.parametrize("kind", ["login", "password"])
def test_what_not_everybody_may_read_is_not_kept(admin_user: Any, kind: str) -> None:
    page = make_standard_page(title="Closed", slug="closed", summary="Secretwords")
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="yaksesame")  # noqa: S106 - of a test
    settle()
    client = process()
    for _time in range(3):
        response = client.get("/en/closed/")
        assert response.status_code == (302 if kind == "login" else 200)
        assert "Secretwords" not in response.text
        assert "ETag" not in response
    if kind == "password":
        restriction = PageViewRestriction.objects.get()
        client.post(
            f"/en/_util/authenticate_with_password/{restriction.pk}/{page.pk}/",
            {"password": "yaksesame", "return_url": page.url},
        )
    else:
        client.force_login(admin_user)
    response = client.get("/en/closed/")
    assert ("Secretwords" in response.text, "ETag" in response) == (True, False)
    assert "Secretwords" not in process().get("/en/closed/").text


def test_forms_have_tokens_of_their_own() -> None:
    practice = Page.objects.get(slug="one-window", locale__language_code="en")
    for address in ("/en/ideas/send/", f"/en/practices-contact/{practice.pk}/"):
        tokens = set()
        for _reader in range(2):
            client = process(enforce_csrf_checks=True)
            client.get(PRACTICE)
            response = client.get(address)
            assert (response.status_code, "ETag" in response) == (200, False), address
            token = response.text.split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0]
            tokens.add(token)
            assert client.post(address, {"message": "x"}).status_code == 403
            assert client.post(address, {"message": "x", "csrfmiddlewaretoken": token}).status_code != 403
        assert len(tokens) == 2


def test_while_something_waits_to_be_settled_nothing_is_kept_and_nothing_given(readers: Readers) -> None:
    readers.keep([PRACTICE])
    mark(Scope.OBJECT, "pages:0")
    for client in readers.processes:
        response, queries = asked(client, PRACTICE)
        assert (queries > 3, "ETag" in response) == (True, False)
    settle()
    readers.keep([PRACTICE])


def test_before_the_ledger_has_begun_nothing_is_kept() -> None:
    Ledger.objects.all().delete()
    client = process()
    assert [asked(client, PRACTICE)[1] > 3 for _time in range(3)] == [True] * 3


def test_where_several_sites_are_nothing_is_kept() -> None:
    client = process(headers={"host": "testserver"})
    client.get(PRACTICE)
    Site.objects.create(hostname="other.example.org", root_page=homes()["en"])
    settle()
    assert [asked(client, PRACTICE)[1] > 3 for _time in range(3)] == [True] * 3


def test_each_host_and_scheme_has_pages_of_its_own() -> None:
    client = process()
    client.get(PRACTICE)
    for facts in ({"headers": {"host": "other.example.org"}}, {"secure": True}):
        assert client.get(PRACTICE, **facts).status_code == 200
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ALLOWED_HOSTS", ["testserver"])
        assert client.get(PRACTICE, headers={"host": "other.example.org"}).status_code == 400
        assert client.get(PRACTICE).status_code == 200


def test_a_preview_under_the_address_of_a_kept_page_is_the_draft() -> None:
    page: Any = Page.objects.get(slug="one-window", locale__language_code="en").specific
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.LEDGER_PAGES", 10**7)
        shared: list[KeptPagesMiddleware] = []
        patch.setattr(KeptPagesMiddleware, "__init__", shared_by(shared, KeptPagesMiddleware.__init__))
        client = Client()
        assert "Unfinished" not in client.get(PRACTICE).text
        page.title = "Unfinished"
        preview = page.make_preview_request(preview_mode="")
        assert ("Unfinished" in preview.text, "ETag" in preview) == (True, False)
        assert "Unfinished" not in client.get(PRACTICE).text
    assert len(shared) == 2


def shared_by(known: list[KeptPagesMiddleware], make: Callable[..., None]) -> Callable[..., None]:
    """Of all the middleware of a process one is there: what the first has kept, the others have."""

    def build(self: KeptPagesMiddleware, get_response: Any) -> None:
        make(self, get_response)
        known.append(self)
        self.shelves, self.stamp = known[0].shelves, known[0].stamp

    return build


@pytest.mark.parametrize("path", ["nothing/", "search/?q=window", "feeds/all.rss", "account/login/", "practices"])
def test_what_is_no_page_is_not_kept(path: str) -> None:
    client = process()
    for _time in range(2):
        assert "s-maxage" not in client.get(f"/en/{path}").get("Cache-Control", "")


def test_a_chart_that_could_not_be_drawn_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_specification: Any) -> str:
        raise rendering.DrawingError("out of memory")

    client, address = process(), "/en/indicators/OXCGRT.STRINGENCY/"
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "render", fail)
        caches["charts"].clear()
        failed = client.get(address)
        assert (failed.status_code, "<svg" in failed.text, "ETag" in failed) == (200, False, False)
    assert "<svg" in client.get(address).text
    assert asked(client, address)[1] == 1


def test_a_picture_whose_file_cannot_be_read_is_tried_again() -> None:
    image = make_image()
    page = make_news(title="With a picture", slug="with-a-picture", cover_image=image, cover_alt="A room")
    settle()
    image.renditions.all().delete()
    file = Path(image.file.path)
    file.rename(file.with_suffix(".away"))
    client = process()
    failed = client.get(page.url)
    file.with_suffix(".away").rename(file)
    assert ("not-found" in failed.text, "ETag" in failed) == (True, False)
    assert "not-found" not in client.get(page.url).text
    assert asked(client, page.url)[1] == 1


def test_addresses_with_parameters_push_out_each_other_and_not_the_pages() -> None:
    page, client = "/en/about/", process(400_000)
    client.get(page)
    for number in range(40):
        client.get(f"{page}?utm={number}")
    assert asked(client, page)[1] == 1
    assert asked(client, f"{page}?utm=39")[1] == 1
    assert asked(client, f"{page}?utm=0")[1] > 3


def test_without_room_nothing_stands_in_the_way(settings: Any) -> None:
    settings.LEDGER_PAGES = 0
    with pytest.raises(MiddlewareNotUsed):
        KeptPagesMiddleware(lambda _request: HttpResponse())


def with_header(name: str, value: str) -> Callable[[Any], None]:
    return lambda response: response.headers.__setitem__(name, value)


OTHERWISE: dict[str, Callable[[Any], Any]] = {
    "not said to be for everybody": lambda response: setattr(response, "may_be_kept", False),
    "an error": lambda response: setattr(response, "status_code", 404),
    "not HTML": with_header("Content-Type", "text/plain"),
    "with a cookie": lambda response: response.set_cookie("a", "b"),
    "by a header of the request": with_header("Vary", "Accept-Language"),
    "of a short life": with_header("Cache-Control", "max-age=5"),
    "with a number used once": with_header("Content-Security-Policy", "script-src 'self' 'nonce-abc'"),
}


@pytest.mark.parametrize("otherwise", ["", *OTHERWISE])
def test_an_answer_is_kept_where_nothing_speaks_against_it(otherwise: str) -> None:
    response = HttpResponse("<p>Text</p>")
    keeping.allow(response)
    if otherwise:
        OTHERWISE[otherwise](response)
    assert is_keepable(response) is not bool(otherwise)


# Tables that pages read and whose rows no signal tells of, and why none has to.
UNWATCHED = {
    "django_content_type": "changes with the code alone",
    "media_rendition": "made while a page is; that one is deleted is told (`forget_drawn`)",
    "reports_observation": "written by imports, which mark the indicators",
    "reports_seriessummary": "written by imports, which mark the indicators",
    "reports_fixedindicator": "written when a report is published, which is marked, and gone with it",
}
READ = re.compile(r'(?:FROM|JOIN) "([a-z_0-9]+)"')


def test_every_table_that_a_page_reads_is_watched(pages: list[str]) -> None:
    tables: set[str] = set()

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        tables.update(READ.findall(sql))
        return execute(sql, *rest)

    client = process(0)
    with connection.execute_wrapper(note):
        for address in pages:
            memory.forget()
            ContentType.objects.clear_cache()
            client.get(address)
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    assert len(tables) > 60
    unwatched = {table for table in tables - UNWATCHED.keys() if not is_watched(models[table])}
    assert unwatched == set(), "mark changes of these, or say why not"
    assert UNWATCHED.keys() <= tables


def is_watched(model: Any) -> bool:
    """Whether each change of a row makes another state; links of a page to vocabularies are written with the page."""
    made_by = model._meta.auto_created
    is_part = bool(made_by) and any(
        isinstance(field, ParentalManyToManyField) and field.remote_field.through is model
        for field in made_by._meta.many_to_many
    )
    return is_part or bool(topics_of(model)) or note_for(model) is not None
