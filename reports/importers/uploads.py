"""Files that people send: kept, checked by a dry run, imported, and thrown away."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.permissions import policy_registry

from cms.users.mails import language_of
from reports.choices import NATIONAL_FORM, UploadState
from reports.importers.errors import RefusedFileError
from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.services import Wish, import_statistics
from reports.models import StatisticsUpload, UploadedFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from reports.importers.reporting import FileReport

KEPT = timedelta(days=7)


@transaction.atomic
def receive(user: Any, files: Iterable[Any], **facts: Any) -> StatisticsUpload:
    """Keep files that somebody has sent, and have them checked. `facts`: profile, indicator, country."""
    from reports.importers.tasks import check_statistics

    upload = StatisticsUpload.objects.create(user=user, **facts)
    UploadedFile.objects.bulk_create(
        UploadedFile(upload=upload, name=Path(file.name).name[:255], content=file.read()) for file in files
    )
    check_statistics.enqueue(upload.pk)
    return upload


@transaction.atomic
def start_import(pk: int) -> bool:
    """Have checked files imported; False where they are not waiting for it any more."""
    from reports.importers.tasks import bring_in_statistics

    waiting = StatisticsUpload.objects.filter(pk=pk, state=UploadState.CHECKED)
    if not waiting.update(state=UploadState.IMPORTING, changed_at=timezone.now()):
        return False
    bring_in_statistics.enqueue(pk)
    return True


def work_on(pk: int, state: UploadState) -> None:
    """Check or import files that wait for it, in the language of who has sent them; otherwise do nothing."""
    waiting = StatisticsUpload.objects.select_for_update(of=("self",)).select_related("user")
    upload = waiting.filter(pk=pk, state=state).first()
    if upload is None:
        return
    with in_language_of(upload):
        try:
            reports = take_in(upload, dry_run=state == UploadState.CHECKING)
        except RefusedFileError as error:
            upload.state, upload.problem = UploadState.REFUSED, str(error)
        else:
            upload.found = [as_json(report) for report in reports]
            upload.state = UploadState.CHECKED if state == UploadState.CHECKING else UploadState.IMPORTED
    settle(upload)


def in_language_of(upload: StatisticsUpload) -> AbstractContextManager[None]:
    return translation.override(language_of(upload.user) if upload.user else translation.get_language())


def settle(upload: StatisticsUpload) -> None:
    """Keep what came of the files, and the files themselves only as long as they can be imported."""
    upload.save()
    if upload.state != UploadState.CHECKED:
        upload.files.all().delete()


def give_up(pk: int) -> None:
    """Refuse files on which workers have failed, so that nobody waits for them; see `background_task`."""
    working = StatisticsUpload.objects.select_for_update(of=("self",)).select_related("user")
    upload = working.filter(pk=pk, state__in=(UploadState.CHECKING, UploadState.IMPORTING)).first()
    if upload is None:
        return
    with in_language_of(upload):
        upload.problem = _(
            "The site failed on these files, several times. Those who run it find the error under Background work. Ask "
            "them before you send the files again."
        )
    upload.state = UploadState.REFUSED
    settle(upload)


def may_import(user: Any, upload: StatisticsUpload) -> bool:
    """Whether somebody may import these files: those of countries alone, national figures of theirs."""
    policy = policy_registry.get_by_type(StatisticsUpload)
    if user is None or not policy.user_has_permission_for_instance(user, "add", upload):
        return False
    return upload.profile == NATIONAL_FORM or policy.countries(user, "add") is None


def take_in(upload: StatisticsUpload, *, dry_run: bool) -> list[FileReport]:
    if not may_import(upload.user, upload):
        raise RefusedFileError("", _("Who has sent the files may not import them any more."))
    profile = PROFILES[upload.profile]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, kept in enumerate(upload.files.order_by("pk")):
            path = Path(folder) / str(number)
            path.write_bytes(kept.content)
            files.append(TextFile(path, kept.name, profile.encoding))
        options = Options(upload.indicator, upload.country_id)
        return import_statistics(profile, files, options, Wish(dry_run=dry_run, user=upload.user))


def as_json(report: FileReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "rows": report.rows,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "left_out": dict(report.left_out),
        "rejects": report.as_json(),
    }


def forget_old() -> None:
    """Throw away what was sent long ago, imported or not. What was imported is told by its `ImportRun`."""
    StatisticsUpload.objects.filter(changed_at__lt=timezone.now() - KEPT).delete()
