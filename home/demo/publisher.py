"""Puts built pages into the tree: published, translated through wagtail-localize, in the state that is asked for."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from cms.core.models import PageRelation
from cms.delivery.choices import Scope
from cms.delivery.marks import mark, page_keys
from cms.translation.segments import texts_by_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from cms.core.models import BasePage
    from cms.users.models import User
    from home.demo.pages import Vocabulary
    from home.demo.reader import Item

    Build = Callable[[Item, str, Vocabulary], BasePage]

HOURS_TO_SCHEDULED = 48
LATER_SENTENCE = {
    "en": " Figures of this year were added.",
    "ru": " Добавлены данные этого года.",
    "kk": " Биылғы деректер қосылды.",
}


class Publisher:
    """Adds items below parents that exist in several languages."""

    def __init__(self, words: Vocabulary, user: User) -> None:
        self.words = words
        self.user = user
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}

    def add(self, item: Item, build: Build, parent: Page) -> Page | None:
        """Add the item in all its languages; None if it is there already.

        `parent` is the parent in any language. Where it has no version in the source language of the item, the item is
        left out.
        """
        source_language, *others = item.languages
        if Page.objects.filter(translation_key=item.uid()).exists():
            return None
        source_parent = self._parent_in(parent, source_language)
        if source_parent is None:
            return None
        page = build(item, source_language, self.words)
        page.translation_key = item.uid()
        page.locale = self.locales[source_language]
        page.live = False
        page.owner = self.user
        source_parent.add_child(instance=page)
        self._bring_to_state(page, item)
        for language in others:
            if page.live and self._parent_in(parent, language):
                self.translate(page, item, build, language)
        self.set_dates(item)
        if item.facts.get("state") == "outdated":
            self._make_outdated(page)
        return page

    def _parent_in(self, parent: Page, language: str) -> Page | None:
        return parent if parent.is_root() else parent.get_translation_or_none(self.locales[language])

    def _bring_to_state(self, page: BasePage, item: Item) -> None:
        state = item.facts.get("state", "live")
        if state == "scheduled":
            page.go_live_at = timezone.now() + datetime.timedelta(hours=HOURS_TO_SCHEDULED)
        if state in {"live", "outdated", "scheduled"}:
            page.save_revision(user=self.user).publish(user=self.user, skip_permission_checks=True)
            page.refresh_from_db()
        else:
            page.save_revision(user=self.user)
            workflow = page.get_workflow()
            if state == "in_review" and workflow:
                workflow.start(page, self.user)

    def translate(self, page: BasePage, item: Item, build: Build, language: str) -> None:
        """Translate by segments, as a translator would, and publish.

        Raises `ValueError` where the texts of the two languages have not the same parts.
        """
        locale = self.locales[language]
        source, _created = TranslationSource.update_or_create_from_instance(page.specific)
        translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
        texts = texts_by_place(build(item, language, self.words))
        segments = StringSegment.objects.filter(source=source).select_related("context", "string").order_by("order")
        for segment in segments:
            remaining = texts.get(segment.context.path, [])
            if not remaining:
                raise ValueError(f"{item.slug}: {language} has no text for {segment.context.path}")
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=locale,
                context=segment.context,
                defaults={"data": remaining.pop(0), "translation_type": "manual", "last_translated_by": self.user},
            )
        translation.save_target(user=self.user, publish=True)

    def set_dates(self, item: Item) -> None:
        """Let the pages look as old as the item says."""
        moment = timezone.now() - datetime.timedelta(days=item.days_ago)
        pages = Page.objects.filter(translation_key=item.uid(), live=True)
        pages.update(first_published_at=moment, last_published_at=moment, latest_revision_created_at=moment)
        mark(Scope.OBJECT, *page_keys(pages.values_list("pk", flat=True)))

    def _make_outdated(self, page: BasePage) -> None:
        """Change and publish the source, so that its translations are older than it."""
        page = page.specific
        page.refresh_from_db()
        page.summary += LATER_SENTENCE[page.source_language]
        page.save_revision(user=self.user).publish(user=self.user, skip_permission_checks=True)

    def relate(self, items: list[Item]) -> None:
        """Link related pages, once all of them exist."""
        for item in items:
            for page in Page.objects.filter(translation_key=item.uid()).specific():
                for place, slug in enumerate(item.facts.get("related", [])):
                    related = Page.objects.filter(slug=slug, locale=page.locale).first()
                    if related and not page.page_relations.filter(related=related).exists():
                        PageRelation.objects.create(page=page, related=related, sort_order=place)
