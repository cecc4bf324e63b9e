"""The published forms that can be imported, by code."""

from reports.importers.profiles.base import Profile
from reports.importers.profiles.cccsl import Measures
from reports.importers.profiles.jhu import JohnsHopkins
from reports.importers.profiles.owid import OurWorldInData
from reports.importers.profiles.oxcgrt import Oxford
from reports.importers.profiles.packages import Packages
from reports.importers.profiles.template import Template
from reports.importers.profiles.worldbank import WorldBank

PROFILES: dict[str, Profile] = {
    one.code: one
    for one in (WorldBank(), OurWorldInData(), Packages(), Oxford(), JohnsHopkins(), Template(), Measures())
}
