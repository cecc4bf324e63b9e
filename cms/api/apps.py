from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "cms.api"
    label = "api"
    verbose_name = _("Public API")

    def ready(self) -> None:
        from cms.api.changes import describe
        from cms.api.registries import register_description
        from cms.api.representations import PAGES
        from cms.delivery.registries import register_kind

        register_kind(PAGES)
        register_description("changes/", describe)
