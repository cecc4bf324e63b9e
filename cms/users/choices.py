from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a member of staff is here for. Each role is a group with the rights in `cms.users.roles`."""

    ADMINISTRATOR = "administrator", _("Administrator")
    PUBLISHER = "publisher", pgettext_lazy("member of staff", "Publisher")
    EDITOR = "editor", _("Editor")
    FOCAL_POINT = "focal-point", _("Country focal point")
    TRANSLATOR = "translator", _("Translator")
    TRANSLATION_REVIEWER = "translation-reviewer", _("Translation reviewer")
    IDEA_MODERATOR = "idea-moderator", _("Idea moderator")
    DATA_MANAGER = "data-manager", _("Data manager")
    PARTNER_MANAGER = "partner-manager", _("Partner manager")


BY_COUNTRY = (Role.FOCAL_POINT,)
BY_LANGUAGE = (Role.TRANSLATOR, Role.TRANSLATION_REVIEWER)
# Those with rights over pages of some types, which apps register.
BY_TYPE = (Role.IDEA_MODERATOR,)
EVERYWHERE = tuple(role for role in Role if role not in {*BY_COUNTRY, *BY_LANGUAGE})
