from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "cms.core"
    label = "core"
    verbose_name = _("Content")

    def ready(self) -> None:
        from cms.core import checks, signal_handlers  # noqa: F401 - importing registers the system checks

        signal_handlers.connect()
