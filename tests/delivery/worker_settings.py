"""As those of the workers in tests, with short pauses and a receiver on the same machine."""

from tests.background.worker_settings import *  # noqa: F403 - as the settings of the project build on each other

WEBHOOK_MAY_STAY_INSIDE = True
WEBHOOK_TIMEOUT = 1
WEBHOOK_PAUSE = 0.2
