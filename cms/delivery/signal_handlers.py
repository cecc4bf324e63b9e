"""What was changed is marked: whatever is public, and whatever something public shows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_delete, post_save, pre_delete
from modelcluster.fields import ParentalKey
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from cms.core.labels import Labelled
from cms.delivery.choices import Scope
from cms.delivery.dependants import around, showing
from cms.delivery.marks import mark, page_keys
from cms.delivery.models import Ledger, Mark
from cms.delivery.registries import kinds, shown
from cms.translation.models import TranslationState

if TYPE_CHECKING:
    from collections.abc import Callable


def connect() -> None:
    post_save.connect(mark_saved, dispatch_uid="ledger")
    pre_delete.connect(mark_showing, dispatch_uid="ledger")
    post_delete.connect(mark_saved, dispatch_uid="ledger")
    post_page_move.connect(mark_moved, dispatch_uid="ledger")


def mark_everything(**_of_signal: Any) -> None:
    """After an upgrade, which may represent things otherwise. What is as it was keeps its version."""
    if Ledger.objects.exists() and not Mark.objects.filter(scope=Scope.ALL).exists():
        note_all(None)


def mark_saved(sender: Any, instance: Any, **kwargs: Any) -> None:
    note = note_for(sender)
    if note is None:
        return
    if note is note_shown and kwargs.get("created") and sender not in {kind.model for kind in kinds().values()}:
        return  # nothing shows what was not there before
    note(instance)


def mark_moved(instance: Any, **kwargs: Any) -> None:
    mark(Scope.TREE, *page_keys([instance.pk]))


def mark_showing(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Who showed what is deleted now is not known afterwards any more."""
    if issubclass(sender, Page):
        mark(Scope.OBJECT, *page_keys(around([instance.pk], [instance.translation_key])))
    elif is_shown(sender):
        mark(Scope.OBJECT, *page_keys(showing(sender, [instance.pk])))


def is_shown(model: Any) -> bool:
    return issubclass(model, Labelled) or model in (get_image_model(), get_document_model())


def note_page(page: Any) -> None:
    mark(Scope.SAVED, *page_keys([page.pk]))


def note_shown(row: Any) -> None:
    mark(Scope.SHOWN, f"{row._meta.label_lower}:{row.pk}")


def note_tree(restriction: Any) -> None:
    mark(Scope.TREE, *page_keys([restriction.page_id]))


def note_state(state: Any) -> None:
    mark(Scope.OBJECT, *page_keys([state.page_id]))


def note_all(_row: Any) -> None:
    mark(Scope.ALL, "")


def note_pages_of(row: Any) -> None:
    mark(Scope.OBJECT, *page_keys(shown()[type(row)](row)))


RULES: list[tuple[Any, Callable[[Any], None]]] = [
    (Page, note_page),
    (PageViewRestriction, note_tree),
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
