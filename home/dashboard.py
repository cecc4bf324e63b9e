"""What staff find first after signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from home.viewsets import ContentGroup

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.admin.viewsets.pages import PageListingViewSet


class ContentPanel(Component):
    """The list of each type of page, and a short way to add one."""

    template_name = "wagtailadmin/home/content_panel.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request: HttpRequest = parent_context["request"]
        can_add = policy_registry.get_by_type(Page).user_has_permission(request.user, "add")
        return {"entries": [entry(listing) for listing in ContentGroup.listings], "can_add": can_add}


def entry(listing: type[PageListingViewSet]) -> dict[str, Any]:
    return {
        "label": listing().menu_label,
        "icon": listing.icon,
        "list_url": reverse(f"{listing.name}:index"),
        "add_url": reverse(f"{listing.name}:choose_parent") if listing.model.is_creatable else "",
    }
