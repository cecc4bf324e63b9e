from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import IntConverter
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from cms.api.urls import management
from cms.api.urls import patterns as api_patterns
from cms.core import sitemaps
from cms.core.routing import serve
from cms.media.views import serve as serve_document
from cms.users.views import to_sign_in
from cms.workflows.viewsets import OwnAccountView
from news import feeds as news_feeds
from practices import views as practice_views
from reports import views as report_views
from reports.sitemaps import IndicatorSection
from search import feeds, views


class IdConverter(IntConverter):
    """An id that any database can look up: at most eighteen digits."""

    regex = "[0-9]{1,18}"


register_converter(IdConverter, "id")

handler400 = "cms.core.errors.bad_request"
handler403 = "cms.core.errors.forbidden"
handler404 = "cms.core.errors.not_found"
handler429 = "cms.users.views.too_many_requests"
handler500 = "cms.core.errors.server_error"

SECTIONS = {"sections": {**sitemaps.page_sections(), "indicators": IndicatorSection()}}

public_patterns: list[URLPattern | URLResolver] = [
    path("search/", views.results, name="search"),
    re_path(r"^feeds/(?P<kind>[a-z]+)\.(?P<extension>rss|atom)$", feeds.feed, name="feed"),
    path("feeds/events.ics", news_feeds.events_calendar, name="events_calendar"),
    path("events/<id:pk>.ics", news_feeds.event_file, name="event_file"),
    path("data/<path:code>.csv", report_views.indicator_csv, name="indicator_csv"),
    path("data/<path:code>.csv-metadata.json", report_views.indicator_metadata, name="indicator_metadata"),
    path("data/<path:code>.json", report_views.indicator_json, name="indicator_json"),
    path("data/<path:code>.xlsx", report_views.indicator_xlsx, name="indicator_xlsx"),
    path("data/<path:code>/chart.svg", report_views.indicator_picture, name="indicator_picture"),
    path("data/<path:code>/figure/", report_views.indicator_figure, name="indicator_figure"),
    path("practices-contact/<id:pk>/", practice_views.contact, name="practice_contact"),
    path("practices-contact/<id:pk>/sent/", practice_views.contact_sent, name="practice_contact_sent"),
    path("", include("ideas.urls")),
    path("", include("cms.workflows.urls")),
    path("_util/login/", to_sign_in, name="wagtailcore_login"),
    path("account/", include("cms.users.urls")),
    *(pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"),
    re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
    # Wagtail's own pattern knows no dots, which stand in the codes of indicators.
    re_path(r"^((?:[\w-]+/)+[\w.-]+/)$", serve),
]

urlpatterns = [
    path("admin/account/", require_admin_access(OwnAccountView.as_view()), name="wagtailadmin_account"),
    path("admin/login/", to_sign_in, name="wagtailadmin_login"),
    path(
        "admin/password_reset/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="wagtailadmin_password_reset",
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<id:document_id>/<path:document_filename>", serve_document, name="wagtaildocs_serve"),
    path("documents/", include([one for one in wagtaildocs_urls.urlpatterns if one.name != "wagtaildocs_serve"])),
    path("api/v2/", include("cms.delivery.urls")),
    path("api/v2/", include(api_patterns())),
    *management(),
    path("images/", include("wagtail.images.urls")),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, SECTIONS, name="sitemap"),
    path("sitemap-<slug:name>.xml", sitemaps.section_file, SECTIONS, name="sitemap_section"),
    path("", include("cms.background.urls")),
    path("", include("cms.core.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    *i18n_patterns(*public_patterns),
]
