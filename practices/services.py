from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.background.backends import background_task
from cms.core.addresses import page_url
from practices.models import PracticePage


def contactable_practice(pk: int) -> PracticePage | None:
    """A practice that anybody may read and whose contact receives messages; None where it is no such practice."""
    practices = PracticePage.objects.published().filter(has_contact_form=True).exclude(contact_email="")
    return practices.filter(pk=pk).select_related("locale").first()


@background_task(gettext_lazy("Pass on a message to the contact of a practice"))
def send_contact_message(practice_id: int, name: str, email: str, message: str) -> None:
    """Mail a reader's message to the contact of a practice, in the language that the contact wrote it in.

    Nothing is sent where the practice has lost its form or is no longer public by the time a worker comes to it.
    """
    practice = contactable_practice(practice_id)
    if practice is None:
        return
    versions = PracticePage.objects.filter(translation_key=practice.translation_key)
    source = versions.filter(locale__language_code=practice.source_language).first() or practice
    with translation.override(practice.source_language):
        title = " ".join(source.title.split())
        context = {"title": title, "url": page_url(practice), "name": name, "email": email, "message": message}
        EmailMessage(
            subject=_("Message about “%(title)s”") % {"title": title},
            body=render_to_string("emails/practice_contact.txt", context),
            to=[practice.contact_email],
            reply_to=[email],
        ).send()
