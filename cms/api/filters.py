"""The filters of Wagtail's API, refusing by name what neither Python nor the database could make sense of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection
from rest_framework.filters import BaseFilterBackend
from wagtail.api.v2 import filters
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Page

from cms.api.parameters import BadParameterError, moment
from cms.api.registries import page_filters
from cms.core.querysets import content_order, locales, versions_for

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from wagtail.models import Locale

OPERATORS = ("and", "or")
ALL = "*"


DATES = {
    "published_after": (
        "first_published_at__gt",
        moment("published_after", "Only pages that were first published after this moment.", example="2021-05-31"),
    ),
    "updated_after": (
        "last_published_at__gt",
        moment("updated_after", "Only pages of which a version was published after this moment.", example="2021-05-31"),
    ),
}


def is_added(view: Any, pages: Any, name: str, value: str) -> bool:
    """Whether an app has a filter for this; a number at a field of that name is left to Wagtail's own filter."""
    is_number = value.isascii() and value.isdecimal()
    is_field = is_number and name in view.get_available_fields(pages.model, db_fields_only=True)
    return name in page_filters() and not is_field


class AddedFilters(BaseFilterBackend):
    """What the apps narrow lists of pages by, and the dates of publication."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        try:
            for name, value in request.GET.items():
                if name in DATES:
                    lookup, parameter = DATES[name]
                    queryset = queryset.filter(**{lookup: parameter.value_in(request.GET)})
                elif is_added(view, queryset, name, value):
                    added = page_filters()[name]
                    queryset = queryset.filter(pk__in=added.pages(added.parameter.value_in(request.GET)))
        except BadParameterError as error:
            raise BadRequestError(str(error)) from error
        return queryset


class FieldsFilter(filters.FieldsFilter):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        for name, value in request.GET.items():
            if name == "locale" or is_added(view, queryset, name, value):  # have filters of their own
                continue
            try:
                self._check_reference(queryset, name, value)
                queryset = super().filter_queryset(SimpleNamespace(GET={name: value}), queryset, view)
            except (TypeError, ValueError, ValidationError) as error:
                raise BadRequestError(f"field filter error. '{value}' is not a valid value for {name}") from error
        return queryset

    @staticmethod
    def _check_reference(queryset: QuerySet[Any], name: str, value: str) -> None:
        """No row has a number that the database cannot hold; Django looks at plain numbers only."""
        field = next((field for field in queryset.model._meta.get_fields() if field.name == name), None)
        if field is not None and field.is_relation and hasattr(field, "target_field"):
            number = field.target_field.to_python(value)
            low, high = connection.ops.integer_field_range(field.target_field.get_internal_type())
            if isinstance(number, int) and not (low or number) <= number <= (high or number):
                raise ValueError(name)


class LocaleFilter(filters.LocaleFilter):
    """With `fallback`, each item once: in the language of `locale`, else in the first of the others that are named."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        if "fallback" not in request.GET:
            return super().filter_queryset(request, queryset, view)
        chosen = Page.objects.filter(versions_for(queryset.model, languages_asked(request)))
        filtered: Any = queryset.filter(pk__in=chosen.values("pk"))
        if parent := getattr(queryset, "_filtered_by_child_of", None):
            filtered._filtered_by_child_of = parent  # noqa: SLF001 - what Wagtail's filters tell each other
        return filtered


def languages_asked(request: Request) -> list[Locale]:
    """The languages of `locale` and `fallback`, in their order, without those that have no public content."""
    known, locale, fallback = locales(), request.GET.get("locale", ""), request.GET["fallback"]
    names = ", ".join(sorted(known))
    if locale not in known:
        raise BadRequestError(f"fallback needs a locale, one of: {names}")
    others = list(known) if fallback == ALL else fallback.split(",")
    if not set(others) <= set(known):
        raise BadRequestError(f"fallback must be {ALL}, or some of: {names}")
    public = content_order(locale)
    order = public if fallback == ALL else [known[code] for code in dict.fromkeys([locale, *others])]
    return [one for one in order if one in public]


class SearchFilter(filters.SearchFilter):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        if request.GET.get("search_operator", "and") not in OPERATORS:
            raise BadRequestError(f"search_operator must be one of: {', '.join(OPERATORS)}")
        if "search" in request.GET and not request.GET["search"].strip():
            return queryset.none()
        return super().filter_queryset(request, queryset, view)


def checked(backends: list[Any]) -> list[Any]:
    own = {one.__base__: one for one in (FieldsFilter, LocaleFilter, SearchFilter)}
    return [own.get(backend, backend) for backend in backends]
