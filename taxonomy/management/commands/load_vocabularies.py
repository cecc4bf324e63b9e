from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand

from taxonomy.services import load_vocabularies

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Load countries, themes, COFOG, SDG and the fixed lists. Adds what is missing and changes nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=settings.DATA_DIR, help="Folder with the official SDG lists (sdg/<language>/)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["data"]
        added = load_vocabularies(folder)
        self.stdout.write(", ".join(f"{number} {kind} added" for kind, number in added.items()))
        if not (folder / "sdg").is_dir():
            self.stdout.write(f"No official SDG lists in {folder}: goals were loaded, targets were not.")
