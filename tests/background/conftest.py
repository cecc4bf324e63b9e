from __future__ import annotations

from typing import Any

import pytest

QUEUE = {"default": {"BACKEND": "cms.background.backends.QueueBackend"}}


@pytest.fixture
def queue(settings: Any, db: None) -> None:
    """Tasks wait in the database until a worker's turn, and so does mail."""
    settings.TASKS = QUEUE
    settings.EMAIL_BACKEND = "cms.background.mail.QueueBackend"
