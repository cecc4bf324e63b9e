"""How a page stands in the other languages, on its edit view."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.models import Page

from cms.languages import content_languages
from cms.translation.choices import Status
from cms.translation.models import TranslationState


class TranslationsPanel(Panel):
    """The languages of a page and how it stands in each. Not shown before the page is saved."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Translations"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "translation/translations_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and len(self.rows) > 1

        @cached_property
        def rows(self) -> list[dict[str, Any]]:
            """Each content language with the page in it, which is None where it is missing."""
            page = self.instance
            pages = Page.objects.filter(translation_key=page.translation_key, alias_of=None).select_related("locale")
            versions = {version.locale.language_code: version for version in pages}
            states = (
                TranslationState.objects.with_status().filter(page__in=versions.values()).select_related("outdated_by")
            )
            found = {state.language: state for state in states}
            return [
                {
                    "name": name,
                    "page": versions.get(code),
                    "state": found.get(code),
                    "is_this": versions.get(code) == page,
                }
                for code, name in content_languages()
            ]

        def get_context_data(self, parent_context: Any = None) -> Any:
            return super().get_context_data(parent_context) | {"rows": self.rows, "labels": dict(Status.choices)}
