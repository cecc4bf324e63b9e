"""What ideas add to the search, the feeds, the countries' profiles, and to the rights over pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cms.api.registries import register_page_loader
from cms.core.registries import CountrySection, register_country_section
from cms.core.structured_data import describe
from cms.delivery.registries import register_showing, register_shown
from cms.users.choices import Role
from cms.workflows.registries import register_role_owned
from ideas.models import CampaignPage, Idea, IdeaIndexPage, IdeaPage
from ideas.models.pages import load_practices
from ideas.search import FACETS
from ideas.structured_data import describe_idea
from search.registries import ContentKind, register_content_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taxonomy.models import Country

ROWS = 6


def ideas_of(country: Country) -> Any:
    """The newest published ideas about a country."""
    return IdeaPage.objects.for_readers().of_country(country).newest().for_rows()[:ROWS]


def showing(idea: Idea) -> Any:
    """The ids of its pages in all languages, which show the practice that it has become."""
    return idea.pages.values_list("pk", flat=True)


def showing_practices(ids: Iterable[int]) -> Any:
    """The ids of the pages of ideas that have become one of these practices."""
    return IdeaPage.objects.filter(idea__practice__in=ids).values_list("pk", flat=True)


def register() -> None:
    """Make published ideas known to the lower layers."""
    describe.register(IdeaPage, describe_idea)
    register_role_owned(IdeaPage, Role.IDEA_MODERATOR)
    register_role_owned(CampaignPage, Role.IDEA_MODERATOR, IdeaIndexPage)
    register_page_loader(IdeaPage, "practice", load_practices)
    register_shown(Idea, showing)
    register_showing(showing_practices)
    register_content_kind(ContentKind("ideas", 60, _("Ideas"), IdeaPage, index=IdeaIndexPage, facets=FACETS))
    register_country_section(CountrySection("ideas", 60, "ideas/country_section.html", ideas_of))
