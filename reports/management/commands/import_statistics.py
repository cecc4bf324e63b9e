from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reports.importers.errors import RefusedFileError
from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.profiles.template import country_codes
from reports.importers.reporting import left_out_in_words, write_rejects
from reports.importers.services import Wish, import_statistics

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from django.core.management.base import CommandParser

    from reports.importers.reporting import FileReport

REFUSED, REJECTED = 1, 3
BAR_WIDTH = 30
SHOWN_REJECTS = 10


class Command(BaseCommand):
    help = "Take in published statistics: all files of a call, or none. A second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profile", choices=sorted(PROFILES), help="The published form of the files.")
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="Data files and what describes them, in any order."
        )
        parser.add_argument("--indicator", default="", help="Code of the indicator, where the file does not say it.")
        parser.add_argument("--country", default="", help="Refuse rows of countries other than this one (ISO 3166-1).")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")
        parser.add_argument("--rejects", type=Path, help="Write what was rejected to this CSV file.")

    def handle(self, *args: Any, **options: Any) -> None:
        profile = PROFILES[options["profile"]]
        files = [TextFile.at(name, profile.encoding) for name in options["files"]]
        if missing := [file for file in files if not file.path.is_file()]:
            raise CommandError(_("There is no file %(path)s.") % {"path": missing[0].path}, returncode=REFUSED)
        began = time.monotonic()
        wish = Wish(dry_run=options["dry_run"], progress=self._progress if self.stderr.isatty() else Wish.progress)
        with self._list_of_rejects(options["rejects"]) as listed:
            try:
                reports = import_statistics(profile, files, self._options(options), wish)
            except RefusedFileError as error:
                reason = _("%(error)s Nothing was imported.") % {"error": error}
                raise CommandError(reason, returncode=REFUSED) from error
            if listed is not None:
                listed.truncate(0)
                write_rejects(listed, ((report.file, report.as_json()) for report in reports))
        self._summary(reports, time.monotonic() - began, dry_run=wish.dry_run)
        if any(report.rejected for report in reports):
            sys.exit(REJECTED)

    def _list_of_rejects(self, path: Path | None) -> AbstractContextManager[IO[str] | None]:
        """The file for what is rejected, opened before anything is imported that could not be listed afterwards."""
        try:
            return path.open("a", encoding="utf-8", newline="") if path else nullcontext()
        except OSError as error:
            reason = _("%(path)s cannot be written: %(error)s. Nothing was imported.")
            raise CommandError(reason % {"path": path, "error": error.strerror}, returncode=REFUSED) from error

    def _options(self, options: dict[str, Any]) -> Options:
        code = options["country"].upper()
        country = country_codes().get(code)
        if code and country is None:
            raise CommandError(_("There is no country %(code)s.") % {"code": code}, returncode=REFUSED)
        return Options(options["indicator"], country)

    def _progress(self, name: str, read: int, size: int) -> None:
        done = min(read / size, 1) if size else 1
        bar = "#" * round(done * BAR_WIDTH)
        self.stderr.write(f"\r{name} [{bar:.<{BAR_WIDTH}}] {done:4.0%}", ending="")
        self.stderr.flush()

    def _summary(self, reports: list[FileReport], seconds: float, *, dry_run: bool) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        for report in reports:
            self.stdout.write(f"{report.file}: {report.rows} rows")
            self.stdout.write(f"  values  new {report.added}, changed {report.changed}, unchanged {report.unchanged}")
            for words in left_out_in_words(report.left_out):
                self.stdout.write(f"  left out  {words}")
            self.stdout.write(f"  rejected  {report.rejected}")
            for one in report.rejects[:SHOWN_REJECTS]:
                self.stdout.write(
                    f"    line {one.line}, column {one.column!r}, value {one.value!r}: {one.reason.label}"
                )
        total = sum(report.added + report.changed + report.unchanged for report in reports)
        self.stdout.write(f"{total} values in {seconds:.1f} s ({total / max(seconds, 0.001):.0f} per second)")
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
