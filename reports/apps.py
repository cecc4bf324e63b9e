from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Countries and reports")

    def ready(self) -> None:
        from cms.background.schedules import Schedule, register_schedule
        from reports import signal_handlers
        from reports.importers.tasks import forget_statistics
        from reports.registrations import register

        register()
        signal_handlers.connect()
        register_schedule(Schedule(forget_statistics, at=time(4, 30)))
