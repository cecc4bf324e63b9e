"""Mail to people without an account who have a part in what is published."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cms.users.mails import address, write


def mail_clearance_link(state: Any, page: Any, secret: str) -> None:
    def context() -> dict[str, Any]:
        return {
            "subject": _("Please clear: %(title)s") % {"title": page.title},
            "title": page.title,
            "content_language": page.locale.language_code,
            "name": state.name,
            "asked_by": state.asked_by.display_name,
            "asked_by_address": state.asked_by.email,
            "link": address("clearance", state.pk, secret),
            "until": state.expires_at,
        }

    write(state.email, state.language, "clearance", context)
