from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeasConfig(AppConfig):
    name = "ideas"
    verbose_name = _("Ideas")

    def ready(self) -> None:
        from datetime import time

        from cms.background.schedules import Schedule, register_schedule
        from ideas import registrations, signal_handlers, tasks

        registrations.register()
        signal_handlers.connect()
        register_schedule(Schedule(tasks.forget, at=time(4, 30)))
        register_schedule(Schedule(tasks.tell_moderators, at=time(7, 30)))
