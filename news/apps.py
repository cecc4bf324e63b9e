from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News and events")

    def ready(self) -> None:
        from news import structured_data  # noqa: F401 - importing registers the page types
        from news.registrations import register

        register()
