"""Who is turned away before a database is asked: programs without a token of staff, and previews nobody was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.signing import Signer
from django.test import Client, RequestFactory
from django.urls import resolve

from cms.api.description import document
from cms.api.management import for_staff
from cms.core.previews import FrontEndPreviewMixin, previewed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def secret_view(request: HttpRequest, key: int) -> HttpResponse:
    """What staff may see."""
    raise AssertionError("somebody came through")


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Token x", "Bearerx y", " Bearer", "Digest Bearer x"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"])
def test_nobody_reaches_a_view_without_the_word_that_comes_before_a_token(method: str, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    answer = for_staff(secret_view)(RequestFactory().generic(method, "/", headers=headers), key=1)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert "Authorization: Bearer" in answer.content.decode()


def test_a_guarded_view_keeps_its_name_for_whoever_looks_for_it() -> None:
    guarded: Any = for_staff(secret_view)
    assert (guarded.__name__, guarded.__doc__) == ("secret_view", "What staff may see.")


@pytest.mark.parametrize(
    "token",
    ["", ":", "::", "1-x", "1-x:1a2b3c:", "1-x:1a2b3c:forged", "\x00", "й:й:й", "a" * 5000, Signer().sign("1-x")],
    ids=range(10),
)
def test_a_preview_that_nobody_has_signed_is_none(token: str) -> None:
    assert previewed(token) is None


def test_a_signed_token_that_was_changed_is_none() -> None:
    token = FrontEndPreviewMixin.get_preview_signer().sign("1-x")
    value, moment, signature = token.split(":")
    for other in (f"2-x:{moment}:{signature}", f"{value}:zzzzzz:{signature}", f"{value}:{moment}", f"{token}:"):
        assert previewed(other) is None


def test_previews_can_be_read_only() -> None:
    view = resolve("/api/v2/page_preview/").func
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = view(RequestFactory().generic(method, "/api/v2/page_preview/"))
        assert answer.status_code == 405, method


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_whatever_is_written_to_the_answer_says_in_json_that_one_may_only_read(method: str) -> None:
    client, wrong = Client(enforce_csrf_checks=True), []
    for path in [*document()["paths"], "/openapi.json", "/docs/"]:
        address = f"/api/v2{path.format(id=1, code='KZ').replace('/measures/KZ', '/measures/1')}"
        answer = getattr(client, method)(address)
        is_told = answer["Content-Type"] == "application/problem+json" and answer.json()["message"]
        if answer.status_code != 405 or not is_told or "GET" not in answer["Allow"]:
            wrong.append((address, answer.status_code))
    assert wrong == []
