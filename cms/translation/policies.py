"""Who may have what translated into which language, and who learns what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cms.languages import content_languages

if TYPE_CHECKING:
    from cms.translation.models import TranslationRequest
    from cms.users.models import User


def languages_to_request(user: User, page: Any) -> list[tuple[str, Any]]:
    """Into what languages somebody may have an original translated.

    Whoever may change it, into all others; translators, what is public, into the own ones.
    """
    if not user.is_active or getattr(page, "is_translation", True):
        return []
    others = [(code, name) for code, name in content_languages() if code != page.locale.language_code]
    if page.permissions_for_user(user).can_edit():
        return others
    return [(code, name) for code, name in others if page.live and code in user.scopes.languages]


def visible_requests(user: User) -> Q:
    """The requests of which somebody learns: the own ones, those given to oneself and those into the own languages."""
    if user.is_superuser or user.has_perm("wagtailcore.change_workflow"):
        return Q()
    own = Q(requested_by=user) | Q(assignee=user)
    return own | Q(items__locale__language_code__in=user.scopes.languages)


def may_see_request(user: User, request: TranslationRequest) -> bool:
    return type(request).objects.filter(visible_requests(user), pk=request.pk).exists()
