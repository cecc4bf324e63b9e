from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from search.services import Search

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answers to `?q=`, of one kind (`type=`), page by page (`page=`); without a question, hints."""
    search = Search(request.GET)
    response = render(request, "search/results.html", {"search": search, "query": search.text})
    response.headers["X-Robots-Tag"] = "noindex"
    return response
