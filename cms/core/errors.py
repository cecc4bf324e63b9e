"""What readers and programs are told when something goes wrong: pages in the reader's language, JSON below `/api/`."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.translation import gettext as _

from cms.core.routing import versions_at

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, _("You do not have the right to see this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is missing in the language of the address is offered in those in which it exists."""
    return _answer(request, 404, _("Not found."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The template needs no database: that may be what is broken."""
    return _answer(request, 500, _("Something went wrong on the server."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually one that stood open for long, or a browser without cookies."""
    return _answer(request, 403, _("The form has expired."), template="403_csrf.html")


def is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith(f"{get_script_prefix()}api/")


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """An error as RFC 9457 describes it; `message` is where clients of Wagtail's API look for the sentence."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    content = body | {"message": detail} | more
    return JsonResponse(content, status=status, content_type="application/problem+json")


def for_reading_only(allow: str = "GET, HEAD, OPTIONS") -> HttpResponse:
    """What an address of the API answers to whoever would change something."""
    response = problem(405, "This address is for reading.")
    response["Allow"] = allow
    return response


def _answer(request: HttpRequest, status: int, message: str, *, template: str = "") -> HttpResponse:
    if is_for_programs(request):
        return problem(status, message)
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        versions = _versions(request) if status == HTTPStatus.NOT_FOUND else []
        return render(request, template or f"{status}.html", {"versions": versions}, status=status)


def _versions(request: HttpRequest) -> list[Page]:
    """The pages at the address of a request in other languages; none where the address says no language."""
    if not translation.get_language_from_path(request.path_info):
        return []
    _nothing, _language, *components = request.path_info.split("/")
    return versions_at([component for component in components if component])
