"""Calls for ideas on a theme, for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import PageManager
from wagtail.search import index

from cms.core.fields import synchronised
from cms.core.models import BasePage, tabs
from cms.core.querysets import ContentQuerySet
from cms.core.serialisers import RichTextField as RichTextSerialiser
from ideas.choices import CampaignState

if TYPE_CHECKING:
    from typing import Self

    from django.http import HttpRequest

SHOWN = 50
# What follows the address of the list and is no page below it: see `ideas.urls`.
RESERVED = ("send", "similar")


def refuse_reserved(slug: str) -> None:
    """Raises `ValidationError` for an address at which no page below the list would ever be seen."""
    if slug in RESERVED:
        raise ValidationError({"slug": _("This is the address of the form. Choose another one.")})


class CampaignQuerySet(ContentQuerySet):
    def not_over(self) -> Self:
        """Open and coming calls, the one that closes first at the top."""
        return self.filter(closes__gte=timezone.localdate()).order_by("closes", "pk")


CampaignManager = PageManager.from_queryset(CampaignQuerySet)


class CampaignPage(BasePage):
    """A call for ideas: its theme, its dates, its terms, and afterwards what came of it."""

    parent_page_types = ["ideas.IdeaIndexPage"]
    subpage_types: list[str] = []
    template = "ideas/campaign_page.html"

    opens = models.DateField(_("opens on"), null=True, help_text=_("The first day on which ideas are accepted."))
    closes = models.DateField(_("closes on"), null=True, help_text=_("The last day on which ideas are accepted."))
    terms = RichTextField(_("terms"), help_text=_("Who may take part, how ideas are chosen, what becomes of them."))
    results = RichTextField(_("results"), blank=True, help_text=_("What came of it, once the call is over."))

    objects = CampaignManager()

    content_panels: list[Panel] = [
        *BasePage.intro_panels,
        BasePage.cover_panel,
        FieldPanel("terms"),
        FieldPanel("results"),
        FieldPanel("body", heading=_("More to say")),
    ]
    facts_panels: list[Panel] = [
        MultiFieldPanel([FieldRowPanel([FieldPanel("opens"), FieldPanel("closes")])], heading=_("Dates")),
        *BasePage.facts_panels,
    ]
    edit_handler = tabs(content_panels, facts_panels)
    override_translatable_fields = [*BasePage.override_translatable_fields, *synchronised("opens", "closes")]

    search_fields = [*BasePage.search_fields, index.SearchField("terms"), index.SearchField("results")]

    api_fields = [
        *BasePage.api_fields,
        APIField("opens"),
        APIField("closes"),
        APIField("terms", serializer=RichTextSerialiser()),
        APIField("results", serializer=RichTextSerialiser()),
    ]

    class Meta:
        verbose_name = _("call for ideas")
        verbose_name_plural = _("calls for ideas")

    def clean(self) -> None:
        super().clean()
        refuse_reserved(self.slug)
        if self.opens and self.closes and self.closes < self.opens:
            raise ValidationError({"closes": _("The call cannot close before it opens.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ideas.models.pages import IdeaPage

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        ideas = IdeaPage.objects.for_readers(self.locale.language_code).filter(idea__campaign=self.translation_key)
        return context | {"ideas": ideas.newest().with_row_facts()[:SHOWN]}

    @property
    def state(self) -> CampaignState:
        """A draft whose dates are not known yet has its days before it."""
        today = timezone.localdate()
        if not self.opens or not self.closes or today < self.opens:
            return CampaignState.COMING
        return CampaignState.OPEN if today <= self.closes else CampaignState.OVER

    @property
    def is_open(self) -> bool:
        return self.state == CampaignState.OPEN
