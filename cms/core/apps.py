from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "cms.core"
    label = "core"
    verbose_name = _("Content")

    def ready(self) -> None:
        from wagtail.models import Page
        from wagtail.permissions import register_permission_policy

        from cms.core import checks, logs, signal_handlers  # noqa: F401 - importing registers the system checks
        from cms.workflows.policies import ContentPolicy

        logs.keep_titles_out()
        signal_handlers.connect()
        register_permission_policy(Page, ContentPolicy(Page))
