"""Ideas and processes that are killed, on DATABASE_URL: `python -m tests.ideas.processes send`, or `work`.

`send`: people send in ideas until their process is killed. `work`: workers are killed while mail waits.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import django

SEED = 20261126
KILLS = 6
KILLS_OF_WORKERS = 12
MODERATORS = ("first", "second")
DIGESTS = 3
WAIT = 60


def main() -> None:
    django.setup()
    found = {"send": send_while_killed, "work": work_while_killed}[sys.argv[1]]()
    sys.stdout.write(json.dumps(found))


def work_while_killed() -> dict[str, Any]:
    """Kill one of two workers time and again while ideas come in, are decided and are told of; then let all be done.

    What came of it: which letters each idea should have brought, and how many waited at each kill.
    """
    from django_tasks_db.models import DBTaskResult

    from cms.background.models import Letter
    from ideas.choices import IdeaState
    from ideas.tasks import tell_moderators
    from tests.background.processes import end, fork_worker, wait_for, workers

    waiting = Letter.objects.filter(sent_at=None)
    dice = random.Random(SEED)  # noqa: S311 - no secret
    for name in MODERATORS:
        moderator(name)
    expected: dict[str, int] = {}
    waited: list[int] = []
    try:
        for kill in range(KILLS_OF_WORKERS):
            for state, letters in ((IdeaState.CONFIRMED, 2), (IdeaState.DECLINED, 4)):
                expected[sent_in(state, f"a{kill}-{state}@example.org")] = letters
            if kill % (KILLS_OF_WORKERS // DIGESTS) == 0:
                tell_moderators.enqueue()
            while len(workers) < 2:  # one that is killed, and one that goes on
                fork_worker()
            time.sleep(dice.uniform(0.02, 0.2))
            waited.append(waiting.count())
            end(workers[0], signal.SIGKILL)
        fork_worker()
        wait_for(lambda: not waiting.exists() and not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists())
    finally:
        for pid in list(workers):
            end(pid, signal.SIGKILL)
    attempts = DBTaskResult.objects.values_list("worker_ids", flat=True)
    return report() | {
        "expected": expected,
        "waited": waited,
        "interrupted": sum(len(ids) - 1 for ids in attempts),
        "written": Letter.objects.count(),
    }


def moderator(name: str) -> None:
    from cms.users.choices import Role
    from cms.users.services import install_roles
    from tests.users.people import make

    install_roles()
    make(name, Role.IDEA_MODERATOR)


def sent_in(state: Any, email: str) -> str:
    """The number of an idea, with a file, that has gone its way to a state."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.factories.ideas import make_idea

    return str(make_idea(state, email=email, files=[SimpleUploadedFile("plan.txt", b"words")]).number)


def send_while_killed() -> dict[str, Any]:
    dice = random.Random(SEED)  # noqa: S311 - no secret
    for number in range(KILLS):
        pid = fork_sender(number)
        wait_for_ideas_of(number)
        time.sleep(dice.uniform(0, 0.1))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return report()


def fork_sender(number: int) -> int:
    from django.db import connections

    connections.close_all()
    if pid := os.fork():
        return pid
    try:
        send_until_killed(number)
    finally:
        os._exit(0)


def wait_for_ideas_of(number: int) -> None:
    from ideas.models import Idea

    until = time.monotonic() + WAIT
    while not Idea.objects.filter(ticket__startswith=f"{number}-").exists():
        if time.monotonic() > until:
            sys.exit("It took too long.")
        time.sleep(0.02)


def send_until_killed(number: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from ideas.services import submit
    from tests.factories.ideas import WORDS

    for count in range(10_000):
        file = SimpleUploadedFile("plan.txt", b"x" * 200_000)
        facts = WORDS | {"email": f"a{number}-{count}@example.org"}
        submit(facts, [file], language="en", ticket=f"{number}-{count}", consent="I agree.")


def report() -> dict[str, Any]:
    from django.conf import settings
    from django_tasks_db.models import DBTaskResult

    from cms.background.models import Letter
    from ideas.models import Idea, IdeaEvent, IdeaFile, Submitter

    mailed = {letter.content["headers"]["Idea-Number"] for letter in Letter.objects.all() if letter.content}
    folder = Path(settings.STORAGES["private"]["OPTIONS"]["location"])
    whole = [row for row in IdeaFile.objects.all() if (folder / str(row.file)).stat().st_size == row.size]
    return {
        "ideas": Idea.objects.count(),
        "people": Submitter.objects.count(),
        "events": IdeaEvent.objects.count(),
        "files": len(whole),
        "letters": Letter.objects.count(),
        "tasks": DBTaskResult.objects.filter(task_path__endswith="send_letter", status="READY").count(),
        "mailed": len(mailed & set(Idea.objects.values_list("number", flat=True))),
    }


if __name__ == "__main__":
    main()
