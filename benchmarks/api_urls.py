"""The addresses of the site, and beside them Wagtail's own API on the same data and a view that only returns bytes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import path
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

from cms.urls import handler400, handler403, handler404, handler429, handler500, urlpatterns  # noqa: F401 - Django's names

if TYPE_CHECKING:
    from django.http import HttpRequest


class Plain(PagesAPIViewSet):
    renderer_classes = [JSONRenderer]


stock = WagtailAPIRouter("stock")
stock.register_endpoint("pages", Plain)
stock.register_endpoint("images", ImagesAPIViewSet)
stock.register_endpoint("documents", DocumentsAPIViewSet)


@cache
def text(size: int) -> bytes:
    return b"x" * size


def bare(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(text(size), content_type="application/json", headers={"Content-Length": str(size)})


urlpatterns = [path("stock/v2/", stock.urls), path("bare/<int:size>/", bare), *urlpatterns]
