from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from cms.background.worker import QueueWorker

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Does background work until it is stopped: sends mail, publishes what is scheduled, keeps indexes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="End when nothing is left to do now.")
        parser.add_argument("--interval", type=float, default=1, help="Seconds between two looks into an empty queue.")
        parser.add_argument("--with-parent", action="store_true", help="End when the program that started it ends.")

    def handle(self, *, batch: bool, interval: float, with_parent: bool, verbosity: int, **options: Any) -> None:
        level = {0: logging.ERROR, 1: logging.WARNING}.get(verbosity, logging.INFO)
        for name in ("django_tasks", "django_tasks_db", "cms.background"):
            logging.getLogger(name).setLevel(level)
        worker = QueueWorker(interval=interval, batch=batch, parent=os.getppid() if with_parent else None)
        worker.configure_signals()
        worker.run()
