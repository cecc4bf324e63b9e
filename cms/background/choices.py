from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tasks.base import TaskResultStatus

STATES: dict[str, Promise] = {
    TaskResultStatus.FAILED.value: pgettext_lazy("background task", "Given up"),
    TaskResultStatus.READY.value: pgettext_lazy("background task", "Waiting"),
    TaskResultStatus.RUNNING.value: pgettext_lazy("background task", "Running"),
    TaskResultStatus.SUCCESSFUL.value: pgettext_lazy("background task", "Done"),
}
# Wagtail's own tasks say nothing of themselves.
LABELS: dict[str, Promise] = {
    "wagtail.tasks.update_reference_index_task": _("Note what a page or record refers to"),
    "modelsearch.tasks.insert_or_update_object_task": _("Bring the search index up to date"),
    "wagtail.tasks.delete_file_from_storage_task": _("Delete a file that is no longer needed"),
    "wagtail.images.tasks.set_image_focal_point_task": _("Find what matters in a picture"),
}
