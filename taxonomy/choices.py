from django.db import models
from django.utils.translation import gettext_lazy as _


class Scheme(models.TextChoices):
    """The concept schemes that come with the installation."""

    LEVEL = "level", _("Level of government")
    STAGE = "stage", _("Stage of innovation")
    INNOVATION_TYPE = "innovation-type", _("Type of innovation")
    COFOG = "cofog", _("Functions of government (COFOG)")
    SDG = "sdg", _("Sustainable Development Goals")


class MembershipRole(models.TextChoices):
    FOUNDER = "founder", _("Founder")
    PARTICIPANT = "participant", _("Participant")
    OBSERVER = "observer", _("Observer")
    PARTNER = "partner", _("Partner")
    FORMER = "former", _("Former participant")


class OrganisationKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    AGENCY = "agency", _("Agency")
    LOCAL_GOVERNMENT = "local-government", _("Local government")
    INTERNATIONAL = "international", _("International organisation")
    ACADEMIA = "academia", _("Academia")
    CIVIL_SOCIETY = "civil-society", _("Civil society")
    COMPANY = "company", _("Company")


class IdentifierScheme(models.TextChoices):
    ROR = "ror", "ROR"
    WIKIDATA = "wikidata", "Wikidata"
