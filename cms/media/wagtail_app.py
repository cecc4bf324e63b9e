"""Wagtail's apps for pictures and documents, with the project's rule of who may change which."""

from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig


def share_by_country(model: str, auth_model: str) -> None:
    from django.apps import apps
    from wagtail.permissions import register_permission_policy

    from cms.media.policies import FilePolicy

    policy = FilePolicy(apps.get_model(model), auth_model=auth_model, owner_field_name="uploaded_by_user")
    register_permission_policy(apps.get_model(model), policy)


class ImagesAppConfig(WagtailImagesAppConfig):
    def ready(self) -> None:
        super().ready()
        share_by_country("media.Image", "wagtailimages.Image")


class DocumentsAppConfig(WagtailDocsAppConfig):
    def ready(self) -> None:
        super().ready()
        share_by_country("media.Document", "wagtaildocs.Document")
