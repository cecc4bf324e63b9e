"""A process that does background work: one thread does it, another keeps house."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from cms.background import services
from cms.background.models import WorkerProcess

if TYPE_CHECKING:
    from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)


class Housekeeper(threading.Thread):
    """Gives the signs of life of its process, finds what lost workers left, and starts what is due.

    It has a connection of its own and goes on while a task takes long. Without its parent, where one is given, the
    process ends.
    """

    def __init__(self, worker: WorkerProcess, parent: int | None) -> None:
        super().__init__(name="housekeeper", daemon=True)
        self.worker = worker
        self.parent = parent
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(settings.WORKER_BEAT):
            if self.parent and os.getppid() != self.parent:
                os.kill(os.getpid(), signal.SIGTERM)
            try:
                self.keep_house()
            except (OperationalError, InterfaceError) as error:
                # The database is locked or restarts; without signs of life the tasks of this worker go to others.
                logger.warning("Housekeeping has to wait for the database: %s", error)
            close_old_connections()

    def keep_house(self) -> None:
        self.beat()
        services.recover()
        services.start_due()

    def beat(self) -> None:
        self.worker.seen_at = timezone.now()
        self.worker.save(force_update=False)


class QueueWorker(Worker):
    """As the queue's own worker, with attempts and signs of life, and patience with a database that is away."""

    def __init__(self, *, interval: float = 1, batch: bool = False, parent: int | None = None) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.parent = parent

    def run(self) -> None:
        now = timezone.now()
        process = WorkerProcess(
            pk=self.worker_id, host=socket.gethostname(), pid=os.getpid(), started_at=now, seen_at=now
        )
        process.save(force_insert=True)
        housekeeper = Housekeeper(process, self.parent)
        housekeeper.start()
        try:
            self.work_patiently()
        finally:
            housekeeper.ended.set()
            housekeeper.join(timeout=settings.WORKER_LOST_AFTER)
            process.delete()

    def work_patiently(self) -> None:
        """Work until told to stop. A database that is away is waited for."""
        while self.running:
            try:
                # Of a task whose end could not be written down nobody else would know that it has ended.
                services.recover(idle=self.worker_id)
                super().run()
            except (OperationalError, InterfaceError) as error:
                logger.warning("The worker has to wait for the database: %s", error)
                close_old_connections()
                time.sleep(self.interval)
            else:
                return

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        self.running_task = True
        try:
            services.execute(db_task_result)
        finally:
            self.running_task = False
            self._run_tasks += 1
