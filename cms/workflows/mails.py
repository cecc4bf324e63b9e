"""Mail about content: as text and as HTML, in the language of whoever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable


def send(
    to: str, language: str, template: str, context: Callable[[], dict[str, Any]], headers: dict[str, str] | None = None
) -> None:
    """Send `emails/<template>.txt` and `.html`.

    `context` is called while the language of the reader is active; it gives `subject`, and what the templates show.
    """
    with translation.override(language):
        values = {
            "site_name": translation.gettext(settings.WAGTAIL_SITE_NAME),
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            **context(),
        }
        text = render_to_string(f"emails/{template}.txt", values).strip()
        subject = " ".join(str(values["subject"]).split())
        mail = EmailMultiAlternatives(subject, f"{text}\n", to=[to], headers=headers)
        mail.attach_alternative(render_to_string(f"emails/{template}.html", values), "text/html")
        mail.send()


def address(name: str, *args: Any) -> str:
    """The absolute address of a view, in the active language."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


def mail_clearance_link(state: Any, page: Any, secret: str) -> None:
    def context() -> dict[str, Any]:
        return {
            "subject": _("Please clear: %(title)s") % {"title": page.title},
            "title": page.title,
            "content_language": page.locale.language_code,
            "name": state.name,
            "asked_by": state.asked_by.get_full_name() or state.asked_by.email,
            "asked_by_address": state.asked_by.email,
            "link": address("clearance", state.pk, secret),
            "until": state.expires_at,
        }

    send(state.email, state.language, "clearance", context)
