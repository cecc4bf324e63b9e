"""Tests: quick password hashing, mail in memory, media in a folder that is thrown away."""

import tempfile
from pathlib import Path

from cms.settings.accounts import *
from cms.settings.base import *
from cms.settings.ideas import *
from cms.settings.wagtail import *

SECRET_KEY = "test-only"  # noqa: S105 - signs nothing outside tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "cms.background.backends.AtOnceBackend"}}
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="media-"))
STORAGES["private"]["OPTIONS"]["location"] = Path(tempfile.mkdtemp(prefix="private-"))
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
API_ANONYMOUS_RATE = 0  # a test sends hundreds of requests from one address
LEDGER_PAGES = 0  # tests look into the contexts of pages, and change content past the signals
PUBLIC_URL = WAGTAILADMIN_BASE_URL = WAGTAILAPI_BASE_URL = "http://testserver"
IDEAS_COMMON_MAIL_DOMAINS = [*IDEAS_COMMON_MAIL_DOMAINS, "example.org"]  # of staff and of submitters alike
