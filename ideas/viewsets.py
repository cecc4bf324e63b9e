"""The queue of ideas, and one of them, as moderators see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import date
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from cms.core.viewsets import PER_PAGE, ContentListing, SteadyOrder
from ideas import judging, moderation, scores, similarity
from ideas.choices import Action, IdeaState
from ideas.filters import IdeaFilterSet
from ideas.models import Idea, IdeaPage
from ideas.publication import public_version
from ideas.querysets import campaign_of, possible_steps
from ideas.services import is_erasable, reveal
from taxonomy.filters import TopicFilterSet

if TYPE_CHECKING:
    from django.http import HttpRequest


COMPARED = (IdeaState.TRIAGE, IdeaState.NEEDS_INFORMATION, IdeaState.REVIEW)


class DueColumn(Column):
    """Until when an idea should have left its state, and a mark where that day has passed."""

    cell_template_name = "ideas/due_cell.html"


class IdeaIndexView(SteadyOrder, IndexView):
    default_ordering = "due_at"
    any_permission_required = ["view"]
    template_name = "ideas/queue.html"

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        report = Button(_("Monthly reports"), url=reverse("ideas:monthly"), icon_name="table", priority=10)
        return [*super().header_more_buttons, report]

    @cached_property
    def columns(self) -> list[Any]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="idea"),
            TitleColumn(
                "title",
                label=gettext_lazy("Idea"),
                accessor=lambda idea: idea.title or _("(erased)"),
                url_name=self.inspect_url_name,
                get_title_id=lambda idea: f"idea_{idea.pk}_title",
            ),
            Column("number", label=pgettext_lazy("idea", "Number"), classname="idea-number"),
            Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
            Column("language", label=gettext_lazy("Language"), accessor="get_language_display", sort_key="language"),
            Column("theme", label=gettext_lazy("Theme"), accessor=lambda idea: idea.theme.label if idea.theme else ""),
            DateColumn("created_at", label=gettext_lazy("Sent"), sort_key="created_at"),
            DueColumn("due_at", label=gettext_lazy("Due"), sort_key="due_at"),
        ]


class IdeaView(InspectView):
    """All of an idea but who sent it in, which is shown on request and noted."""

    any_permission_required = ["view"]
    template_name = "ideas/idea.html"
    submitter: Any = None

    def get_page_title(self) -> str:
        return _("Idea %(number)s") % {"number": self.object.number}

    def get_page_subtitle(self) -> str:
        return str(self.object.title or _("(erased)"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        idea, user = self.object, self.request.user
        steps, sees_scores = possible_steps(idea), judging.may_see_scores(idea, user)
        pages = list(idea.pages.select_related("locale").order_by("pk"))
        return super().get_context_data(**kwargs) | {
            "idea": idea,
            "steps": steps,
            "events": judging.history(idea, user, with_comments=sees_scores),
            "due": date(idea.due_at, "SHORT_DATE_FORMAT"),
            "has_submitter": hasattr(idea, "submitter"),
            "submitter": self.submitter,
            "alike": similarity.like(idea) if idea.state in COMPARED and not idea.erased_at else [],
            "may_merge": Action.MARK_DUPLICATE in steps,
            "other": similarity.root(idea),
            "call": campaign_of(idea.campaign) if idea.campaign else None,
            "judging": scores.summary(idea),
            "may_judge": idea.state == IdeaState.REVIEW,
            "sees_scores": sees_scores,
            "pages": [page for page in pages if page.permissions_for_user(user).can_edit()],
            "has_pages": bool(pages),
            "public_version": public_version(idea),
            "practice": idea.practice,
            "may_erase": is_erasable(idea),
        }


class RevealView(IdeaView):
    """The same page with the name and the address. It is sent, so that nobody opens it by a link."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user: Any = request.user
        self.submitter = reveal(self.object.pk, user)
        return self.render_to_response(self.get_context_data())


class IdeaViewSet(ModelViewSet):
    model = Idea
    name = "ideas"
    icon = "lightbulb"
    menu_order = 115
    add_to_admin_menu = True
    add_to_reference_index = False
    form_fields: list[str] = []
    list_per_page = PER_PAGE
    search_fields = ["number", "title"]
    index_view_class = IdeaIndexView
    filterset_class = IdeaFilterSet
    inspect_view_class = IdeaView
    inspect_view_enabled = True
    template_prefix = "ideas/admin/"

    def get_urlpatterns(self) -> list[Any]:
        """No form shows the fields of an idea: it is changed by its steps."""
        pk = f"<{self.pk_path_converter}:pk>"
        revealed = self.construct_view(RevealView, **self.get_inspect_view_kwargs())
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path(f"{pk}/", self.inspect_view, name="inspect"),
            path(f"{pk}/who/", revealed, name="reveal"),
            path(f"{pk}/judge/", moderation.JudgeView.as_view(), name="judge"),
            path(f"{pk}/erase/", moderation.EraseView.as_view(), name="erase"),
            path(f"{pk}/step/<slug:action>/", moderation.StepView.as_view(), name="step"),
            path(f"{pk}/data/", moderation.personal_data, name="personal_data"),
            path("monthly/", moderation.MonthlyView.as_view(), name="monthly"),
            path(f"files/{pk}/", moderation.attachment, name="attachment"),
        ]


class PublishedIdeaListing(ContentListing):
    model = IdeaPage
    name = "published-ideas"
    icon = "lightbulb"
    menu_order = 60
    facts = [Column("number", label=pgettext_lazy("idea", "Number"), classname="idea-number")]
    filterset_class = TopicFilterSet
    list_export = [*ContentListing.list_export, "number", "sent_on"]
