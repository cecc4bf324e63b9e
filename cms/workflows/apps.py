from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "cms.workflows"
    label = "workflows"
    verbose_name = _("Editorial work")

    def ready(self) -> None:
        from datetime import time, timedelta

        from cms.background.schedules import Schedule, register_schedule
        from cms.workflows import notifications, signal_handlers, tasks

        signal_handlers.connect()
        register_schedule(Schedule(tasks.publish_due, every=tasks.BETWEEN_LOOKS))
        register_schedule(Schedule(tasks.remind, every=timedelta(hours=1)))
        register_schedule(Schedule(notifications.send_digests, at=time(6, 0)))
        register_schedule(Schedule(tasks.forget_notifications, at=time(4, 0)))
