"""What is in use is not deleted: Wagtail knows what pages refer to, and the database what other records do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import router
from django.db.models import ManyToManyRel, ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.permissions import policy_registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


def refuse_rows_in_use(request: HttpRequest, rows: Iterable[Any]) -> HttpResponseRedirect | None:
    """Stops a deletion, of one row or of many at once, with a sentence that names what is in use."""
    if request.method != "POST":
        return None
    allowed = [row for row in rows if policy_registry.get(row).user_has_permission(request.user, "delete")]
    used = [row for row in allowed if is_in_use(row)]
    for row in used:
        messages.error(
            request, _("“%(name)s” cannot be deleted: figures or other records refer to it.") % {"name": row}
        )
    return HttpResponseRedirect(request.get_full_path()) if used else None


def is_in_use(row: Any) -> bool:
    """Whether a record refers to a row by a key that protects it, or names it in a selection."""
    for relation in row._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToManyRel) and relation.through:
            links = relation.through._base_manager.filter(**{relation.field.m2m_reverse_field_name(): row.pk})
            if links.exists():
                return True
    try:
        Collector(using=router.db_for_write(type(row)), origin=row).collect([row])
    except ProtectedError:
        return True
    return False
