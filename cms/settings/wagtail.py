"""Wagtail's settings and those of the packages around it."""

from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cms.settings.base import ENV, LANGUAGES
from cms.settings.env import MACHINES

WAGTAIL_SITE_NAME = ENV.site_name
WAGTAILADMIN_BASE_URL = ENV.public_url
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

WAGTAIL_I18N_ENABLED = True
# Content exists in these; the interface also in Arabic.
WAGTAIL_CONTENT_LANGUAGES = [pair for pair in LANGUAGES if pair[0] in {"en", "ru", "kk"}]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILLOCALIZE_DISABLE_ON_DELETE = True  # what was translated is not lost with a page

# What the environment says of a service of machine translation. Without one, texts are translated by people alone.
MACHINE_TRANSLATION: dict[str, Any] = {
    "URL": ENV.machine_translation_url,
    "KEY": ENV.machine_translation_key,
    "TIMEOUT": ENV.machine_translation_timeout,
}
WAGTAILLOCALIZE_MACHINE_TRANSLATOR: dict[str, Any] | None = None
if ENV.machine_translation:
    WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": MACHINES[ENV.machine_translation], "OPTIONS": MACHINE_TRANSLATION}

WAGTAILSEARCH_BACKENDS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "search.backends"}}
if ENV.search_url:
    WAGTAILSEARCH_BACKENDS["default"] = {
        "BACKEND": "wagtail.search.backends.elasticsearch9",
        "URLS": [ENV.search_url],
        "INDEX_PREFIX": "cms_",
    }

# Caches in front of the site. Wagtail's own app for them is not installed: the ledger knows what has changed.
WAGTAILFRONTENDCACHE: dict[str, dict[str, Any]] = {
    address: {"BACKEND": "cms.delivery.purging.backends.PurgeBackend", "LOCATION": address}
    for address in ENV.frontend_caches
}

WAGTAILIMAGES_IMAGE_MODEL = "media.Image"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.media.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "media.Document"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "pptx", "txt", "vtt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_BLOCK_EMBEDDED_CONTENT = True
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # every document is an attachment, PDF as well
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # a page never calls another site while it is served

WAGTAILAPI_BASE_URL = ENV.public_url
WAGTAILAPI_LIMIT_MAX = 100
WAGTAILAPI_SEARCH_ENABLED = True
WAGTAILAPI_DOCS_ENABLED = False  # the page of API v3 loads scripts from elsewhere

WAGTAIL_EDITING_SESSION_PING_INTERVAL = 15_000
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.workflows.publication.publish_approved"
WAGTAIL_AUTO_UPDATE_PREVIEW = True
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["bold", "italic", "ol", "ul", "link", "document-link"]},
    },
}
TAGGIT_CASE_INSENSITIVE = True

# Public pages run no inline script and load nothing from elsewhere. The admin has its own rules: Wagtail needs them.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "frame-ancestors": [SELF],
    },
}

SITE_TAGLINE = _("What works in public administration, shared")
