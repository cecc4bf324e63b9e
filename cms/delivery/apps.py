from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "cms.delivery"
    label = "delivery"
    verbose_name = _("Published ledger")

    def ready(self) -> None:
        from datetime import time, timedelta

        from django.db.models.signals import post_migrate

        from cms.background.schedules import Schedule, register_schedule
        from cms.delivery import signal_handlers, tasks

        signal_handlers.connect()
        post_migrate.connect(signal_handlers.mark_everything, sender=self, dispatch_uid="ledger")
        register_schedule(Schedule(tasks.settle_marks, every=timedelta(seconds=5)))
        register_schedule(Schedule(tasks.prune_deliveries, at=time(3, 40)))
