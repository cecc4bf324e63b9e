"""A developer's machine: what `make run` uses."""

from cms.settings.base import *  # noqa: F403 - settings modules build on each other
from cms.settings.wagtail import *  # noqa: F403 - as above

DEBUG = True
INTERNAL_IPS = ["127.0.0.1"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405 - from base
