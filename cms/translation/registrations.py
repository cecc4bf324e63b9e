"""What the history of a page says of its translation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from cms.translation.machine import CONFIRMED
from cms.translation.machines.tasks import DRAFTED


class Drafted(LogFormatter):
    label = gettext_lazy("Translate by machine")

    def format_message(self, entry: Any) -> str:
        count = entry.data.get("count", 0)
        sentence = ngettext(
            "%(machine)s has translated %(count)d segment", "%(machine)s has translated %(count)d segments", count
        )
        return sentence % {"machine": entry.data.get("machine", "–"), "count": count}


class Confirmed(LogFormatter):
    label = gettext_lazy("Confirm a translation by machine")

    def format_message(self, entry: Any) -> str:
        count = entry.data.get("count", 0)
        sentence = ngettext(
            "%(count)d segment by %(machine)s confirmed", "%(count)d segments by %(machine)s confirmed", count
        )
        return sentence % {"machine": entry.data.get("machine", "–"), "count": count}


def register_log_actions(actions: Any) -> None:
    actions.register_action(DRAFTED)(Drafted)
    actions.register_action(CONFIRMED)(Confirmed)
