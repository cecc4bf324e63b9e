"""What is kept in memory is loaded anew once something of it was changed."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models.signals import post_delete, post_save
from modelcluster.fields import ParentalKey
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from cms.core import memory
from cms.core.labels import Labelled
from cms.core.querysets import LOCALES, PAGES


def connect() -> None:
    post_save.connect(forget_changed, dispatch_uid="memory")
    post_delete.connect(forget_changed, dispatch_uid="memory")
    post_page_move.connect(forget_moved, dispatch_uid="memory")


def forget_changed(sender: Any, **kwargs: Any) -> None:
    if topic := topic_of(sender):
        memory.changed(topic)


def forget_moved(**kwargs: Any) -> None:
    memory.changed(PAGES)


@cache
def topic_of(model: Any) -> str:
    """The topic to which rows of a model belong; empty for models of which nothing is kept."""
    if issubclass(model, Labelled):
        return str(model._meta.label)
    if issubclass(model, Page | PageViewRestriction | Site):
        return PAGES
    if issubclass(model, Locale):
        return LOCALES
    owners = {field.related_model for field in model._meta.concrete_fields if isinstance(field, ParentalKey)}
    return next((str(owner._meta.label) for owner in owners if issubclass(owner, Labelled)), "")
