"""The endpoints of Wagtail's API, which answer in JSON alone, and say what is wrong with a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.decorators.csrf import csrf_exempt
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2 import views
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Page

from cms.api.cursors import AFTER, CursorPagination
from cms.api.filters import DATES, AddedFilters, checked, languages_asked
from cms.api.finding import page_at
from cms.api.lists import types_of
from cms.api.loading import load_pages
from cms.api.reading import FromLedger
from cms.api.registries import page_filters
from cms.api.serialisers import OwnLanguageSerialiser
from cms.core.errors import for_reading_only, problem
from cms.core.querysets import content_order, public_pages, restricted, versions_for
from cms.delivery.models import Listing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
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

    def http_method_not_allowed(self, request: Request, *arguments: Any, **options: Any) -> Any:
        return for_reading_only()

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


class PagesViewSet(FromLedger, Checked, views.PagesAPIViewSet):
    base_serializer_class = OwnLanguageSerialiser
    filter_backends = [AddedFilters, *checked(views.PagesAPIViewSet.filter_backends)]
    pagination_class = CursorPagination
    meta_fields = [*views.PagesAPIViewSet.meta_fields, "is_fallback", "translations"]
    listing_default_fields = [*views.PagesAPIViewSet.listing_default_fields, "is_fallback"]

    @property
    def known_query_parameters(self) -> frozenset[str]:
        return views.PagesAPIViewSet.known_query_parameters | {"fallback", AFTER, *DATES, *page_filters()}

    def get_base_queryset(self) -> Any:
        """As Wagtail, but nobody sees here what not everybody may read, nor a language that is not public yet.

        The ledger has listed these pages, where it can answer and nothing is left to be represented.
        """
        now = getattr(self.request, "ledger", None)
        if now and now.is_complete and "site" not in self.request.GET:
            return Page.objects.filter(pk__in=Listing.objects.values("pk"))
        return super().get_base_queryset().exclude(restricted()).filter(locale__in=content_order())

    def get_queryset(self) -> Any:
        """As Wagtail, but the pages of one type are narrowed before they are looked for in the ledger, not after it."""
        given, now = self.request.GET, getattr(self.request, "ledger", None)
        model, _types = types_of(given.get("type", "")) or (Page, ())
        if model is Page or not now or not now.is_complete or {"site", "search"} & set(given):
            return super().get_queryset()
        return model.objects.filter(Exists(Listing.objects.filter(pk=OuterRef("pk"))))

    def get_serializer(self, *arguments: Any, **options: Any) -> Any:
        serialiser = super().get_serializer(*arguments, **options)
        is_list = self.action == "listing_view"
        load_pages(self.shown if is_list else [self.get_object()], (serialiser.child if is_list else serialiser).fields)
        return serialiser

    def find_object(self, queryset: Any, request: Request) -> Any:
        """An address that begins with a language is looked for below the home page of that language."""
        page = page_at(request, request.GET.get("html_path", ""))
        return page if page and queryset.filter(pk=page.pk).exists() else super().find_object(queryset, request)

    def paginate_queryset(self, queryset: Any) -> Any:
        self.shown = list(super().paginate_queryset(queryset))
        return self.shown

    def get_object(self) -> Any:
        """With `fallback`, the version of the same item that has been asked for."""
        if "fallback" in self.request.GET and not hasattr(self, "_cached_object"):
            asked = get_object_or_404(self.get_base_queryset(), pk=self.kwargs["pk"])
            versions = self.get_base_queryset().filter(versions_for(Page, languages_asked(self.request)))
            self._cached_object = get_object_or_404(versions, translation_key=asked.translation_key)
        return super().get_object()

    @cached_property
    def versions(self) -> dict[Any, list[Any]]:
        """The public versions of all pages that are shown, by translation key, in one query."""
        pages = self.shown if self.action == "listing_view" else [self.get_object()]
        found = public_pages().filter(translation_key__in={page.translation_key for page in pages}, alias_of=None)
        readable = found.filter(locale__in=content_order()).select_related("locale", "translation_state")
        versions: dict[Any, list[Any]] = {}
        for version in readable.order_by("locale__language_code"):
            versions.setdefault(version.translation_key, []).append(version)
        return versions


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    return problem(404, "There is nothing at this address. All addresses are listed at /api/v2/docs/.")
