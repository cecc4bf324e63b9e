from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "cms.workflows"
    label = "workflows"
    verbose_name = _("Editorial work")

    def ready(self) -> None:
        from cms.background.schedules import Schedule, register_schedule
        from cms.workflows import tasks

        register_schedule(Schedule(tasks.publish_due, every=tasks.BETWEEN_LOOKS))
