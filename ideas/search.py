"""What the list of published ideas can be narrowed by."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ideas.choices import PUBLISHED_STATES, Stage
from search.facets import ChoiceFacet, CountryFacet, ThemeFacet, YearFacet

FACETS = [
    CountryFacet("country", _("Country")),
    ThemeFacet("theme", _("Theme")),
    ChoiceFacet("state", pgettext_lazy("idea", "What became of it"), "idea__state", choices=PUBLISHED_STATES),
    ChoiceFacet("stage", _("Stage"), "stage", choices=Stage.choices),
    YearFacet("year", _("Year"), "sent_on__year"),
]
