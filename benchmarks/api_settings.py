"""The site as it is served, with one more table of addresses and no limit of requests.

It has no memory of answers if UNCACHED is set, none of lists if UNLISTED is, and next to no middleware if BARE is.
"""

import os

from cms.settings.accounts import *  # noqa: F403 - as the settings of the project build on each other
from cms.settings.base import *  # noqa: F403 - as above
from cms.settings.ideas import *  # noqa: F403 - as above
from cms.settings.wagtail import *  # noqa: F403 - as above

API_ANONYMOUS_RATE = 0
ROOT_URLCONF = "benchmarks.api_urls"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405 - as above
if os.environ.get("UNCACHED"):
    LEDGER_ANSWERS = 0
if os.environ.get("UNLISTED"):
    LEDGER_LISTS = 0
if os.environ.get("BARE"):
    MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # without which its app does not start
