"""Which page exists in which language, and how it stands there: a list of pages by languages."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.coreutils import get_content_type_label
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.languages import content_languages
from cms.translation.choices import Status
from cms.translation.models import TranslationState
from cms.translation.staleness import page_models

if TYPE_CHECKING:
    from collections.abc import Iterable

INDEX = "translation_matrix"
RIGHTS = frozenset({"add", "change", "publish"})
POLICY = policy_registry.get_by_type(Page)


def visible_languages(user: Any) -> list[tuple[str, Any]]:
    """The languages of whose translations somebody learns how they stand: who only translates, of the own ones."""
    own = user.scopes.languages
    only_translates = own and not user.scopes.countries and not POLICY.get_cached_permissions_for_user(user)
    return [(code, name) for code, name in content_languages() if not only_translates or code in own]


def types() -> list[int]:
    return [one.pk for one in ContentType.objects.get_for_models(*page_models()).values()]


def originals(user: Any) -> Any:
    """The pages that stand for themselves: originals that somebody may see, and translations that have lost theirs."""
    own = POLICY.instances_user_has_any_permission_for(user, RIGHTS)
    pages = Page.objects.filter(content_type__in=types(), alias_of=None)
    pages = pages.filter(Q(translation_state=None) | Q(translation_state__source=None))
    return pages if user.is_superuser else pages.filter(Q(live=True) | Q(pk__in=own.order_by().values("pk")))


def standing(language: str, status: str) -> Q:
    """The originals that stand like this in a language."""
    states = TranslationState.objects.filter(language=language)
    if status == Status.MISSING:
        return ~Q(locale__language_code=language) & ~Q(Exists(states.filter(source=OuterRef("pk"))))
    if status == Status.ORPHANED:
        return Q(Exists(states.filter(page=OuterRef("pk"), source=None)))
    return Q(Exists(states.with_status().filter(source=OuterRef("pk"), status=status)))


class TranslationFilterSet(WagtailFilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=content_languages, empty_label=_("All"), method="by_status"
    )
    status = django_filters.ChoiceFilter(
        label=_("State"), choices=Status.choices, empty_label=_("All"), method="by_status"
    )
    content_type = ContentTypeFilter(
        label=_("Type"), queryset=lambda _request: ContentType.objects.filter(pk__in=types())
    )

    class Meta:
        model = Page
        fields = ["title", "language", "status", "content_type"]

    def by_status(self, pages: Any, name: str, _value: str) -> Any:
        """The two belong together: in the language, or in any, the page stands like this."""
        status, language = self.data.get("status"), self.data.get("language")
        if name == "language" and status:
            return pages
        codes = [code for code, _name in visible_languages(self.request.user) if language in ("", None, code)]
        if not status:
            missing: Q = reduce(or_, (standing(code, Status.MISSING) for code in codes), Q(pk__in=[]))
            return pages.exclude(missing)
        return pages.filter(reduce(or_, (standing(code, status) for code in codes), Q(pk__in=[])))


class Cell:
    """How a page stands in a language; `edit_url` is empty where somebody may not change it."""

    def __init__(self, status: str, label: Any, count: int = 0, edit_url: str = "") -> None:
        self.status, self.label, self.count, self.edit_url = status, label, count, edit_url

    def __str__(self) -> str:
        return f"{self.label} ({self.count})" if self.count else str(self.label)


class LanguageColumn(Column):
    cell_template_name = "translation/matrix_cell.html"

    def get_value(self, instance: Any) -> Cell:
        cell: Cell = instance.cells[self.name]
        return cell


class TranslationReport(ReportView):
    model = Page
    page_title = _("Translations")
    header_icon = "globe"
    index_url_name = INDEX
    index_results_url_name = f"{INDEX}_results"
    permission_policy = POLICY
    any_permission_required = RIGHTS
    filterset_class = TranslationFilterSet
    default_ordering = "title"
    is_searchable = False

    @cached_property
    def languages(self) -> list[tuple[str, Any]]:
        return visible_languages(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title", label=_("Title"), accessor="get_admin_display_title", get_url=self.edit_url, sort_key="title"
            ),
            Column("type", label=_("Type"), accessor=lambda page: get_content_type_label(page.cached_content_type)),
            *(LanguageColumn(code, label=name) for code, name in self.languages),
        ]

    @cached_property
    def list_export(self) -> list[str]:
        return ["title", "type", "uid", *(code for code, _name in self.languages)]

    @cached_property
    def export_headings(self) -> dict[str, Any]:
        return {"title": _("Title"), "type": _("Type"), "uid": "uid", **dict(self.languages)}

    def get_base_queryset(self) -> Any:
        return originals(self.request.user).select_related("locale")

    def edit_url(self, page: Page) -> str | None:
        return reverse("wagtailadmin_pages:edit", args=(page.pk,)) if page.pk in self.editable else None

    def decorate_paginated_queryset(self, object_list: Any) -> list[Page]:
        """Each page with its cells, in a number of queries that does not depend on how many there are."""
        pages = list(object_list)
        ids = [page.pk for page in pages]
        found = TranslationState.objects.with_status().filter(Q(source__in=ids) | Q(page__in=ids, source=None))
        states = {(state.source_id or state.page_id, state.language): state for state in found}
        self.editable = self.which_may_be_changed([*ids, *(state.page_id for state in states.values())])
        for page in pages:
            page.cells = {code: self.cell(page, code, states.get((page.pk, code))) for code, _name in self.languages}
        return pages

    def which_may_be_changed(self, ids: Iterable[int]) -> set[int]:
        pages = POLICY.instances_user_has_any_permission_for(self.request.user, {"change", "publish"})
        return set(pages.filter(pk__in=ids).order_by().values_list("pk", flat=True))

    def cell(self, page: Page, code: str, state: Any) -> Cell:
        if state is not None:
            url = reverse("wagtailadmin_pages:edit", args=(state.page_id,)) if state.page_id in self.editable else ""
            count = state.outdated_segments if state.status == Status.OUTDATED else 0
            return Cell(state.status, Status(state.status).label, count, url)
        if page.locale.language_code == code:
            return Cell("original", _("Original") if page.live else _("Original, a draft"))
        return Cell(Status.MISSING, Status.MISSING.label)

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        type_label = get_content_type_label(item.cached_content_type)
        cells = {code: str(cell) for code, cell in item.cells.items()}
        return {"title": item.get_admin_display_title(), "type": type_label, "uid": str(item.translation_key)} | cells


class TranslationsMenuItem(MenuItem):
    """Shown to those who work on pages."""

    def is_shown(self, request: Any) -> bool:
        return bool(POLICY.user_has_any_permission(request.user, RIGHTS))


def matrix_item() -> TranslationsMenuItem:
    return TranslationsMenuItem(_("Translations"), reverse(INDEX), name="translations", icon_name="globe", order=1200)
