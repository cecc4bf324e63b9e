"""What readers and programs are told when something goes wrong: pages in the reader's language, JSON below `/api/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, _("You do not have the right to see this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, _("Not found."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The template needs no database: that may be what is broken."""
    return _answer(request, 500, _("Something went wrong on the server."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually one that stood open for long, or a browser without cookies."""
    return _answer(request, 403, _("The form has expired."), template="403_csrf.html")


def _answer(request: HttpRequest, status: int, message: str, *, template: str = "") -> HttpResponse:
    if request.path.startswith(f"{get_script_prefix()}api/"):
        return JsonResponse({"message": message}, status=status)
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        return render(request, template or f"{status}.html", status=status)
