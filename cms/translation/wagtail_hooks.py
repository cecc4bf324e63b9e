from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from cms.translation import lifecycle_screens
from cms.translation.dashboard import OutdatedPanel
from cms.translation.policies import languages_to_request
from cms.translation.urls import urlpatterns
from cms.translation.views import REQUESTS, refuse_unfinished_translation
from cms.translation.viewsets import INDEX, TranslationsMenuItem

if TYPE_CHECKING:
    from collections.abc import Iterator

hooks.register("before_edit_page", refuse_unfinished_translation, order=-1)
lifecycle_screens.register()


@hooks.register("register_admin_urls", order=-1)  # before those of wagtail-localize
def urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_reports_menu_item")
def matrix_item() -> TranslationsMenuItem:
    return TranslationsMenuItem(_("Translations"), reverse(INDEX), name="translations", icon_name="globe", order=1200)


@hooks.register("register_reports_menu_item")
def requests_item() -> TranslationsMenuItem:
    return TranslationsMenuItem(_("Requests for translation"), reverse(REQUESTS), icon_name="globe", order=1210)


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
