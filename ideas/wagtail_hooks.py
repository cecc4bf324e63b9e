from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail import hooks

from ideas.services import ERASED, REVEALED


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(REVEALED, gettext_lazy("Show personal data"), gettext_lazy("Personal data shown"))
    actions.register_action(ERASED, gettext_lazy("Erase"), gettext_lazy("Everything that people wrote was erased"))
