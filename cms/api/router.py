"""The public content API: Wagtail API v2, read-only and anonymous."""

from wagtail.api.v2.router import WagtailAPIRouter

from cms.api.media_views import DocumentsViewSet, ImagesViewSet, RedirectsViewSet
from cms.api.previews import PreviewViewSet
from cms.api.views import PagesViewSet

api_router = WagtailAPIRouter("wagtailapi")
api_router.register_endpoint("pages", PagesViewSet)
api_router.register_endpoint("images", ImagesViewSet)
api_router.register_endpoint("documents", DocumentsViewSet)
api_router.register_endpoint("redirects", RedirectsViewSet)
api_router.register_endpoint("page_preview", PreviewViewSet)
