from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from cms.translation import lifecycle_screens
from cms.translation.dashboard import OutdatedPanel
from cms.translation.editor.views import translate
from cms.translation.editor.viewsets import GlossaryViewSet
from cms.translation.policies import languages_to_request
from cms.translation.urls import urlpatterns
from cms.translation.views import requests_item
from cms.translation.viewsets import matrix_item

if TYPE_CHECKING:
    from collections.abc import Iterator

register_snippet(GlossaryViewSet)
hooks.register("before_edit_page", translate, order=-1)  # before that of wagtail-localize
hooks.register("register_reports_menu_item", matrix_item)
hooks.register("register_reports_menu_item", requests_item)
lifecycle_screens.register()


@hooks.register("register_admin_urls", order=-1)  # before those of wagtail-localize
def urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("construct_reports_menu")
def without_other_report(request: Any, items: list[Any]) -> None:
    items[:] = [item for item in items if "localize" not in item.url]


@hooks.register("register_page_header_buttons")
def request_button(page: Any, user: Any, view_name: str = "", **kwargs: Any) -> Iterator[Button]:
    if view_name == "edit" and languages_to_request(user, page.specific):
        url = reverse("wagtail_localize:submit_page_translation", args=(page.pk,))
        yield Button(_("Request translation"), url, icon_name="globe", priority=60)


@hooks.register("construct_page_action_menu")
def without_aliases(items: list[Any], request: Any, context: Any) -> None:
    items[:] = [item for item in items if item.name != "localize-convert-to-alias"]


@hooks.register("construct_homepage_panels")
def add_to_dashboard(request: Any, panels: list[Any]) -> None:
    panels.append(OutdatedPanel())
