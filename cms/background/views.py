"""Signs of life for whatever watches the site. They tell numbers and nothing else, to anybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.background.querysets import queue_state

if TYPE_CHECKING:
    from django.http import HttpRequest

# Seconds. A task that could be done for longer shows that the workers do not keep up.
LONGEST_DELAY = 600


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process can answer requests: 200, or 503 where it does not reach the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "error", "database": "unreachable"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ok", "database": "ok"})


@never_cache
@require_safe
def worker_health(request: HttpRequest) -> JsonResponse:
    """Whether background work is done: 200, or 503 where no worker lives or work waits for longer than ten minutes.

    Of tasks that were given up the number is told; they are no reason to start anything anew.
    """
    try:
        state = queue_state()
    except DatabaseError:
        return JsonResponse({"status": "error", "database": "unreachable"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    silence = int((timezone.now() - state.seen).total_seconds()) if state.seen else None
    is_alive = silence is not None and silence < settings.WORKER_LOST_AFTER
    is_well = is_alive and state.delay < LONGEST_DELAY
    answer = {
        "status": "ok" if is_well else "error",
        "worker": "ok" if is_alive else "missing",
        "seconds_since_sign_of_life": silence,
        "waiting": state.waiting,
        "seconds_of_delay": state.delay,
        "running": state.running,
        "given_up": state.failed,
    }
    return JsonResponse(answer, status=HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE)
