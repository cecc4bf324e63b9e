from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "cms.api"
    label = "api"
    verbose_name = _("Public API")

    def ready(self) -> None:
        from cms.api.changes import describe
        from cms.api.registries import register_description
        from cms.api.representations import DOCUMENTS, IMAGES, PAGES, REDIRECTS
        from cms.delivery.registries import register_kind

        for kind in (PAGES, IMAGES, DOCUMENTS, REDIRECTS):
            register_kind(kind)
        register_description("changes/", describe)
