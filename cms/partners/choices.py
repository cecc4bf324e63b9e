from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a key is for: a part of the public API."""

    CONTENT = "content", _("Content: pages, images, documents, vocabularies, search")
    STATISTICS = "statistics", _("Statistics: indicators, their values, measures")
    CHANGES = "changes", _("The feed of changes")


# By the first part of a path below the API; everything else is content.
SCOPES = {
    "indicators": Scope.STATISTICS,
    "observations": Scope.STATISTICS,
    "measures": Scope.STATISTICS,
    "changes": Scope.CHANGES,
}
