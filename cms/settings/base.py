"""Django's own settings. Wagtail's stand in `wagtail.py`; what differs by place in `dev`, `test` and `production`."""

import os
from typing import Any

from django.conf import global_settings
from django.utils.translation import gettext_lazy as _

from cms.settings.env import BASE_DIR, read

ENV = read(secret_required=os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production"))

SECRET_KEY = ENV.secret_key
ENCRYPTION_KEYS = ENV.encryption_keys
DEBUG = False
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.csrf_trusted_origins
PUBLIC_URL = ENV.public_url
DATA_DIR = ENV.data_dir

INSTALLED_APPS = [
    "home",
    "practices",
    "reports",
    "news",
    "ideas",
    "search",
    "taxonomy",
    "cms.api",
    "cms.delivery",
    "cms.core",
    "cms.media",
    "cms.partners",
    "cms.users",
    "cms.background",
    "cms.translation",
    "cms.workflows",
    "django_tasks_db",
    "wagtail_headless_preview",
    "wagtail_localize",
    "wagtail.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.table_block",
    "wagtail.api.v2",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.users.wagtail_app.AccountsAppConfig",  # wagtail.users
    "wagtail.snippets",
    "cms.media.wagtail_app.DocumentsAppConfig",  # wagtail.documents
    "cms.media.wagtail_app.ImagesAppConfig",  # wagtail.images
    "wagtail.search",
    "cms.workflows.wagtail_app.AdministrationAppConfig",  # wagtail.admin
    "wagtail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.core.middleware.MemoryMiddleware",
    "cms.partners.middleware.PartnerMiddleware",
    "cms.api.middleware.LedgerMiddleware",
    "cms.delivery.middleware.KeptPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.core.middleware.PublicContentSecurityPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.users.middleware.SessionLifeMiddleware",
    "cms.users.middleware.SecondFactorMiddleware",
    "cms.users.middleware.ExportLogMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.core.context_processors.site",
            ],
        },
    },
]

DATABASES = {"default": ENV.database}
if "sqlite" in ENV.database["ENGINE"]:
    # Write-ahead logging lets readers read while an editor saves; the time-out waits for a second writer.
    ENV.database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Drawn charts are counted by themselves: they do not push out what limits forms and sign-in.
CACHES: dict[str, dict[str, Any]] = {
    "default": {**ENV.cache, "max_entries": 10_000},
    "charts": {
        **ENV.cache,
        "LOCATION": ENV.cache.get("LOCATION") or "charts",
        "KEY_PREFIX": "charts",
        "max_entries": 1000,
    },
}

AUTH_USER_MODEL = "users.User"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("kk", _("Kazakh")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# The order in which a reader of a language is offered others where something is missing in theirs.
LANGUAGE_FALLBACKS = {"en": ["ru", "kk"], "ru": ["en", "kk"], "kk": ["ru", "en"], "ar": ["en", "ru", "kk"]}
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = ["cms.formats"]
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-collected"
MEDIA_URL = "/media/"
MEDIA_ROOT = ENV.media_root
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What no web server may show: attachments that people send in.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENV.private_root, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_HANDLERS = ["cms.media.uploads.MemoryHandler", "cms.media.uploads.DiskHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long report is one form with thousands of fields
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FORMS_URLFIELD_ASSUME_HTTPS = True  # an address typed without a scheme; Django 6 does so without being told

# Mail is queued; the worker hands it to the transport.
EMAIL_BACKEND = "cms.background.mail.QueueBackend"
MAIL_TRANSPORT = ENV.email.get("EMAIL_BACKEND", global_settings.EMAIL_BACKEND)
EMAIL_HOST = ENV.email.get("EMAIL_HOST", "")
EMAIL_PORT = ENV.email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = ENV.email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = ENV.email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_FILE_PATH = ENV.email.get("EMAIL_FILE_PATH") or None
EMAIL_USE_TLS = ENV.email.get("EMAIL_USE_TLS", False)
DEFAULT_FROM_EMAIL = ENV.default_from_email

EMAIL_TIMEOUT = 30

TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
# Requests in a minute that somebody may send to the API without a key; 0 for as many as one likes.
API_ANONYMOUS_RATE = ENV.api_anonymous_rate
# Whether staff may manage content by programs, through Wagtail's API v3 as it is before its release.
API_MANAGEMENT = ENV.api_management
# A front end of somebody else, in which editors see drafts too; empty for none. Its tokens last for so many minutes.
HEADLESS_PREVIEW_URL = ENV.headless_preview_url
HEADLESS_PREVIEW_MINUTES = ENV.headless_preview_minutes
WAGTAIL_HEADLESS_PREVIEW = {"REDIRECT_ON_PREVIEW": True}

# Seconds between two signs of life of a worker, and without one until its work is given to others.
WORKER_BEAT = 5
WORKER_LOST_AFTER = 30

# How many threads of a web server's process may wait for an entry of the ledger, in requests with `wait`.
LEDGER_WAITING = 16
# Seconds that the receiver of a webhook has to answer, and until the second attempt; later pauses double. Whether a
# receiver may be in the network of this machine.
WEBHOOK_TIMEOUT = 10
WEBHOOK_PAUSE: float = 5
WEBHOOK_MAY_STAY_INSIDE = False
# Bytes of answers, and of lists of ids, that such a process keeps.
LEDGER_ANSWERS = LEDGER_LISTS = 32 * 1024 * 1024
# Bytes of whole pages that it keeps for readers without a session; 0 for none.
LEDGER_PAGES = 64 * 1024 * 1024
# Seconds for which a shared cache in front may give an answer without asking, and further ones while it asks.
LEDGER_SHARED_AGE = 10
LEDGER_STALE_AGE = 60
# Seconds that such a cache has to answer when it is told what has changed.
FRONTEND_CACHE_TIMEOUT: float = 5

CSRF_FAILURE_VIEW = "cms.core.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure_cookies
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # page previews are shown in a frame of the admin
