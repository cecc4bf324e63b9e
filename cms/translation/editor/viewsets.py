"""Where reviewers keep the glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from cms.languages import content_languages
from cms.translation.models import GlossaryTerm, GlossaryWording

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from wagtail.admin.ui.tables import BaseColumn


class GlossaryIndexView(IndexView):
    is_searchable = True

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The wordings, a column for each language; the first leads to the term."""
        checkbox, name, *_rest = super().columns
        name.label = _("Term")
        return [checkbox, name, *(Column(f"in_{code}", label=label) for code, label in content_languages())]

    def search_queryset(self, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        said = GlossaryWording.objects.filter(text__icontains=self.search_query)
        return queryset.filter(pk__in=said.values("term"))


class GlossaryViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "globe"
    menu_label = _("Glossary")
    menu_name = "glossary"
    menu_order = 1220
    menu_hook = "register_reports_menu_item"
    add_to_admin_menu = True
    index_view_class = GlossaryIndexView
    list_per_page = 50
    panels = [
        InlinePanel(
            "wordings",
            heading=_("Wordings"),
            label=_("wording"),
            min_num=1,
            panels=[FieldPanel("language"), FieldPanel("text"), FieldPanel("note")],
        ),
        FieldPanel("meaning"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        wordings = GlossaryWording.objects.filter(term=OuterRef("pk"))
        columns = {
            f"in_{code}": Subquery(wordings.filter(language=code).values("text")[:1])
            for code, _name in content_languages()
        }
        return GlossaryTerm.objects.annotate(**columns).prefetch_related("wordings").order_by("pk")
