"""What marks of many accounts may not do that no page of a single account lets anybody do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from cms.users.choices import Role
from cms.users.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse


def keep_accounts_safe(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Only superusers act on superusers. Roles are given on the page of an account, where they have their country."""
    accounts = [one for one in objects if isinstance(one, User)]
    if any(one.is_superuser for one in accounts) and not getattr(request.user, "is_superuser", False):
        raise PermissionDenied
    chosen = action.cleaned_form.cleaned_data.get("role") if accounts and action_type == "assign_role" else None
    if chosen is None or chosen.name not in Role.values:
        return None
    messages.error(
        request, _("Roles are given on the page of an account, for a country or a language where they need one.")
    )
    return redirect(action.next_url)
