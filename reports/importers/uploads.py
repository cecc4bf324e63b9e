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
from reports.choices import UploadState
from reports.importers.errors import RefusedFileError
from reports.importers.files import TextFile
from reports.importers.profiles.base import Options
from reports.importers.profiles.registry import PROFILES
from reports.importers.services import Wish, import_statistics
from reports.models import StatisticsUpload, UploadedFile

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    if not waiting.update(state=UploadState.IMPORTING):
        return False
    bring_in_statistics.enqueue(pk)
    return True


def work_on(pk: int, state: UploadState) -> None:
    """Check or import files that wait for it, in the language of who has sent them; otherwise do nothing."""
    waiting = StatisticsUpload.objects.select_for_update(of=("self",)).select_related("user")
    upload = waiting.filter(pk=pk, state=state).first()
    if upload is None:
        return
    with translation.override(language_of(upload.user) if upload.user else translation.get_language()):
        try:
            reports = take_in(upload, dry_run=state == UploadState.CHECKING)
        except RefusedFileError as error:
            upload.state, upload.problem = UploadState.REFUSED, str(error)
        else:
            upload.found = [as_json(report) for report in reports]
            upload.state = UploadState.CHECKED if state == UploadState.CHECKING else UploadState.IMPORTED
    upload.save()
    if upload.state != UploadState.CHECKED:
        upload.files.all().delete()


def may_import(upload: StatisticsUpload) -> bool:
    policy = policy_registry.get_by_type(StatisticsUpload)
    return bool(upload.user and policy.user_has_permission_for_instance(upload.user, "add", upload))


def take_in(upload: StatisticsUpload, *, dry_run: bool) -> list[FileReport]:
    if not may_import(upload):
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
