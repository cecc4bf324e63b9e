from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackgroundConfig(AppConfig):
    name = "cms.background"
    label = "background"
    verbose_name = _("Background work")

    def ready(self) -> None:
        from datetime import time

        from cms.background import tasks
        from cms.background.schedules import Schedule, register_schedule

        register_schedule(Schedule(tasks.prune, at=time(3, 30)))
