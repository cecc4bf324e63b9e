"""As in tests, with a queue, and with workers that find lost ones within a second."""

from typing import Any

from cms.settings.test import *  # noqa: F403 - as the settings of the project build on each other

TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
WORKER_BEAT = WORKER_LOST_AFTER = 1
FRENCH: Any = ("fr", "French")
LANGUAGES = [*LANGUAGES, FRENCH]  # noqa: F405 - as above
WAGTAIL_CONTENT_LANGUAGES = [*WAGTAIL_CONTENT_LANGUAGES, FRENCH]  # noqa: F405 - as above
