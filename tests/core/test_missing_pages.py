"""A page that a language lacks is missing there, and offered in the languages that have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from cms.core.routing import MAX_LEVELS
from practices.models import PracticeIndexPage
from tests.answers import queries
from tests.factories.examples import FULL
from tests.factories.pages import make_country_page, make_practice, make_report, make_standard_page
from tests.factories.site import homes, index_page, published, translate
from tests.factories.translations import translated
from tests.factories.vocabularies import make_country

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pages(made_once: Callable[..., Any]) -> dict[str, Any]:
    """A practice in English and Russian, a draft in Kazakh; a report in English below a profile in all languages."""

    def make() -> dict[str, Any]:
        practice = make_practice(title="One window", slug="one-window")
        russian = translate(practice, "ru", title="Одно окно", slug="odno-okno")
        translate(practice, "kk", title="Бір терезе", slug="bir-tereze").unpublish()
        profile = make_country_page(slug="kazakhstan")
        report = make_report(profile, title="Report 2021", slug="report-2021")
        translate(profile, "kk", slug="qazaqstan")
        return {"practice": practice, "russian": russian, "report": report}

    return made_once(make)


def offered(client: Client, address: str) -> Any:
    """Of a missing page: title, address, language of the page and of its title, in the order in which they stand."""
    answer = client.get(address)
    assert answer.status_code == 404
    links: Any = BeautifulSoup(answer.content, "html5lib").select(".error-page .links a")
    return [(link.text, link["href"], link.get("hreflang"), link.span.get("lang")) for link in links]


ENGLISH = ("One window", "/en/practices/one-window/", "en", "en")
RUSSIAN = ("Одно окно", "/ru/practices/odno-okno/", "ru", "ru")
REPORT = ("Report 2021", "/en/countries/kazakhstan/report-2021/", "en", "en")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/kk/practices/one-window/", [RUSSIAN, ENGLISH]),
        ("/kk/practices/odno-okno/", [RUSSIAN, ENGLISH]),
        ("/kk/practices/bir-tereze/", [RUSSIAN, ENGLISH]),
        ("/kk/practices/one-window", [RUSSIAN, ENGLISH]),
        ("/ru/practices/one-window/", [("Одно окно", "/ru/practices/odno-okno/", None, None), ENGLISH]),
        ("/ar/practices/odno-okno/", [("One window", "/ar/practices/one-window/", None, "en"), RUSSIAN]),
        ("/kk/countries/qazaqstan/report-2021/", [REPORT]),
        ("/kk/countries/kazakhstan/report-2021/", [REPORT]),
        ("/ru/countries/kazakhstan/report-2021/", [REPORT]),
        ("/kk/practices/no-window/", []),
        ("/kk/one-window/", []),
        ("/kk/countries/one-window/", []),
        ("/kk/practices/one-window/more/", []),
        ("/kk/countries/report-2021/", []),
        ("/kk/practices/%00/", []),
        ("/kk/" + "practices/" * (MAX_LEVELS + 5), []),
    ],
)
def test_what_a_language_lacks_is_offered_in_the_others(
    client: Client, pages: dict[str, Any], address: str, expected: list[Any]
) -> None:
    if not address.endswith("/"):
        assert client.get(address).status_code in {301, 302}
        address = f"{address}/"
    assert offered(client, address) == expected
    for _title, path, *_languages in expected:
        assert client.get(path).status_code == 200


def test_the_page_says_what_is_missing_and_is_kept_out_of_search_engines(client: Client, pages: dict[str, Any]) -> None:
    missing, unknown = (client.get(f"/en/practices/{slug}/").content.decode() for slug in ("odno-okn", "x"))
    assert "This page does not exist in your language yet" not in missing + unknown
    html = client.get("/kk/practices/one-window/").content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert '<html lang="kk" dir="ltr">' in html


@pytest.mark.parametrize("how", ["draft", "restricted", "section"])
def test_what_is_not_public_is_never_offered(client: Client, pages: dict[str, Any], how: str) -> None:
    page = type(pages["practice"]).objects.get(pk=pages["practice"].pk)
    if how == "draft":
        page.unpublish()
    else:
        closed = page if how == "restricted" else index_page(PracticeIndexPage)
        PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    assert offered(client, "/kk/practices/one-window/") == [RUSSIAN]


def test_a_language_that_is_not_there_for_readers_yet_is_not_offered(client: Client, pages: dict[str, Any]) -> None:
    homes()["ru"].unpublish()
    assert offered(client, "/kk/practices/one-window/") == [ENGLISH]


def test_a_redirect_that_editors_made_goes_first(client: Client, pages: dict[str, Any]) -> None:
    Redirect.objects.create(old_path="/kk/practices/one-window", redirect_page=pages["russian"], is_permanent=True)
    assert client.get("/kk/practices/one-window/").status_code == 301


def test_a_program_is_told_in_json_alone(client: Client, pages: dict[str, Any]) -> None:
    answer = client.get("/api/v2/kk/practices/one-window/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "one-window" not in answer.content.decode()


@pytest.mark.parametrize("kind", [kind for kind in FULL if kind != "home"])
def test_pages_of_every_type_are_offered(client: Client, pages: dict[str, Any], kind: str) -> None:
    page = FULL[kind](slug="everything", **({"country": make_country("MN")} if kind == "country" else {}))
    address = page.url
    title = page.title
    assert offered(client, address.replace("/en/", "/kk/", 1)) == [(title, address, "en", "en")]
    russian = translated(page)
    found = offered(client, address.replace("/en/", "/kk/", 1))
    assert [(name, language) for name, _path, language, _lang in found] == [(russian.title, "ru"), (title, "en")]


def test_looking_for_other_languages_takes_a_known_number_of_queries(client: Client, pages: dict[str, Any]) -> None:
    about = make_standard_page(slug="about")
    deep = published(make_standard_page(about, slug="team", title="Team"))
    client.get("/kk/about/")

    def asked(address: str) -> int:
        return queries(client, address, status=404)

    assert asked("/kk/about/") == asked("/kk/about/team/") == asked("/kk/x/")
    assert deep.url == "/en/about/team/"
