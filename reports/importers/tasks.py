from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cms.background.backends import background_task
from reports.choices import UploadState
from reports.importers import uploads


@background_task(_("Check statistics that were sent"), given_up=uploads.give_up)
def check_statistics(pk: int) -> None:
    uploads.work_on(pk, UploadState.CHECKING)


@background_task(_("Import statistics that were sent"), given_up=uploads.give_up)
def bring_in_statistics(pk: int) -> None:
    uploads.work_on(pk, UploadState.IMPORTING)


@background_task(_("Throw away statistics that were sent long ago"))
def forget_statistics() -> None:
    uploads.forget_old()
