from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from cms.languages import reader_language

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every public page needs: the site's name and the interface language."""
    language = reader_language()
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_tagline": settings.SITE_TAGLINE,
        "interface_language": language,
        "interface_direction": "rtl" if translation.get_language_bidi() else "ltr",
        "has_content_in_language": language in dict(settings.WAGTAIL_CONTENT_LANGUAGES),
    }
