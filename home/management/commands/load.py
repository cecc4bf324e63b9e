from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page

from cms.delivery.choices import Scope
from cms.delivery.marks import mark
from cms.translation.staleness import note_all_translations
from home.load.builders import SLUG_PREFIX, Plan
from home.load.material import Material
from home.load.writer import BATCH, TreeWriter, remove_generated

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = (
        "Generate items in every content language, for measuring: practices, news, country reports and events. "
        "What was generated before counts; --remove takes it all away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("items", type=int, nargs="?", default=1000, help="Number of items there shall be.")
        parser.add_argument("--remove", action="store_true", help="Delete all generated pages instead.")
        parser.add_argument("--force", action="store_true", help="Work with DEBUG off, too.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["force"]:
            raise CommandError("This changes the content of a site that may be public. Repeat it with --force.")
        self._began = time.monotonic()
        if options["remove"]:
            for deleted in remove_generated():
                self._say(deleted, "pages removed")
        else:
            self._generate(options["items"])

    def _generate(self, items: int) -> None:
        material, writer = Material.collect(), TreeWriter()
        existing = set(Page.objects.filter(slug__startswith=SLUG_PREFIX).values_list("slug", flat=True))
        numbers = [number for number in range(1, items + 1) if f"{SLUG_PREFIX}{number}" not in existing]
        written = 0
        for start in range(0, len(numbers), BATCH):
            written += writer.write([Plan(number, material) for number in numbers[start : start + BATCH]])
            self._say(written, f"of {len(numbers) * len(material.texts)} pages written")
        note_all_translations()
        mark(Scope.ALL, "")  # what is written in bulk tells nobody

    def _say(self, count: int, what: str) -> None:
        seconds = time.monotonic() - self._began
        self.stdout.write(f"{count:>7} {what} ({count / seconds:.0f} per second)")
