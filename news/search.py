"""What the lists of news and of events can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from news.choices import EventKind, EventMode, EventStatus, NewsKind
from search.facets import ChoiceFacet, CountryFacet, ThemeFacet, YearFacet

NEWS_FACETS = [
    ChoiceFacet("kind", _("Kind"), "kind", choices=NewsKind.choices),
    CountryFacet("country", _("Country")),
    ThemeFacet("theme", _("Theme")),
    YearFacet("year", _("Year"), "date__year"),
]
EVENT_FACETS = [
    ChoiceFacet("status", _("State"), "status", choices=EventStatus.choices),
    ChoiceFacet("kind", _("Kind"), "kind", choices=EventKind.choices),
    ChoiceFacet("mode", _("Mode"), "mode", choices=EventMode.choices),
    CountryFacet("country", _("Country")),
    ThemeFacet("theme", _("Theme")),
    YearFacet("year", _("Year"), "start__year"),
]
