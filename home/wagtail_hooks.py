from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail import hooks

from home.dashboard import ContentPanel
from home.viewsets import ContentGroup

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.admin.ui.components import Component

hooks.register("register_admin_viewset", ContentGroup)


@hooks.register("construct_homepage_panels")
def add_content_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.insert(0, ContentPanel())
