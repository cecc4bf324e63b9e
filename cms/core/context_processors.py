from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop

from cms.languages import reader_language

if TYPE_CHECKING:
    from django.http import HttpRequest

# The default of SITE_NAME has a form in each language; a name that an installation sets is shown as it is.
DEFAULT_SITE_NAME = gettext_noop("Shared Practice")


def site(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every public page needs: the site's name and the interface language."""
    language = reader_language()
    return {
        "site_name": translation.gettext(settings.WAGTAIL_SITE_NAME),
        "site_tagline": settings.SITE_TAGLINE,
        "interface_language": language,
        "interface_direction": "rtl" if translation.get_language_bidi() else "ltr",
        "has_content_in_language": language in dict(settings.WAGTAIL_CONTENT_LANGUAGES),
    }
