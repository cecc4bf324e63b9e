"""Imports: all files of one are taken in together, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.delivery.choices import Scope
from cms.delivery.marks import keys_of, mark
from reports.api.representations import INDICATORS
from reports.choices import Frequency, Origin, RejectReason
from reports.importers.errors import RefusedFileError
from reports.importers.judging import judge
from reports.importers.layouts import ORDER, Layout
from reports.importers.measures import import_measures
from reports.importers.reporting import FileReport, Reject
from reports.importers.staging import Staging
from reports.models import ImportRun, Indicator
from reports.services import redraw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.importers.files import TextFile
    from reports.importers.profiles.base import Options, Profile

END_OF_PERIOD = "end of period"


@dataclass(frozen=True)
class Wish:
    """How an import is to be done. `progress` is told a file's name, the bytes read and the bytes there are."""

    dry_run: bool = False
    user: Any = None
    progress: Callable[[str, int, int], None] = lambda _name, _read, _size: None


def import_statistics(profile: Profile, files: Sequence[TextFile], options: Options, wish: Wish) -> list[FileReport]:
    """Take in files of one published form, in one transaction; what came of each.

    A dry run does the same and takes everything back. Raises `RefusedFileError` where a file, or what goes with it, is
    not as its profile says: then nothing is kept of any of them.
    """
    with transaction.atomic():
        layouts = (replace(one, only_country=options.only_country) for one in profile.layouts(files, options))
        reports = [import_file(profile, layout, wish) for layout in layouts]
        if not reports:
            raise RefusedFileError("", _("None of the files holds values: what describes them was given alone."))
        if wish.dry_run:
            transaction.set_rollback(True)
            for report in reports:
                report.run = None
        elif profile.origin == Origin.INTERNATIONAL:
            redraw({pk for report in reports for pk in report.touched})
    return reports


def import_file(profile: Profile, layout: Layout, wish: Wish) -> FileReport:
    report = FileReport(layout.rows.file.name)
    report.left_out.update(layout.left_out_columns.values())
    report.refuse(Reject(1, name, "", reason) for name, reason in layout.unknown_columns.items())
    if layout.cells:
        import_values(profile, layout, report, wish)
    else:
        import_measures(layout, report, wish.progress)
        report.run = record(profile, layout.rows.file, report, wish).pk
    if not report.rows:
        raise layout.rows.file.refuse(_("There are no rows below the names of the columns."))
    return report


def import_values(profile: Profile, layout: Layout, report: FileReport, wish: Wish) -> None:
    check_frequencies(layout)
    # Of two imports of the same indicators the second waits here until it sees what the first has written. Whoever
    # only refers to an indicator, as a report that is published, does not wait.
    ids = [one.pk for one in layout.indicators]
    list(Indicator.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    staging = Staging(profile.origin)
    stage(layout, staging, report, wish)
    difference = staging.compare()
    report.added, report.changed, report.unchanged = difference.added, difference.changed, difference.unchanged
    report.touched = ids if difference.added or difference.changed else []
    report.run = record(profile, layout.rows.file, report, wish).pk
    if not wish.dry_run:
        staging.write(report.run, timezone.now())
        mark(Scope.OBJECT, *keys_of((INDICATORS.name, pk) for pk in ids))
    staging.drop()


def stage(layout: Layout, staging: Staging, report: FileReport, wish: Wish) -> None:
    file = layout.rows.file
    for frame, read in layout.rows.frames():
        judged = judge(layout, frame)
        staging.add(judged.values)
        report.rows += judged.rows
        report.left_out.update(judged.left_out)
        report.refuse_frame(judged.rejects)
        wish.progress(file.name, read, file.size)
    duplicates = staging.take_duplicates(within_days=layout.collapses)
    report.refuse(Reject(*place, RejectReason.DUPLICATE) for place in duplicates)
    if layout.collapses:
        staging.keep_ends_of_periods()


def check_frequencies(layout: Layout) -> None:
    """Refuse a file whose values cannot be those of an indicator: too rare, or too many for no rule to choose."""
    if layout.frequency is None:
        return
    of_file = Frequency(layout.frequency)
    for one in layout.indicators:
        of_indicator = Frequency(one.frequency)
        facts = {"code": one.code, "theirs": of_indicator.label, "ours": of_file.label}
        if ORDER.index(of_indicator) < ORDER.index(of_file):
            reason = _(
                "The values are %(ours)s, and those of the indicator %(code)s are %(theirs)s. Change the indicator."
            )
            raise layout.rows.file.refuse(reason % facts)
        if of_indicator != of_file and one.aggregation != END_OF_PERIOD:
            reason = _(
                "The values are %(ours)s, and those of the indicator %(code)s are %(theirs)s. Change its frequency, or "
                "make its aggregation “end of period”, which takes the last value of each period."
            )
            raise layout.rows.file.refuse(reason % facts)


def record(profile: Profile, file: TextFile, report: FileReport, wish: Wish) -> ImportRun:
    return ImportRun.objects.create(
        file_name=file.name[:255],
        sha256=file.sha256(),
        profile=profile.code,
        user=wish.user,
        rows_read=report.rows,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        rejected=report.rejected,
        rejects=report.as_json(),
        left_out=dict(report.left_out),
    )
