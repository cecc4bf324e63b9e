"""What the catalogue of practices can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from cms.core.choices import ReviewState
from practices.choices import PracticeStatus
from search.facets import ChoiceFacet, ConceptFacet, CountryFacet, ThemeFacet, YearFacet
from taxonomy.choices import Scheme

FACETS = [
    CountryFacet("country", _("Country")),
    ThemeFacet("theme", _("Theme")),
    ConceptFacet("type", _("Type of innovation"), "innovation_types__code", scheme=Scheme.INNOVATION_TYPE),
    ConceptFacet("level", _("Level of government"), "levels__code", scheme=Scheme.LEVEL),
    ChoiceFacet("status", _("Status"), "status", choices=PracticeStatus.choices),
    ChoiceFacet("review", _("Review state"), "review_state", choices=ReviewState.choices),
    YearFacet("year", _("Start year"), "start_year"),
]
