from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "cms.delivery"
    label = "delivery"
    verbose_name = _("Published ledger")

    def ready(self) -> None:
        from datetime import time, timedelta

        from cms.background.schedules import Schedule, register_schedule
        from cms.delivery import signal_handlers, tasks

        signal_handlers.connect()
        register_schedule(Schedule(tasks.settle_marks, every=timedelta(seconds=5)))
        register_schedule(Schedule(tasks.prune_deliveries, at=time(3, 40)))
