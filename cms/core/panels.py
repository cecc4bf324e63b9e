"""Pieces of the edit view that Wagtail does not have."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.panels import Panel


class ChecklistPanel(Panel):
    """What the page still lacks before it can be published. Not shown where nothing is missing.

    Each entry leads to its place in the form. Needs a form with `missing`, such as `ContentPageForm`.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtailadmin/panels/checklist.html"

        @cached_property
        def missing(self) -> dict[str, str]:
            return {} if self.form is None else self.form.missing

        def is_shown(self) -> bool:
            return bool(self.missing)

        def get_context_data(self, parent_context: Any = None) -> Any:
            return super().get_context_data(parent_context) | {"missing": self.missing}
