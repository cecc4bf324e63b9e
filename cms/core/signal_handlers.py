"""What is kept in memory is loaded anew once something of it was changed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_delete, post_save
from modelcluster.fields import ParentalKey
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from cms.core import memory
from cms.core.labels import Labelled
from cms.core.querysets import LOCALES, PAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_DRAFTS = {"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"}


def connect() -> None:
    post_save.connect(forget_changed, dispatch_uid="memory")
    post_delete.connect(forget_changed, dispatch_uid="memory")
    post_page_move.connect(forget_moved, dispatch_uid="memory")


def forget_changed(sender: Any, **kwargs: Any) -> None:
    topics = topics_of(sender)
    if topics and not is_for_editors(kwargs):
        memory.changed(*topics)


def is_for_editors(saved: Mapping[str, Any]) -> bool:
    """Whether a signal tells of nothing but facts about drafts: editors save them every few seconds."""
    fields = saved.get("update_fields") or ()
    return bool(fields) and OF_DRAFTS.issuperset(fields)


def forget_moved(**kwargs: Any) -> None:
    memory.changed(PAGES)


@cache
def topics_of(model: Any) -> tuple[str, ...]:
    """The topics that a change of a row concerns: what is kept of pages tells codes of vocabularies too."""
    if issubclass(model, Labelled):
        return str(model._meta.label), PAGES
    if issubclass(model, Page | PageViewRestriction | Site):
        return (PAGES,)
    if issubclass(model, Locale):
        return LOCALES, PAGES
    owners = {field.related_model for field in model._meta.concrete_fields if isinstance(field, ParentalKey)}
    return next((topics_of(owner) for owner in owners if issubclass(owner, Labelled)), ())
