from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.background.backends import background_task
from cms.core.addresses import page_url
from cms.core.models import PageRelation, PageTheme
from practices.models import PracticeIndexPage, PracticePage

if TYPE_CHECKING:
    from cms.core.registries import PracticeSeed


def draft_from(seed: PracticeSeed, user: Any) -> PracticePage | None:
    """A draft that starts from a page of another domain and leads back to it; None without a catalogue for it."""
    index = PracticeIndexPage.objects.filter(locale=seed.origin.locale_id).first()
    if index is None:
        return None
    page = PracticePage(
        title=seed.title,
        slug=seed.origin.slug,
        summary=seed.summary,
        problem=seed.problem,
        approach=seed.approach,
        beneficiaries=seed.beneficiaries,
        country=seed.country,
        locale=index.locale,
        owner=user,
        live=False,
    )
    page.page_themes = [PageTheme(theme=theme) for theme in seed.themes]
    page.page_relations = [PageRelation(related_id=seed.origin.pk)]
    index.add_child(instance=page)
    page.save_revision(user=user, clean=False)
    return page


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
