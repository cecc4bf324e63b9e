"""Endpoints beside those of Wagtail's API: what they may be asked, and the shape of what they answer.

Domain apps subclass these and register them. An endpoint is read-only and the same for everybody.
"""

from __future__ import annotations

from http import HTTPMethod
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.http import Http404, JsonResponse
from django.utils import translation
from django.views.generic import View

from cms.api.parameters import BadParameterError, Parameter, locale, paging, read_all
from cms.core.errors import for_reading_only, problem
from cms.delivery.answers import by_version, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

Asked = dict[str, Any]


class Endpoint(View):
    """One address. `item` is the type of what it gives; `examples` are query strings that must find something.

    Beside JSON it may give `other_types`, as clients ask. What it gives `is_kept` where it changes with the ledger
    alone, as long as no parameter is asked for that is `passing`: what such a one chooses follows the clock. What is
    too long to be kept `is_by_version`: then whoever has it already is not sent it again.
    """

    http_method_names = [HTTPMethod.GET.lower(), HTTPMethod.HEAD.lower(), HTTPMethod.OPTIONS.lower()]
    tag: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    item: ClassVar[Any] = None
    in_path: ClassVar[tuple[Parameter, ...]] = ()
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    required: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[str, ...]] = ("",)
    is_list: ClassVar[bool] = True
    other_types: ClassVar[tuple[str, ...]] = ()
    is_kept: ClassVar[bool] = False
    is_by_version: ClassVar[bool] = False
    passing: ClassVar[tuple[str, ...]] = ()
    # A row, and what was asked, as the `item` says.
    shape: Callable[[Any, Asked], Any]

    @classmethod
    def as_view(cls, **options: Any) -> Any:
        view = super().as_view(**options)
        if cls.is_by_version:
            return by_version(view)
        return kept(view, cls.passing) if cls.is_kept else view

    def get(self, request: HttpRequest, **keys: str) -> HttpResponseBase:
        try:
            asked = read_all(self.parameters, request.GET, self.required)
            with translation.override(asked.get("locale") or settings.LANGUAGE_CODE):
                return self.answer(asked, **keys)
        except BadParameterError as error:
            return problem(400, str(error), parameter=error.name)
        except Http404 as error:
            return problem(404, str(error))

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return for_reading_only(", ".join(self.http_method_names).upper())

    def answer(self, asked: Asked, **keys: str) -> HttpResponseBase:
        """The answer, in the language that was asked for."""
        raise NotImplementedError

    def json(self, content: Any) -> HttpResponse:
        return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


class ListEndpoint(Endpoint):
    """Rows page by page, in the shape of Wagtail's lists."""

    filters: ClassVar[tuple[Parameter, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.parameters = (locale(), *cls.filters, *paging())

    def answer(self, asked: Asked, **keys: str) -> HttpResponseBase:
        rows = self.rows(asked, **keys)
        total = len(rows) if isinstance(rows, list) else rows.count()
        shown = self.load(rows[asked["offset"] : asked["offset"] + asked["limit"]])
        return self.json({"meta": {"total_count": total}, "items": [self.shape(row, asked) for row in shown]})

    def rows(self, asked: Asked, code: str = "") -> Any:
        """All rows that are meant, in their order: a list or a queryset."""
        raise NotImplementedError

    # The rows of a page with all that is shown of them.
    load: Callable[[Any], Sequence[Any]] = list


class DetailEndpoint(Endpoint):
    """One row, which `find` gives by the code in the path or raises `Http404`."""

    is_list = False

    def __init_subclass__(cls) -> None:
        cls.parameters = (locale(),)

    def answer(self, asked: Asked, **keys: str) -> HttpResponseBase:
        return self.json(self.shape(self.find(**keys), asked))

    def find(self, code: str) -> Any:
        raise NotImplementedError


def found(rows: dict[str, Any], code: str, what: str) -> Any:
    """The row of a code. Raises `Http404`."""
    if code not in rows:
        raise Http404(f"There is no {what} {code}.")
    return rows[code]
