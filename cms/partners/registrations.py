"""What partners add to Wagtail's log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from cms.partners.services import REVOKED


class Revoked(LogFormatter):
    label = gettext_lazy("Revoke the key")

    def format_message(self, entry: Any) -> str:
        return _("Key revoked")


def register_actions(actions: Any) -> None:
    actions.register_action(REVOKED)(Revoked)
