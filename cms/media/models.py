"""The media library's own models, so that their fields can grow with the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

from cms.languages import interface_languages
from cms.media.validators import validate_document_content

if TYPE_CHECKING:
    from cms.users.models import User


def uploaded_by() -> models.ForeignKey[User | None, User | None]:
    """Wagtail's own field, under a reverse name that does not clash with its unused stock models."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class Image(AbstractImage):
    tags = TaggableManager(verbose_name=_("tags"), blank=True, related_name="media_images")
    uploaded_by_user = uploaded_by()
    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("Who made the picture, as it should be printed beside it."),
    )
    licence_note = models.CharField(
        _("terms of use"),
        max_length=255,
        blank=True,
        help_text=_("The licence, or the permission under which the picture is shown."),
    )

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit", "licence_note")
    api_fields = ["credit", "licence_note"]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]


class Rendition(AbstractRendition):
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class Document(AbstractDocument):
    tags = TaggableManager(verbose_name=_("tags"), blank=True, related_name="media_documents")
    uploaded_by_user = uploaded_by()
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=interface_languages,
        help_text=_("The language the file is written in."),
    )

    admin_form_fields = (*WagtailDocument.admin_form_fields, "language")
    api_fields = ["language"]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        """Refuses at the field `file`: the upload of several files rejects what is wrong there and keeps the rest."""
        if not self.file:
            return  # the form says why there is none, and Wagtail would add that its extension “” is not allowed
        super().clean()
        if not self.file._committed:  # noqa: SLF001 - Django's own mark of a fresh upload
            try:
                validate_document_content(self.file)
            except ValidationError as error:
                raise ValidationError({"file": error}) from error
