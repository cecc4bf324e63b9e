"""The draft of a page for a front end that previews it. No cache keeps it, and no list knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import path
from rest_framework.response import Response
from wagtail.api.v2 import views

from cms.api.serialisers import OwnLanguageSerialiser
from cms.api.views import Checked
from cms.core.previews import previewed

if TYPE_CHECKING:
    from django.urls import URLPattern
    from rest_framework.request import Request


class PreviewViewSet(Checked, views.PagesAPIViewSet):
    """What `token` shows; `content_type` is what front ends send along, and means nothing here."""

    name = "previews"
    base_serializer_class = OwnLanguageSerialiser
    known_query_parameters = frozenset({"token", "content_type", "fields", "rich_text_format"})

    def get_object(self) -> Any:
        if not hasattr(self, "_cached_object"):
            page = previewed(self.request.GET.get("token", ""))
            if page is None:
                raise Http404("The preview is over, or there was none. Ask for it again in the administration.")
            page.pk = page.id = page.pk or 0  # none yet for a page that was never saved
            self._cached_object = page
        return self._cached_object

    def detail_view(self, request: Request, pk: Any = None) -> Response:
        page = self.get_object()
        self.check_query_parameters(type(page).objects.none())
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return Response(self.get_serializer(page).data, headers=headers)

    @classmethod
    def get_urlpatterns(cls) -> list[URLPattern]:
        return [path("", cls.as_view({"get": "detail_view"}), name="listing")]
