from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from wagtail import hooks

from cms.core.bulk_actions import refuse_unfinished_pages
from cms.core.deletions import refuse_rows_in_use
from cms.core.rich_text import PageLinks
from cms.workflows.policies import choosable

hooks.register("before_bulk_action", refuse_unfinished_pages)
hooks.register("before_delete_snippet", refuse_rows_in_use)
hooks.register("construct_page_chooser_queryset", choosable)


@hooks.register("insert_global_admin_css")
def admin_stylesheet() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("core/admin/admin.css"))


@hooks.register("insert_editor_js")
def editor_scripts() -> str:
    names = ("autosave", "checklist")
    return format_html_join("", '<script src="{}"></script>', ([static(f"core/admin/{name}.js")] for name in names))


@hooks.register("register_rich_text_features", order=100)  # after Wagtail's own
def links_follow_the_reader(features: Any) -> None:
    features.register_link_type(PageLinks)


@hooks.register("register_icons")
def own_icons(icons: list[str]) -> list[str]:
    return [*icons, "wagtailadmin/icons/chart-line.svg", "wagtailadmin/icons/lightbulb.svg"]
