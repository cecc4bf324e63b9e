"""Workers as processes of their own, on the database that DATABASE_URL names: `python -m tests.background.processes`.

Django is loaded once, and each worker is a fork of this process: a new one is there at once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from typing import Any

import django

SEED = 20260501
KILLS, TASKS = 50, 500
KILLS_OF_TRANSLATORS = 12
WAIT = 120
workers: list[int] = []


def main() -> None:
    django.setup()
    try:
        report = {"kill": kill_at_random, "publish": publish_on_time, "translate": translate_while_killed}[
            sys.argv[1]
        ]()
    finally:
        for pid in set(workers):
            end(pid, signal.SIGKILL)
    sys.stdout.write(json.dumps(report))


def fork_worker() -> None:
    from django.db import connections

    connections.close_all()
    if pid := os.fork():
        workers.append(pid)
        return
    from cms.background.worker import QueueWorker

    try:
        worker = QueueWorker(interval=0.05)
        worker.configure_signals()
        worker.run()
    finally:
        os._exit(0)


def end(pid: int, sign: signal.Signals) -> None:
    workers.remove(pid)
    os.kill(pid, sign)
    os.waitpid(pid, 0)


def wait_for(condition: Any) -> None:
    until = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > until:
            sys.exit("It took too long.")
        time.sleep(0.05)


def kill_at_random() -> dict[str, Any]:
    """Kill one of two workers after a random moment, fifty times, and let two others finish what is left."""
    from django_tasks_db.models import DBTaskResult

    from tests.background.effects import traces, work_for_a_lasting_moment, work_for_a_moment

    for number in range(TASKS // 2):
        work_for_a_moment.enqueue(number)
        work_for_a_lasting_moment.enqueue(number)
    asked_for = DBTaskResult.objects.filter(task_path__startswith="tests.")
    dice = random.Random(SEED)  # noqa: S311 - no secret
    fork_worker()
    fork_worker()
    for _kill in range(KILLS):
        time.sleep(dice.uniform(0.02, 0.3))
        end(workers[0], signal.SIGKILL)
        fork_worker()
    done_while_killing = asked_for.successful().count()
    wait_for(lambda: asked_for.successful().count() == TASKS)
    for pid in workers:
        end(pid, signal.SIGTERM)
    attempts = [len(ids) for ids in asked_for.values_list("worker_ids", flat=True)]
    return {
        "successful": asked_for.successful().count(),
        "tasks": asked_for.count(),
        "done_while_killing": done_while_killing,
        "interrupted": sum(attempts) - len(attempts),
        "once": traces(),
        "at_least_once": traces("lasting"),
    }


def publish_on_time() -> dict[str, Any]:
    """Two workers wait for the time of a page."""
    from wagtail.models import Page, PageLogEntry, Revision

    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    due = revision.approved_go_live_at
    assert due
    fork_worker()
    fork_worker()
    page = Page.objects.filter(pk=revision.object_id)
    wait_for(lambda: page.filter(live=True).exists())
    published = page.get().last_published_at
    time.sleep(1)  # long enough for a second worker to do it again
    for pid in workers:
        end(pid, signal.SIGTERM)
    return {
        "seconds": (published - due).total_seconds(),
        "times": PageLogEntry.objects.filter(action="wagtail.publish.scheduled", page=page.get()).count(),
    }


def translate_while_killed() -> dict[str, Any]:
    """Ask for all practices in all languages, and kill one of two workers time and again while they make the drafts."""
    from django.db.models import Count
    from wagtail.models import Page, PageLogEntry

    from cms.translation.choices import Progress
    from cms.translation.models import RequestedTranslation
    from cms.translation.services import request_translations
    from cms.users.models import User
    from practices.models import PracticePage

    pages = list(PracticePage.objects.filter(locale__language_code="en"))
    began = time.perf_counter()
    request_translations(User.objects.get(is_superuser=True), pages, ["ru", "kk", "fr"])
    seconds = time.perf_counter() - began
    items = RequestedTranslation.objects.all()
    dice = random.Random(SEED)  # noqa: S311 - no secret
    fork_worker()
    fork_worker()
    interrupted_at = []
    for _kill in range(KILLS_OF_TRANSLATORS):
        time.sleep(dice.uniform(0.2, 0.6))
        interrupted_at.append(items.filter(progress=Progress.READY).count())
        end(workers[0], signal.SIGKILL)
        fork_worker()
    wait_for(lambda: not items.filter(progress=Progress.WAITING).exists())
    for pid in workers:
        end(pid, signal.SIGTERM)
    drafts = Page.objects.filter(translation_key__in=[page.translation_key for page in pages]).exclude(
        pk__in=[page.pk for page in pages]
    )
    return {
        "seconds": seconds,
        "interrupted_at": interrupted_at,
        "ready": items.filter(progress=Progress.READY).count(),
        "drafts": drafts.count(),
        "languages": dict(drafts.order_by().values_list("locale__language_code").annotate(Count("pk"))),
        "live": drafts.filter(live=True).count(),
        "above": Page.objects.filter(locale__language_code="fr", live=True).count(),
        "made": PageLogEntry.objects.filter(page__in=drafts, action="wagtail.copy_for_translation").count(),
    }


SCENES = {"kill": kill_at_random, "publish": publish_on_time, "translate": translate_while_killed}


if __name__ == "__main__":
    main()
