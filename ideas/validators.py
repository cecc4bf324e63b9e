"""Attachments from the public: few kinds, small, and what they say they are."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image as Picture

from cms.media.validators import damaged, validate_document_content

if TYPE_CHECKING:
    from django.core.files import File

PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


def validate_attachment(file: File[Any]) -> None:
    """Refuse what is of another kind, too large, damaged, or not what its name says. Names the file."""
    name = PurePath(file.name or "").name
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in settings.IDEAS_FILE_EXTENSIONS:
        raise ValidationError(
            _("“%(name)s” is of a kind that is not accepted. Accepted are: %(kinds)s."),
            params={"name": name, "kinds": ", ".join(settings.IDEAS_FILE_EXTENSIONS)},
            code="wrong_kind",
        )
    if (file.size or 0) > settings.IDEAS_FILE_SIZE:
        raise ValidationError(
            _("“%(name)s” is too large. A file may have %(limit)s."),
            params={"name": name, "limit": filesizeformat(settings.IDEAS_FILE_SIZE)},
            code="too_large",
        )
    if extension in PICTURES:
        validate_picture(file, name, PICTURES[extension])
    else:
        validate_document_content(file)


def validate_picture(file: File[Any], name: str, kind: str) -> None:
    try:
        decode(file, kind)
    except Picture.DecompressionBombError as error:
        raise ValidationError(
            _("“%(name)s” has too many pixels. Please make the picture smaller."),
            params={"name": name},
            code="too_many_pixels",
        ) from error
    except Exception as error:  # each decoder has exceptions of its own
        raise damaged(name) from error
    finally:
        file.seek(0)


def decode(file: File[Any], kind: str) -> None:
    """Decode a picture whole, unless it has more pixels than one of the media library may have."""
    file.seek(0)
    with Picture.open(file, formats=[kind]) as picture:
        width, height = picture.size
        if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise Picture.DecompressionBombError
        picture.load()
