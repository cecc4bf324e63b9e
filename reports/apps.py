from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Countries and reports")

    def ready(self) -> None:
        from cms.background.schedules import Schedule, register_schedule
        from reports import registrations, signal_handlers
        from reports.api import registrations as api
        from reports.importers.tasks import forget_statistics

        registrations.register()
        api.register()
        signal_handlers.connect()
        register_schedule(Schedule(forget_statistics, at=time(4, 30)))
