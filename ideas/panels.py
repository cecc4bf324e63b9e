from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from ideas.policies import actor_of


class OriginalPanel(Panel):
    """What was sent in, word by word, beside the fields of the version that is published. For moderators alone."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "ideas/original_panel.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.instance.idea_id and actor_of(self.request.user) is not None)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"idea": self.instance.idea}
