"""What the list of country reports can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from cms.core.choices import ReviewState
from search.facets import ChoiceFacet, CountryFacet, ThemeFacet, YearFacet

FACETS = [
    CountryFacet("country", _("Country")),
    ThemeFacet("theme", _("Theme")),
    ChoiceFacet("review", _("Review state"), "review_state", choices=ReviewState.choices),
    YearFacet("year", _("End of the reporting period"), "period_end__year"),
]
