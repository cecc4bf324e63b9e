"""Pictures are decoded before they are accepted: a damaged one would break every list and page that shows it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image as Picture
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.media.validators import damaged


class PictureField(WagtailImageField):
    """As Wagtail's field, which looks at the first bytes and fails on a picture whose header is wrong."""

    def check_image_pixel_size(self, f: Any) -> None:
        try:
            super().check_image_pixel_size(f)
            f.seek(0)
            with Picture.open(f) as picture:
                picture.load()
        except ValidationError:
            raise
        except Exception as error:  # each decoder has exceptions of its own
            raise damaged(f.name) from error
        finally:
            f.seek(0)


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            plain = self.fields["file"]
            self.fields["file"] = PictureField(required=plain.required, label=plain.label, widget=plain.widget)
