"""The endpoints of Wagtail's API, which answer in JSON alone, and say what is wrong with a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2 import views
from wagtail.api.v2.utils import BadRequestError
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

from cms.api.filters import FieldsFilter, SearchFilter
from cms.api.serialisers import OwnLanguageSerialiser

if TYPE_CHECKING:
    from rest_framework.request import Request

MOST_DIGITS = 18
DEEPEST_FIELDS = 10


class AlwaysJSON(BaseContentNegotiation):
    """Whatever a client says that it accepts: a browser, too, is told of errors in JSON."""

    def select_parser(self, request: Request, parsers: list[Any]) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: list[Any], format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Checked:
    """A mixin that looks at the parameters before Wagtail does."""

    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON

    def initial(self, request: Request, *arguments: Any, **options: Any) -> None:
        super().initial(request, *arguments, **options)  # type: ignore[misc]  # a mixin of views
        for name, value in request.GET.items():
            if "\0" in value:
                raise BadRequestError(f"null characters are not allowed for {name}")
        if len(request.GET.get("offset", "")) > MOST_DIGITS:
            raise BadRequestError(f"offset cannot have more than {MOST_DIGITS} digits")
        if nesting(request.GET.get("fields", "")) > DEEPEST_FIELDS:
            raise BadRequestError(f"fields error: nested more than {DEEPEST_FIELDS} levels deep")

    def find_object(self, queryset: Any, request: Request) -> Any:
        try:
            return super().find_object(queryset, request)  # type: ignore[misc]  # a mixin of views
        except ValueError as error:
            raise BadRequestError("id must be a positive integer") from error


def nesting(fields: str) -> int:
    """How many brackets are open where most are."""
    deepest = depth = 0
    for sign in fields:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def checked(backends: list[Any]) -> list[Any]:
    own = {FieldsFilter.__base__: FieldsFilter, SearchFilter.__base__: SearchFilter}
    return [own.get(backend, backend) for backend in backends]


class PagesViewSet(Checked, views.PagesAPIViewSet):
    base_serializer_class = OwnLanguageSerialiser
    filter_backends = checked(views.PagesAPIViewSet.filter_backends)


class ImagesViewSet(Checked, ImagesAPIViewSet):
    filter_backends = checked(ImagesAPIViewSet.filter_backends)


class DocumentsViewSet(Checked, DocumentsAPIViewSet):
    filter_backends = checked(DocumentsAPIViewSet.filter_backends)
