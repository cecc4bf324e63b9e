from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "cms.partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        from cms.background.schedules import Schedule, register_schedule
        from cms.partners import signal_handlers
        from cms.partners.tasks import forget_counts

        signal_handlers.connect()
        register_schedule(Schedule(forget_counts, every=timedelta(hours=1)))
