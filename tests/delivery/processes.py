"""A worker and a receiver of webhooks that are killed again and again: `python -m tests.delivery.processes FOLDER`.

Runs on the database that DATABASE_URL names, beside `tests.background.processes`, whose workers it uses.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.db import connections

from tests.delivery.receiver import Writer, serve

if TYPE_CHECKING:
    from collections.abc import Callable

SEED, EVENTS, KILLS = 20261101, 500, 6


class Receiver:
    """The receiver as a process, at an address that stays the same."""

    def __init__(self, folder: Path, secret: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.file, self.secret = folder / "versions", secret
        self.start()

    def start(self) -> None:
        """Python takes longer to start than a receiver is away: the process is a fork of this one."""
        connections.close_all()
        self.pid = os.fork()
        if not self.pid:
            try:
                serve(Writer, self.port, secret=self.secret, file=self.file).serve_forever()
            finally:
                os._exit(0)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def versions(self) -> list[int]:
        return [int(line) for line in self.file.read_text().split()] if self.file.exists() else []


def main() -> dict[str, Any]:
    from cms.delivery.models import Subscription
    from cms.delivery.webhooks import services
    from tests.background.processes import end, fork_worker, wait_for, workers

    secret, dice = services.new_secret(), random.Random(SEED)  # noqa: S311 - no secret
    receiver = Receiver(Path(sys.argv[1]), secret)
    hook = Subscription.objects.create(name="Partner", url=f"http://127.0.0.1:{receiver.port}/", secret=secret)
    last = enter(EVENTS)
    fork_worker()

    def wait(condition: Callable[[], bool]) -> None:
        """With the clock of the worker, which looks for what is due every five seconds, going faster."""

        def is_so() -> bool:
            services.wake()
            return condition()

        wait_for(is_so)

    seen: list[int] = []
    try:
        for number in range(KILLS):
            so_far = len(receiver.versions())
            wait(lambda: len(receiver.versions()) > so_far)  # noqa: B023 - called before the next round
            time.sleep(dice.uniform(0.02, 0.2))
            seen.append(len(receiver.versions()))
            if number % 2:
                end(workers[0], signal.SIGKILL)
                fork_worker()
            else:
                receiver.kill()
                receiver.start()
        wait(lambda: Subscription.objects.filter(pk=hook.pk, position__gte=last).exists())
    finally:
        receiver.kill()
        for pid in list(workers):
            end(pid, signal.SIGTERM)
    return {"versions": receiver.versions(), "last": last, "seen": seen}


def enter(count: int) -> int:
    """Entries as publishing leaves them; the version of the last."""
    from django.utils import timezone

    from cms.delivery.models import LEDGER, Entry, Ledger, Mark

    Mark.objects.all().delete()
    facts = {"kind": "pages", "type": "news.NewsPage", "operation": "withdrawn", "changed_at": timezone.now()}
    Entry.objects.bulk_create([Entry(version=one, object_id=one, **facts) for one in range(1, count + 1)])
    Ledger.objects.update_or_create(pk=LEDGER, defaults={"version": count})
    return count


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main()))
