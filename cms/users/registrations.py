"""What accounts add to Wagtail: entries of its log, and a tab of the page of one's own account."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.account import BaseSettingsPanel, SettingsTab
from wagtail.log_actions import LogFormatter

from cms.users import accounts
from cms.users.middleware import LIST_EXPORTED
from cms.users.services import ROLES_CHANGED

KINDS = {
    Authenticator.Type.TOTP: gettext_lazy("authenticator app"),
    Authenticator.Type.WEBAUTHN: gettext_lazy("passkey"),
}


class RolesChanged(LogFormatter):
    label = gettext_lazy("Change roles")

    def format_message(self, entry: Any) -> str:
        given, taken = (", ".join(entry.data.get(name, [])) or "–" for name in ("added", "removed"))
        return _("Roles given: %(given)s. Roles taken: %(taken)s.") % {"given": given, "taken": taken}


class Invited(LogFormatter):
    label = gettext_lazy("Invite")

    def format_message(self, entry: Any) -> str:
        until = parse_datetime(entry.data.get("until", ""))
        return _("Invitation sent, valid until %(until)s") % {"until": date_format(until) if until else "–"}


class FactorAdded(LogFormatter):
    label = gettext_lazy("Add a second factor")

    def format_message(self, entry: Any) -> str:
        return _("Second factor added: %(kind)s") % {"kind": KINDS.get(entry.data.get("type"), "–")}


class FactorRemoved(LogFormatter):
    label = gettext_lazy("Remove a second factor")

    def format_message(self, entry: Any) -> str:
        return _("Second factor removed: %(kind)s") % {"kind": KINDS.get(entry.data.get("type"), "–")}


class ListExported(LogFormatter):
    label = gettext_lazy("Export a list")

    def format_message(self, entry: Any) -> str:
        return _("List exported: %(path)s") % {"path": entry.data.get("path", "–")}


# Label and message of those that say the same each time.
PLAIN = {
    accounts.INVITATION_ACCEPTED: (gettext_lazy("Accept an invitation"), gettext_lazy("Invitation accepted")),
    accounts.PASSWORD_CHANGED: (gettext_lazy("Change the password"), gettext_lazy("Password changed")),
    accounts.CODES_RENEWED: (gettext_lazy("Renew recovery codes"), gettext_lazy("New recovery codes made")),
    accounts.FACTORS_RESET: (gettext_lazy("Reset the second factor"), gettext_lazy("Second factor reset")),
    accounts.LOCK_OUT_LIFTED: (gettext_lazy("Lift the lock-out"), gettext_lazy("Lock-out lifted")),
}


def register_log_actions(actions: Any) -> None:
    actions.register_action(ROLES_CHANGED)(RolesChanged)
    actions.register_action(accounts.INVITED)(Invited)
    actions.register_action(LIST_EXPORTED)(ListExported)
    actions.register_action(accounts.FACTOR_ADDED)(FactorAdded)
    actions.register_action(accounts.FACTOR_REMOVED)(FactorRemoved)
    for action, (label, message) in PLAIN.items():
        actions.register_action(action, label, message)


class SecurityPanel(BaseSettingsPanel):
    """Ways to what keeps the own account safe. There is nothing to fill in."""

    name = "security"
    title = gettext_lazy("Sign-in and security")
    tab = SettingsTab("security", gettext_lazy("Sign-in and security"), order=150)
    order = 100
    template_name = "users/security_panel.html"

    def get_form(self) -> forms.Form:
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        return {"user": self.user, "has_factor": accounts.has_second_factor(self.user)}
