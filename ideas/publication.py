"""The pages that an idea becomes: its publishable version, the practice that is made of it, and how both go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry
from wagtail_localize.models import (
    String,
    StringTranslation,
    TranslatableObject,
    TranslationContext,
    TranslationSource,
)

from cms.core.models import SUMMARY_LENGTH, PageTheme
from cms.core.querysets import best_versions, public_pages
from cms.core.registries import PracticeSeed, make_practice_draft
from cms.users.models import User
from ideas import tasks
from ideas.errors import RefusedError
from ideas.models import IdeaIndexPage, IdeaPage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from ideas.choices import Actor
    from ideas.models import Idea


def account(by: User | Actor) -> User | None:
    return by if isinstance(by, User) else None


def draft(idea: Idea, by: User | Actor) -> IdeaPage:
    """Make the publishable version: a draft with the words of the submitter, to be edited, reviewed and translated.

    It is in the language of the submitter, or in the default one where the site has no content in it. Its address is
    the number: nothing that somebody wrote outlives it in a redirect. Raises `RefusedError` on a site without a list.
    """
    lists = {page.locale.language_code: page for page in IdeaIndexPage.objects.select_related("locale")}
    parent = lists.get(idea.language) or lists.get(settings.LANGUAGE_CODE)
    if parent is None:
        raise RefusedError(_("The site has no list of ideas yet: an administrator adds one below the home page."))
    submitter = getattr(idea, "submitter", None)
    page = IdeaPage(
        idea=idea,
        number=idea.number,
        title=idea.title,
        slug=idea.number.lower(),
        summary=Truncator(" ".join(idea.proposal.split())).chars(SUMMARY_LENGTH),
        **{name: rich(getattr(idea, name)) for name in ("problem", "proposal", "effect", "beneficiaries")},
        stage=idea.stage,
        sent_on=timezone.localdate(idea.created_at),
        country=idea.country,
        credit=submitter.name if submitter and submitter.wants_credit else "",
        locale=parent.locale,
        owner=account(by),
        live=False,
    )
    page.page_themes = [PageTheme(theme=idea.theme)] if idea.theme else []
    parent.add_child(instance=page)
    page.save_revision(user=account(by), clean=False)
    return page


def rich(text: str) -> str:
    """Plain text of a stranger as rich text: paragraphs, and nothing that it could mean as HTML."""
    return str(linebreaks(text, autoescape=True)) if text else ""


def original_page(idea: Idea) -> IdeaPage | None:
    """The publishable version in the language in which it was made."""
    pages = idea.pages.select_related("locale").order_by("pk")
    return next((page for page in pages if not page.is_translation), None)


def public_version(idea: Idea, language: str = "") -> Any:
    """The page by which readers of a language get an idea; None while it is not public."""
    pages = public_pages().filter(pk__in=idea.pages.values("pk"))
    return next(iter(best_versions(pages, language).values()), None)


def convert(idea: Idea, by: User | Actor) -> None:
    """Make the draft of a practice, which leads back to the idea. Raises `RefusedError` where it has no place."""
    page = original_page(idea)
    seed = page and PracticeSeed(
        origin=page,
        title=page.title,
        summary=page.summary,
        problem=page.problem,
        approach=page.proposal,
        beneficiaries=page.beneficiaries,
        country=page.country,
        themes=tuple(page.themes),
    )
    practice = make_practice_draft(seed, account(by)) if seed else None
    if practice is None:
        raise RefusedError(_("There is no page of the idea, or no catalogue of practices in its language."))
    idea.practice = practice
    idea.save(update_fields=["practice"])


def take_down(idea: Idea) -> None:
    """Delete the pages of an idea in all languages, with the drafts of a practice that never became public.

    A practice that was published is a work of the administration, and stays.
    """
    keys = set(idea.pages.values_list("translation_key", flat=True))
    if practice := idea.practice:
        versions = Page.objects.filter(translation_key=practice.translation_key)
        if not versions.exclude(first_published_at=None).exists():
            keys.add(practice.translation_key)
            idea.practice = None  # what the database does as well
    if keys:
        delete_without_trace(keys, idea.number)
        tasks.clean_index.enqueue()


def delete_without_trace(keys: Iterable[UUID], label: str) -> None:
    """Delete all language versions of pages, and what is kept of their words elsewhere: translations and log entries.

    The log goes on saying who did what, under a label that says nothing of the words.
    """
    keys = list(keys)
    pages = list(Page.objects.filter(translation_key__in=keys).specific())
    for page in pages:
        page.delete()
    PageLogEntry.objects.filter(page__in=[page.pk for page in pages]).update(label=label, data={})
    StringTranslation.objects.filter(context__object__in=keys).delete()
    TranslationSource.objects.filter(object__in=keys).delete()
    TranslationContext.objects.filter(object__in=keys).delete()
    TranslatableObject.objects.filter(translation_key__in=keys).delete()
    # What no page holds any longer, earlier versions included, and nothing else is translated by.
    String.objects.filter(segments=None, translations=None).delete()
