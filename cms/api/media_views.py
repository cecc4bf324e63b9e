"""Images, documents and redirects in Wagtail's API, with what there is to show of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.http import Http404
from rest_framework.fields import Field, ReadOnlyField
from wagtail.api.v2.serializers import BaseSerializer
from wagtail.api.v2.views import BaseAPIViewSet
from wagtail.contrib.redirects.api import RedirectsAPIViewSet
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.api.v2.serializers import DocumentSerializer
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.serializers import ImageSerializer
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Collection, CollectionViewRestriction

from cms.api.filters import checked
from cms.api.reading import whole_detail
from cms.api.views import Checked
from cms.core.addresses import page_path
from cms.core.pictures import focal_point, renditions
from cms.core.querysets import readable_pages
from cms.delivery.answers import kept

if TYPE_CHECKING:
    from rest_framework.request import Request

    from cms.core.shapes import FocalPoint, Rendition


class WholeField(Field):
    """A field made of the object as a whole."""

    def get_attribute(self, instance: Any) -> Any:
        return instance


class RenditionsField(WholeField):
    def to_representation(self, value: Any) -> list[Rendition]:
        return renditions(value)


class FocalPointField(WholeField):
    def to_representation(self, value: Any) -> FocalPoint | None:
        return focal_point(value)


class LocationField(WholeField):
    """Where a redirect leads: the path of a page in its own language, or what somebody has written."""

    def to_representation(self, value: Any) -> str:
        if value.redirect_page is None:
            return str(value.redirect_link)
        path = page_path(value.redirect_page)
        return f"{path.rstrip('/')}{value.redirect_page_route_path}" if value.redirect_page_route_path else path


class TagsField(Field):
    """As Wagtail's, from the tags that were loaded for the whole list."""

    def to_representation(self, value: Any) -> list[str]:
        return sorted(tag.name for tag in value.all())


class PictureSerialiser(ImageSerializer):
    tags = TagsField(read_only=True)
    alt = ReadOnlyField(source="default_alt_text")
    focal_point = FocalPointField(read_only=True)
    renditions = RenditionsField(read_only=True)


class FileSerialiser(DocumentSerializer):
    tags = TagsField(read_only=True)
    size = ReadOnlyField(source="file_size")


class RedirectSerialiser(BaseSerializer):
    location = LocationField(read_only=True)


def open_files(files: Any) -> Any:
    """Pictures or files that lie in no restricted collection: the API is the same for everybody."""
    place = ExpressionWrapper(OuterRef("path"), CharField())
    above = CollectionViewRestriction.objects.annotate(place=place).filter(place__startswith=F("collection__path"))
    return files.exclude(collection__in=Collection.objects.filter(Exists(above)).order_by().values("pk"))


def open_redirects() -> Any:
    """Redirects to what the API gives, and to addresses that somebody has written."""
    leads = Q(redirect_page__in=readable_pages()) | Q(redirect_page=None) & ~Q(redirect_link="")
    return Redirect.objects.filter(leads)


class Kept(Checked):
    """A mixin of views whose answers change with the ledger alone, which has written what they show in detail."""

    kind: str

    @classmethod
    def as_view(cls: Any, actions: Any = None, **options: Any) -> Any:
        view = super().as_view(actions, **options)  # type: ignore[misc]  # a mixin of views
        is_detail = (actions or {}).get("get") == "detail_view"
        return kept(view, ("search", "order"), partial(whole_detail, cls.kind) if is_detail else None)


class Files(Kept):
    """A mixin of the views of pictures and files."""

    @staticmethod
    def loaded(rows: Any) -> Any:
        return rows.prefetch_related("tags")

    def get_queryset(self) -> Any:
        return self.loaded(open_files(BaseAPIViewSet.get_queryset(self)))


class ImagesViewSet(Files, ImagesAPIViewSet):
    kind = "images"
    base_serializer_class = PictureSerialiser
    filter_backends = checked(ImagesAPIViewSet.filter_backends)
    body_fields = [*ImagesAPIViewSet.body_fields, "alt", "focal_point", "renditions"]


class DocumentsViewSet(Files, DocumentsAPIViewSet):
    kind = "documents"
    base_serializer_class = FileSerialiser
    filter_backends = checked(DocumentsAPIViewSet.filter_backends)
    body_fields = [*DocumentsAPIViewSet.body_fields, "size"]


class RedirectsViewSet(Kept, RedirectsAPIViewSet):
    """Redirects to public pages, and to other sites."""

    kind = "redirects"
    base_serializer_class = RedirectSerialiser
    filter_backends = checked(RedirectsAPIViewSet.filter_backends)
    body_fields = [*RedirectsAPIViewSet.body_fields, "is_permanent"]
    listing_default_fields = [*RedirectsAPIViewSet.listing_default_fields, "is_permanent"]

    @staticmethod
    def loaded(rows: Any) -> Any:
        return rows.select_related("redirect_page")

    def get_queryset(self) -> Any:
        return self.loaded(super().get_queryset().filter(pk__in=open_redirects().values("pk")))

    def find_object(self, queryset: Any, request: Request) -> Any:
        """A redirect that leads to what is not public is none."""
        if "html_path" not in request.GET:
            return super().find_object(queryset, request)
        redirect = get_redirect(request, Redirect.normalise_path(request.GET["html_path"]))
        if redirect is None or not queryset.filter(pk=redirect.pk).exists():
            raise Http404("not found")
        return redirect
