"""Ideas as readers get them: the publishable version, a page like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.core import memory
from cms.core.fields import synchronised
from cms.core.models import BasePage, required, tabs
from cms.core.querysets import best_versions, language_of, public_pages
from cms.core.serialisers import ChoiceField, link_json
from cms.core.serialisers import RichTextField as RichTextSerialiser
from ideas.choices import PUBLIC, Stage
from ideas.models.campaigns import CampaignPage, refuse_reserved
from ideas.models.submissions import Idea
from ideas.panels import OriginalPanel
from ideas.policies import IdeaPagePermissionTester
from ideas.search import FACETS
from search.listings import FacetedIndexMixin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from cms.core.shapes import PageLink

SECTIONS = ("problem", "proposal", "effect", "beneficiaries")
PRACTICE = "practice"


class IdeaIndexPage(FacetedIndexMixin, BasePage):
    """Ideas that were accepted, newest first."""

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["ideas.IdeaPage", "ideas.CampaignPage"]
    template = "ideas/idea_index_page.html"
    facets = FACETS

    edit_handler = tabs(BasePage.content_panels, BasePage.facts_panels)

    class Meta:
        verbose_name = _("list of ideas")

    def listed_pages(self) -> Any:
        return IdeaPage.objects.for_readers(self.locale.language_code)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Calls stand above the list as it is entered; once it is narrowed or turned, they do not."""
        context = super().get_context(request, *args, **kwargs)
        calls = CampaignPage.objects.for_readers(self.locale.language_code).not_over()
        context["calls"] = [] if request.GET else list(calls.select_related("locale"))
        return context


class IdeaPage(BasePage):
    """The edited version of an accepted idea. What was sent in stays as it is in `Idea`."""

    parent_page_types = ["ideas.IdeaIndexPage"]
    subpage_types: list[str] = []
    template = "ideas/idea_page.html"
    is_creatable = False  # comes from an idea that was accepted

    idea = models.ForeignKey(Idea, editable=False, on_delete=models.PROTECT, related_name="pages")
    number = models.CharField(_("number"), max_length=9, editable=False)
    problem = RichTextField(_("problem"), help_text=_("Who has it, and what it costs them."))
    proposal = RichTextField(_("proposal"), help_text=_("Who would do what differently."))
    effect = RichTextField(_("expected effect"), blank=True)
    beneficiaries = RichTextField(_("who benefits"), blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, blank=True)
    sent_on = models.DateField(_("sent in on"), null=True, editable=False)
    credit = models.CharField(
        _("name of the submitter"),
        max_length=120,
        blank=True,
        help_text=_("Shown to everybody. It is filled in where the submitter wishes to be named, and may be emptied."),
    )

    content_panels: list[Panel] = [
        OriginalPanel(),
        *BasePage.intro_panels,
        BasePage.cover_panel,
        MultiFieldPanel([FieldPanel("problem"), FieldPanel("proposal")], heading=_("The idea")),
        MultiFieldPanel([FieldPanel("effect"), FieldPanel("beneficiaries")], heading=_("What would come of it")),
        FieldPanel("body", heading=_("More to say")),
    ]
    facts_panels: list[Panel] = [
        MultiFieldPanel([FieldPanel("stage"), FieldPanel("credit")], heading=_("Origin")),
        *BasePage.facts_panels,
    ]
    edit_handler = tabs(content_panels, facts_panels)
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *synchronised("idea", "number", "stage", "sent_on", "credit"),
    ]

    search_fields = [
        *BasePage.search_fields,
        *(index.SearchField(name) for name in SECTIONS),
        index.SearchField("number"),
    ]

    api_fields = [
        *BasePage.api_fields,
        APIField("number"),
        APIField("sent_on"),
        APIField("stage", serializer=ChoiceField()),
        *(APIField(name, serializer=RichTextSerialiser()) for name in SECTIONS),
        APIField("credit"),
        APIField("practice"),
    ]

    class Meta:
        verbose_name = _("published idea")
        verbose_name_plural = _("published ideas")

    def clean(self) -> None:
        super().clean()
        refuse_reserved(self.slug)
        if self.idea_id and not Idea.objects.filter(pk=self.idea_id, state__in=PUBLIC).exists():
            raise ValidationError({"title": required(_("The idea is not accepted, and cannot be published."))})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"sections": self.sections, "practice": self.public_practice}

    def permissions_for_user(self, user: Any) -> IdeaPagePermissionTester:
        return IdeaPagePermissionTester(user, self)

    @property
    def sections(self) -> list[tuple[str, str, str]]:
        """(anchor, heading, rich text) of each section that has a text, in reading order."""
        return [
            (name, str(self._meta.get_field(name).verbose_name).capitalize(), getattr(self, name))
            for name in SECTIONS
            if getattr(self, name)
        ]

    @property
    def public_practice(self) -> Any:
        """The practice that the idea has become, as readers of this language get it; None while none is public."""
        known = memory.objects()
        return known[PRACTICE, self.pk] if (PRACTICE, self.pk) in known else practices_of([self])[self.pk]

    @property
    def practice(self) -> PageLink | None:
        practice = self.public_practice
        return link_json(practice) if practice else None


def practices_of(pages: Sequence[IdeaPage]) -> dict[int, Any]:
    """By page, the practice that its idea has become, as readers of the language of the page get it, or None."""
    ideas = Idea.objects.filter(pk__in={page.idea_id for page in pages}).exclude(practice=None)
    keys = dict(ideas.values_list("pk", "practice__translation_key"))
    versions = list(public_pages().filter(translation_key__in=keys.values()))
    languages = {page.pk: language_of(page) for page in pages}
    best = {language: best_versions(versions, language) for language in set(languages.values())}
    return {page.pk: best[languages[page.pk]].get(keys.get(page.idea_id)) for page in pages}


def load_practices(pages: Sequence[IdeaPage]) -> None:
    """Find what many ideas have become together, for the rest of the request."""
    memory.objects().update({(PRACTICE, pk): practice for pk, practice in practices_of(pages).items()})
