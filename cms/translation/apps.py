from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    name = "cms.translation"
    label = "translation"
    verbose_name = _("Translation")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
        from wagtail import hooks

        from cms.translation import checks, registrations, signal_handlers, staleness  # noqa: F401 - registers checks
        from cms.translation.drafts import reasons_against_publication
        from cms.translation.editor import memory
        from cms.translation.editor.services import translators_of
        from cms.workflows.registries import register_obstacles, register_writers

        signal_handlers.connect()
        hooks.register("register_log_actions", registrations.register_log_actions)
        post_migrate.connect(staleness.note_all_translations, sender=self, dispatch_uid="note translations")
        post_migrate.connect(memory.remember_all, sender=self, dispatch_uid="remember sentences")
        register_writers(translators_of)
        register_obstacles(reasons_against_publication)
