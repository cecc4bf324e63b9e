from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published
from wagtail_localize.models import String, StringTranslation

from cms.translation import staleness
from cms.translation.editor import memory
from cms.translation.querysets import is_unconfirmed


def connect() -> None:
    post_save.connect(note_new_page, dispatch_uid="note a new translation")
    page_published.connect(note_published, dispatch_uid="note what publishing changes for translations")
    post_save.connect(settle_segment, sender=StringTranslation, dispatch_uid="settle a changed segment")
    post_save.connect(remember_sentence, sender=String, dispatch_uid="remember a sentence")
    post_delete.connect(unsettle_segment, sender=StringTranslation, dispatch_uid="unsettle a changed segment")


def note_new_page(instance: Any, *, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw and isinstance(instance, Page) and getattr(instance, "is_translation", False):
        staleness.note_translation(instance)


def note_published(instance: Any, revision: Any = None, **kwargs: Any) -> None:
    if instance.alias_of_id is None and hasattr(instance, "is_translation"):
        if instance.is_translation:
            staleness.translation_published(instance, revision)
        else:
            staleness.source_published(instance)


def settle_segment(instance: StringTranslation, *, raw: bool = False, **kwargs: Any) -> None:
    if not raw and instance.context_id and not instance.has_error and not is_unconfirmed(instance):
        staleness.settle(instance)


def unsettle_segment(instance: StringTranslation, **kwargs: Any) -> None:
    if instance.context_id:
        staleness.unsettle(instance)


def remember_sentence(instance: String, *, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        memory.remember([instance])
