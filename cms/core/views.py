from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


def social_card(request: HttpRequest, uid: UUID) -> HttpResponse:
    raise Http404


def style_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "core/style_guide.html")
