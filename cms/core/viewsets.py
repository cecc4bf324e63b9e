"""Admin lists that all apps share: vocabularies found by name, records that nobody edits, pages of one type."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.defaultfilters import yesno
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, LocaleColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Locale
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet

from cms.core.choosers import NameChooserViewSet
from cms.core.templatetags.display_tags import day
from cms.languages import reader_language

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

logger = logging.getLogger(__name__)
PER_PAGE = 50
CLASH = _(
    "Somebody else has just added the same, for example a name in the same language. "
    "Open this entry in another window to see it, and take yours out here."
)


class DayColumn(Column):
    """A date that says the day: a period or the start of a measure is no “2 years ago”, and 2/3 no day at all."""

    def get_value(self, instance: Any) -> str:
        return day(super().get_value(instance))


class YesNoColumn(Column):
    """A word for a yes or no: the mark of Wagtail's column has Python's `False` for its text alternative."""

    def get_value(self, instance: Any) -> str:
        return str(capfirst(str(yesno(bool(super().get_value(instance))))))


class SteadyOrder:
    """Rows in the same order on every database: without a value last, and the newest first where values are equal."""

    def order_queryset(self, queryset: Any) -> Any:
        ordered = super().order_queryset(queryset)  # type: ignore[misc]  # a mixin of index views
        terms = ordered.query.order_by
        return ordered.order_by(*(nulls_last(ordered.model, term) for term in terms), "-pk") if terms else ordered


def nulls_last(model: Any, term: Any) -> Any:
    """The term of an ordering, changed only for a column that may be empty: otherwise an index would lie idle."""
    name = str(term).removeprefix("-")
    if not any(field.name == name and field.null for field in model._meta.fields):
        return term
    return F(name).desc(nulls_last=True) if term.startswith("-") else F(name).asc(nulls_last=True)


class NamedIndexView(SteadyOrder, IndexView):
    """A list that is searched with `matching` of its rows: by a name in any language."""

    is_searchable = True

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.matching(self.search_query) if self.is_searching else queryset


class LabelledIndexView(NamedIndexView):
    """Vocabulary rows, which can be put in the order of their names."""

    @cached_property
    def columns(self) -> list[BaseColumn]:
        checkbox, name, *facts = super().columns
        name.label = pgettext_lazy("thing", "Name")
        name.sort_key = "label_order"
        return [checkbox, name, *facts]


class ClashError(Exception):
    """Something could not be saved beside what is there."""


class TellsClashes:
    """What somebody else has saved meanwhile may exclude this: a form cannot know, the database does.

    It is said above the form, which keeps what was typed.
    """

    def save_instance(self) -> Any:
        try:
            with transaction.atomic():
                return super().save_instance()  # type: ignore[misc]  # a mixin of views with forms
        except IntegrityError as error:
            logger.warning("Not saved beside what is there: %s", error)
            raise ClashError from error

    def form_valid(self, form: Any) -> Any:
        view: Any = self
        try:
            return super().form_valid(form)  # type: ignore[misc]  # as above
        except ClashError:
            form.add_error(None, CLASH)
            view.produced_error_code, view.produced_error_message = "validation_error", view.get_error_message()
            return view.form_invalid(form)


class LabelledCreateView(TellsClashes, CreateView):
    pass


class LabelledEditView(TellsClashes, EditView):
    pass


class LabelledViewSet(SnippetViewSet):
    """A vocabulary: a row per concept, found by name. Subclasses add columns, filters and what to export."""

    index_view_class = LabelledIndexView
    add_view_class = LabelledCreateView
    edit_view_class = LabelledEditView
    chooser_viewset_class = NameChooserViewSet
    copy_view_enabled = False
    list_per_page = PER_PAGE
    chooser_per_page = 20
    ordering: str | tuple[str, ...] = "label_order"
    export_headings = {"label": pgettext_lazy("thing", "Name")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model.objects.by_label()


class ContentTitleColumn(PageTitleColumn):
    cell_template_name = "wagtailadmin/pages/content_title_cell.html"


class ContentIndexView(SteadyOrder, PageIndexView):
    """Pages of one type with what stands in their columns, in a fixed number of queries."""

    row_relations: tuple[str, ...] = ()
    show_locale_labels = False  # the language has its own column

    def annotate_queryset(self, pages: Any) -> Any:
        return super().annotate_queryset(pages).prefetch_related(*self.row_relations)

    def search_queryset(self, queryset: Any) -> Any:
        """Search engines know few of the columns, so an order that was asked for is left to the database."""
        if not (self.is_searching and self.is_explicitly_ordered):
            return super().search_queryset(queryset)
        found = self.model.objects.order_by().only("pk").autocomplete(self.search_query)
        return queryset.filter(pk__in=[page.pk for page in found])


class ContentParentView(ChooseParentView):
    """A new page is written in the language in which the editor uses the admin, where content exists in it."""

    def get_locale(self) -> Locale:
        own = Locale.objects.filter(language_code=reader_language()).first()
        return super().get_locale() if "locale" in self.request.GET or own is None else own


class ContentListing(PageListingViewSet):
    """All pages of one type in one list. Subclasses name the columns between the country and the review state."""

    index_view_class = ContentIndexView
    choose_parent_view_class = ContentParentView
    list_per_page = PER_PAGE
    facts: list[BaseColumn] = []
    row_relations: tuple[str, ...] = ("country__labels",)
    list_export = ["title", "country.label", "locale.language_code", "get_review_state_display", "status_string", "url"]
    export_headings = {
        "country.label": _("Country"),
        "locale.language_code": _("Language"),
        "get_review_state_display": _("Review state"),
        "status_string": _("Publication"),
        "url": _("Address"),
    }

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(columns=self.all_columns, row_relations=self.row_relations, **kwargs)

    @cached_property
    def menu_label(self) -> Any:
        return capfirst(self.model._meta.verbose_name_plural)

    @property
    def all_columns(self) -> list[BaseColumn]:
        return [
            BulkActionsColumn("bulk_actions"),
            ContentTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
            Column("country", label=_("Country"), accessor="country.label", width="12%"),
            LocaleColumn(label=_("Language"), classname=None, width="8%"),
            *self.facts,
            Column(
                "review_state", label=_("Review state"), accessor="get_review_state_display", sort_key="review_state"
            ),
            DateColumn("latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"),
            PageStatusColumn("status", label=_("Publication"), sort_key="live"),
        ]
