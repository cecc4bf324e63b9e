"""People who send in ideas until their process is killed: `python -m tests.ideas.processes`, on DATABASE_URL."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import django

SEED = 20261126
KILLS = 6
WAIT = 60


def main() -> None:
    django.setup()
    dice = random.Random(SEED)  # noqa: S311 - no secret
    for number in range(KILLS):
        pid = fork_sender(number)
        wait_for_ideas_of(number)
        time.sleep(dice.uniform(0, 0.1))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    sys.stdout.write(json.dumps(report()))


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


def report() -> dict[str, int]:
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
