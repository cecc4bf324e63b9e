"""What the ledger answers by itself passes nothing that looks at who asks, and is refused where the rest would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect

from cms.delivery import answers
from cms.delivery.services import begin, settle
from practices.models import PracticeFile
from tests.factories.media import make_document, make_image
from tests.factories.pages import make_news, make_practice

if TYPE_CHECKING:
    from django.test import Client
    from wagtail.models import Site

pytestmark = pytest.mark.django_db
PAGES = "/api/v2/pages/"


@pytest.fixture
def page(site: Site) -> Any:
    found = make_news(title="Opening")
    begin()
    settle()
    answers.forget()
    return found


@pytest.mark.parametrize("query", ["", "?fields=title"], ids=["whole", "some fields"])
def test_an_answer_is_the_same_for_everybody_and_says_so(
    page: Any, client: Client, admin_user: Any, query: str
) -> None:
    first = client.get(f"{PAGES}{page.pk}/{query}")
    kept = client.get(f"{PAGES}{page.pk}/{query}")
    client.force_login(admin_user)
    of_staff = client.get(f"{PAGES}{page.pk}/{query}", headers={"accept-language": "kk"})
    assert first.content == kept.content == of_staff.content
    assert kept["ETag"] == of_staff["ETag"] == first["ETag"]
    assert "Vary" not in kept, "a shared cache may give it to anybody"
    assert not kept.cookies
    assert kept["X-Content-Type-Options"] == "nosniff"
    assert kept["Content-Length"] == str(len(kept.content)), "servers cut in pieces what has no length"


def test_a_kept_answer_takes_one_query_whoever_asks(page: Any, client: Client, admin_user: Any) -> None:
    client.force_login(admin_user)
    client.get(f"{PAGES}{page.pk}/")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{PAGES}{page.pk}/")
    assert len(captured) == 1, "no session is read"


def test_what_is_known_by_itself_takes_two_queries_with_a_session(page: Any, client: Client, admin_user: Any) -> None:
    client.force_login(admin_user)
    for address in (f"{PAGES}{page.pk}/", f"{PAGES}?limit=1"):
        client.get(address)
        answers.answers.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) == 2, captured.captured_queries


def test_a_host_that_is_not_ours_is_refused_though_the_answer_is_kept(page: Any, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get(f"{PAGES}{page.pk}/").status_code == 200
    assert client.get(f"{PAGES}{page.pk}/", headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("head", "{pk}/", 200),
        ("get", "{pk}", 301),
        ("post", "{pk}/", 405),
        ("put", "", 405),
        ("get", "0/", 404),
        ("get", "nothing/here/", 404),
        ("get", "find/?id={pk}", 302),
    ],
)
def test_other_requests_are_answered_as_ever(page: Any, client: Client, method: str, path: str, status: int) -> None:
    client.get(f"{PAGES}{page.pk}/")
    answer = getattr(client, method)(f"{PAGES}{path.format(pk=page.pk)}")
    assert answer.status_code == status
    if method == "head":
        assert not answer.content
        assert answer["ETag"] == client.get(f"{PAGES}{page.pk}/")["ETag"]


def test_what_has_not_changed_is_not_sent_again(page: Any, client: Client) -> None:
    etag = client.get(f"{PAGES}{page.pk}/")["ETag"]
    answer = client.get(f"{PAGES}{page.pk}/", headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("endpoint", ["images", "documents", "redirects"])
def test_the_details_of_files_and_redirects_that_are_public_are_as_they_are_written(
    site: Site, client: Client, endpoint: str
) -> None:
    image, document = make_image("Desk"), make_document("Rules")
    practice = make_practice(
        cover_image=image, cover_alt="A desk.", files=[PracticeFile(title="Rules", document=document)]
    )
    redirect = Redirect.add_redirect("/old", practice)
    row = {"images": image, "documents": document, "redirects": redirect}[endpoint]
    address = f"/api/v2/{endpoint}/{row.pk}/"
    before = client.get(address).json()  # there is no ledger yet
    begin()
    settle()
    with CaptureQueriesContext(connection) as captured:
        written = client.get(address)
    assert (written.status_code, written.json()) == (200, before)
    assert len(captured) == 2, [one["sql"][:150] for one in captured.captured_queries]
    assert client.get(f"{address}?fields=id,x").status_code == 400
    practice.unpublish()
    assert client.get(address).status_code == (404 if endpoint == "redirects" else 200), "as the endpoint gives it"
