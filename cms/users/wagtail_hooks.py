from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from cms.users.services import ROLES_CHANGED


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(ROLES_CHANGED)
    class RolesChanged(LogFormatter):
        label = gettext_lazy("Change roles")

        def format_message(self, entry: Any) -> str:
            given, taken = (", ".join(entry.data.get(name, [])) or "–" for name in ("added", "removed"))
            return _("Roles given: %(given)s. Roles taken: %(taken)s.") % {"given": given, "taken": taken}
