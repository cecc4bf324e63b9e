"""What people and programs are told when something goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, RequestFactory
from django.utils import translation

from cms.core import errors
from practices.models import PracticeIndexPage
from tests.factories.pages import make_practice

if TYPE_CHECKING:
    from wagtail.models import Site


@pytest.fixture
def breaking(monkeypatch: Any) -> Any:
    """Let the catalogue of practices fail in a given way when it is opened."""

    def break_with(error: Exception) -> None:
        def get_context(*args: Any, **kwargs: Any) -> Any:
            raise error

        monkeypatch.setattr(PracticeIndexPage, "get_context", get_context)

    return break_with


@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [("/en/no/", "en", "ltr"), ("/ru/no/", "ru", "ltr"), ("/kk/no/", "kk", "ltr"), ("/ar/no/", "ar", "rtl")],
)
def test_a_missing_page_is_told_in_the_language_of_the_address(
    client: Client, site: Site, path: str, language: str, direction: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    html = response.content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert f'action="/{language}/search/"' in html
    assert f'href="/{language}/"' in html
    for other in {"en", "ru", "kk", "ar"} - {language}:
        assert f'href="/{other}/no/"' in html


@pytest.mark.parametrize(("wanted", "language"), [("kk,ru;q=0.5", "kk"), ("de", "en")])
def test_without_a_language_in_the_address_the_browser_decides(
    client: Client, site: Site, wanted: str, language: str
) -> None:
    response = client.get("/api.html", headers={"accept-language": wanted})
    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PermissionDenied("secret reason"), 403),
        (SuspiciousOperation("secret reason"), 400),
        (KeyError("secret reason"), 500),
    ],
)
def test_errors_are_pages_in_the_reader_s_language_and_keep_their_reasons(
    site: Site, breaking: Any, error: Exception, status: int
) -> None:
    breaking(error)
    response = Client(raise_request_exception=False).get("/kk/practices/")
    assert response.status_code == status
    html = response.content.decode()
    assert '<html lang="kk"' in html
    assert "secret reason" not in html
    assert "<style" not in html


@pytest.mark.parametrize("path", ["/api/v2/nothing/", "/api/nothing"])
def test_programs_are_answered_in_json(client: Client, site: Site, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["message"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: errors.bad_request(request, ValueError("x")), 400),
        (lambda request: errors.forbidden(request, ValueError("x")), 403),
        (errors.server_error, 500),
        (errors.csrf_failure, 403),
    ],
)
def test_every_error_below_the_api_is_json(answer: Any, status: int) -> None:
    response = answer(RequestFactory().get("/api/v2/pages/"))
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")


def test_the_page_of_a_broken_server_needs_no_database() -> None:
    """Without the `db` fixture, every query fails."""
    response = errors.server_error(RequestFactory().get("/ru/practices/"))
    assert response.status_code == 500
    assert '<html lang="ru"' in response.content.decode()


def test_the_language_of_the_process_is_left_as_it_was(site: Site) -> None:
    with translation.override("en"):
        errors.not_found(RequestFactory().get("/kk/no/"), ValueError("x"))
        assert translation.get_language() == "en"


def test_an_expired_form_says_so(site: Site) -> None:
    practice = make_practice(has_contact_form=True, contact_email="a@example.org")
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"/ru/practices-contact/{practice.pk}/", {"name": "A"})
    assert response.status_code == 403
    html = response.content.decode()
    assert '<html lang="ru"' in html
    assert "CSRF" not in html
