"""Fixed sets of values that every page type shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    SELF_REPORTED = "self-reported", _("Self-reported")
    REVIEWED = "reviewed", _("Reviewed")
    VERIFIED = "verified", _("Verified")


class Licence(models.TextChoices):
    """SPDX identifiers of the licences under which administrations usually share."""

    CC_BY = "CC-BY-4.0", _("Creative Commons Attribution 4.0")
    CC_BY_SA = "CC-BY-SA-4.0", _("Creative Commons Attribution-ShareAlike 4.0")
    CC_BY_NC = "CC-BY-NC-4.0", _("Creative Commons Attribution-NonCommercial 4.0")
    CC_BY_ND = "CC-BY-ND-4.0", _("Creative Commons Attribution-NoDerivatives 4.0")
    CC0 = "CC0-1.0", _("Creative Commons Zero 1.0 (public domain)")
    PDDL = "PDDL-1.0", _("Open Data Commons Public Domain Dedication 1.0")
    ODC_BY = "ODC-By-1.0", _("Open Data Commons Attribution 1.0")
    ODBL = "ODbL-1.0", _("Open Data Commons Open Database Licence 1.0")
    OGL = "OGL-UK-3.0", _("Open Government Licence 3.0 (United Kingdom)")
    ETALAB = "etalab-2.0", _("Open Licence 2.0 (Etalab)")
    MIT = "MIT", _("MIT Licence")
    ALL_RIGHTS_RESERVED = "LicenseRef-all-rights-reserved", _("All rights reserved")


LICENCE_URLS = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
    Licence.CC_BY_ND: "https://creativecommons.org/licenses/by-nd/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.PDDL: "https://opendatacommons.org/licenses/pddl/1-0/",
    Licence.ODC_BY: "https://opendatacommons.org/licenses/by/1-0/",
    Licence.ODBL: "https://opendatacommons.org/licenses/odbl/1-0/",
    Licence.OGL: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    Licence.ETALAB: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    Licence.MIT: "https://opensource.org/license/mit",
}


class OrganisationRole(models.TextChoices):
    AUTHOR = "author", _("Author")
    LEAD = "lead", _("Lead")
    PARTNER = "partner", _("Partner")
    FUNDER = "funder", _("Funder")
    PUBLISHER = "publisher", _("Publisher")
