"""As in tests, with a queue, and with workers that find lost ones within a second."""

from cms.settings.test import *  # noqa: F403 - as the settings of the project build on each other

TASKS = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}
WORKER_BEAT = WORKER_LOST_AFTER = 1
LANGUAGES = [*LANGUAGES, ("fr", "French")]  # noqa: F405 - as above
WAGTAIL_CONTENT_LANGUAGES = [*WAGTAIL_CONTENT_LANGUAGES, ("fr", "French")]  # noqa: F405 - as above
