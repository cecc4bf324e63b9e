"""A developer's machine: what `make run` uses."""

from cms.settings.accounts import *
from cms.settings.base import *
from cms.settings.ideas import *
from cms.settings.wagtail import *

DEBUG = True
INTERNAL_IPS = ["127.0.0.1"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # served without TLS
