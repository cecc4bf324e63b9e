"""What was changed is marked: whatever is public, and whatever something public shows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from modelcluster.fields import ParentalKey
from wagtail.contrib.redirects.signal_handlers import (
    autocreate_redirects_on_page_move,
    autocreate_redirects_on_slug_change,
)
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_slug_changed, post_page_move

from cms.core import memory
from cms.core.labels import Labelled
from cms.core.signal_handlers import is_for_editors
from cms.delivery.choices import Scope
from cms.delivery.dependants import COLLECTIONS, around, below, showing, showing_rows
from cms.delivery.marks import keys_of, mark, page_keys
from cms.delivery.models import Ledger, Mark
from cms.delivery.registries import kinds, shown
from cms.translation.models import TranslationState

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWN = "drawn pictures"


def connect() -> None:
    pre_save.connect(mark_before, dispatch_uid="ledger")
    post_save.connect(mark_saved, dispatch_uid="ledger")
    pre_delete.connect(mark_showing, dispatch_uid="ledger")
    post_delete.connect(mark_saved, dispatch_uid="ledger")
    m2m_changed.connect(mark_tagged, dispatch_uid="ledger")
    post_delete.connect(forget_drawn, sender=get_image_model().get_rendition_model(), dispatch_uid="kept pages")
    # Their app connects these later, when it is too late to see what they write; nothing is connected twice.
    post_page_move.connect(autocreate_redirects_on_page_move)
    post_page_move.connect(mark_moved, dispatch_uid="ledger")
    page_slug_changed.connect(autocreate_redirects_on_slug_change)
    page_slug_changed.connect(mark_leading, dispatch_uid="ledger")


def mark_everything(**_of_signal: Any) -> None:
    """After an upgrade, which may represent things otherwise. What is as it was keeps its version."""
    if Ledger.objects.exists() and not Mark.objects.filter(scope=Scope.ALL).exists():
        note_all(None)


def mark_before(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Who has shown a row until now may not show it any more."""
    if sender in shown() and instance.pk is not None:
        for row in sender._base_manager.filter(pk=instance.pk):
            note_pages_of(row)


def mark_saved(sender: Any, instance: Any, **kwargs: Any) -> None:
    note = note_for(sender)
    if note and not is_for_editors(kwargs):
        note(instance)


def mark_tagged(instance: Any, action: str, **kwargs: Any) -> None:
    """Tags are written after the picture or file that has them."""
    if action.startswith("post") and is_shown(type(instance)):
        note_shown(instance)


def forget_drawn(**kwargs: Any) -> None:
    """A page that is kept would lead to the file of a picture that is gone; a fresh one has it drawn anew."""
    memory.changed(DRAWN)


def mark_moved(instance: Any, **kwargs: Any) -> None:
    mark(Scope.TREE, *page_keys([instance.pk]))
    mark_leading(instance)


def mark_leading(instance: Any, **kwargs: Any) -> None:
    """Redirects to a page and to those below it: Wagtail has just written them, past the signals."""
    ids = below(Page.objects.filter(pk=instance.pk))
    mark(Scope.OBJECT, *keys_of(showing_rows(Page, ids)))


def mark_showing(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Who showed what is deleted now is not known afterwards any more."""
    if issubclass(sender, Page):
        mark(Scope.OBJECT, *keys_of(around([instance.pk], [instance.translation_key])))
    elif is_shown(sender):
        mark(Scope.OBJECT, *keys_of(showing(sender, [instance.pk])))


def is_shown(model: Any) -> bool:
    """Whether there are objects of a model, or something public may show its rows."""
    is_kind = model in {kind.model for kind in kinds().values()} and not issubclass(model, Page)
    return is_kind or issubclass(model, Labelled) or model in (get_image_model(), get_document_model())


def note_page(page: Any) -> None:
    mark(Scope.SAVED, *page_keys([page.pk]))


def note_shown(row: Any) -> None:
    mark(Scope.SHOWN, f"{row._meta.label_lower}:{row.pk}")


def note_tree(restriction: Any) -> None:
    mark(Scope.TREE, *page_keys([restriction.page_id]))


def note_collection(collection: Any) -> None:
    mark(Scope.TREE, f"{COLLECTIONS}:{collection.pk}")


def note_collection_of(restriction: Any) -> None:
    mark(Scope.TREE, f"{COLLECTIONS}:{restriction.collection_id}")


def note_state(state: Any) -> None:
    mark(Scope.OBJECT, *page_keys([state.page_id]))


def note_all(_row: Any) -> None:
    mark(Scope.ALL, "")


def note_pages_of(row: Any) -> None:
    mark(Scope.OBJECT, *page_keys(shown()[type(row)](row)))


RULES: list[tuple[Any, Callable[[Any], None]]] = [
    (Page, note_page),
    (PageViewRestriction, note_tree),
    (Collection, note_collection),
    (CollectionViewRestriction, note_collection_of),
    (TranslationState, note_state),
    ((Site, Locale), note_all),
]


@cache
def note_for(model: Any) -> Callable[[Any], None] | None:
    """How a change of a row of a model is noted; None where nothing public shows it."""
    if model in shown():
        return note_pages_of
    if is_shown(model):
        return note_shown
    found = next((note for models, note in RULES if issubclass(model, models)), None)
    return found or note_for_part(model)


def note_for_part(model: Any) -> Callable[[Any], None] | None:
    """A row that is part of another one is a change of that."""
    owners = [field for field in model._meta.concrete_fields if isinstance(field, ParentalKey)]
    if not owners:
        return None
    owner, key = owners[0].related_model, owners[0].attname
    if issubclass(owner, Page):
        return lambda row: mark(Scope.OBJECT, *page_keys([getattr(row, key)]))
    if is_shown(owner):
        return lambda row: mark(Scope.SHOWN, f"{owner._meta.label_lower}:{getattr(row, key)}")
    return note_pages_of_owner(owner, key) if owner in shown() else None


def note_pages_of_owner(owner: Any, key: str) -> Callable[[Any], None]:
    def note(row: Any) -> None:
        for one in owner._base_manager.filter(pk=getattr(row, key)):
            note_pages_of(one)

    return note
