"""All of `/api/v2/`: Wagtail's endpoints, those of the apps, and the description of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.api import documentation, views
from cms.api.management import for_staff
from cms.api.registries import endpoints
from cms.api.router import api_router

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver


def management() -> list[URLPattern | URLResolver]:
    """Wagtail's API v3, for staff with a token; nothing where it is switched off."""
    if not settings.API_MANAGEMENT:
        return []
    from wagtail.api.v3.urls import api  # read when it is wanted: it builds a schema for every page type

    addresses, app, namespace = api.urls
    return [path("api/v3-preview/", (decorate_urlpatterns(addresses, for_staff), app, namespace))]


def name_of(route: str) -> str:
    """The name of an address: `countries/<str:code>/` is `api_countries_code`."""
    return "_".join(["api", *(part.strip("<>").rpartition(":")[2] for part in route.strip("/").split("/"))])


def patterns() -> list[URLPattern | URLResolver]:
    """Asked for after the apps have registered what they add."""
    own: list[Any] = [
        path(route, csrf_exempt(one.as_view()), name=name_of(route)) for route, one in endpoints().items()
    ]
    described = [
        path("openapi.json", documentation.openapi, name="api_openapi"),
        path("docs/", documentation.docs, name="api_docs"),
    ]
    return [*own, *described, path("", api_router.urls), re_path(r"^(?:.*/)?$", views.nothing_here, name="api_nothing")]
