"""Mail as text and as HTML, in the language of its reader: for staff, that in which they use the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from wagtail.users.models import UserProfile

if TYPE_CHECKING:
    from collections.abc import Callable

    from cms.users.models import User


def language_of(user: User) -> str:
    """The interface language of somebody; that of the sender where none was chosen."""
    profile = UserProfile.objects.filter(user=user).first()
    return (profile.preferred_language if profile else "") or translation.get_language() or settings.LANGUAGE_CODE


def send(
    user: User,
    template: str,
    context: Callable[[], dict[str, Any]],
    *,
    to: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    """Write to somebody in the own language, as `write` does; the name of the site stands in the subject as well."""

    def named() -> dict[str, Any]:
        values = context()
        subject = f"{values['subject']} – {translation.gettext(settings.WAGTAIL_SITE_NAME)}"
        return {"name": user.display_name, **values, "mail_subject": subject}

    write(to or user.email, language_of(user), template, named, headers)


def write(
    to: str, language: str, template: str, context: Callable[[], dict[str, Any]], headers: dict[str, str] | None = None
) -> None:
    """Send `emails/<template>.txt` and `.html` to an address.

    `context` is called while the language of the reader is active; it gives `subject`, and what the templates show.
    """
    with translation.override(language):
        values = {
            "site_name": translation.gettext(settings.WAGTAIL_SITE_NAME),
            "language": translation.get_language(),
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            **context(),
        }
        subject = " ".join(str(values.get("mail_subject", values["subject"])).split())
        text = render_to_string(f"emails/{template}.txt", values).strip()
        mail = EmailMultiAlternatives(subject, f"{text}\n", to=[to], headers=headers)
        mail.attach_alternative(render_to_string(f"emails/{template}.html", values), "text/html")
        mail.send()


def address(name: str, *args: Any) -> str:
    """The absolute address of a view, in the active language."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"
