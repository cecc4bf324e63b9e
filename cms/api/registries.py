"""What domain apps add to the public API, in `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cms.api.types import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import QuerySet

    from cms.api.endpoints import Endpoint
    from cms.api.parameters import Parameter
    from cms.api.types import Components


@dataclass(frozen=True)
class PageFilter:
    """Narrows lists to the pages that rows of the model `link` link to what a parameter names.

    `owner` is their field of the page, `target` that of what it is linked to; `keys` gives the keys of these for what
    the parameter has read. A page stands in a list once, however many of them it has. `share` is about which part of
    the pages a usual value has.
    """

    parameter: Parameter
    link: Any
    owner: str
    target: str
    keys: Callable[[Any], list[int]]
    share: float

    def pages(self, value: Any) -> QuerySet[Any]:
        """The keys of the pages that are linked to what the parameter has read."""
        return self.link._base_manager.filter(**{f"{self.target}__in": self.keys(value)}).values(self.owner)

    def keys_of(self, pages: Iterable[int]) -> Iterable[tuple[int, int]]:
        """Pages, and the key of each thing that they are linked to."""
        links = self.link._base_manager.filter(**{f"{self.owner}__in": pages})
        return links.order_by().values_list(self.owner, self.target).distinct()


_described: dict[str, Callable[[Components], dict[str, Any]]] = {}
_endpoints: dict[str, type[Endpoint]] = {}
_filters: dict[str, PageFilter] = {}
_loaders: dict[Any, dict[str, Callable[[Sequence[Any]], None]]] = {}


def register_endpoint(path: str, endpoint: type[Endpoint]) -> None:
    """Answer at a path below `/api/v2/`, written as in Django's `path`."""
    _endpoints[path] = endpoint


def endpoints() -> dict[str, type[Endpoint]]:
    """By path, in alphabetical order."""
    return dict(sorted(_endpoints.items()))


def register_description(path: str, describe: Callable[[Components], dict[str, Any]]) -> None:
    """Describe a path below `/api/v2/` that is answered by other means, as an operation of OpenAPI."""
    _described[path] = describe


def described_paths() -> dict[str, Callable[[Components], dict[str, Any]]]:
    return dict(sorted(_described.items()))


def register_shapes(*types: Any) -> None:
    """Say what the annotations of public properties mean that are not imported while the program runs."""
    NAMES.update({one.__name__: one for one in types})


def register_page_filter(page_filter: PageFilter) -> None:
    _filters[page_filter.parameter.name] = page_filter


def page_filters() -> dict[str, PageFilter]:
    return _filters


def register_page_loader(model: Any, name: str, load: Callable[[Sequence[Any]], None]) -> None:
    """Say how what a public field of pages shows is loaded for many pages of a type together."""
    _loaders.setdefault(model, {})[name] = load


def page_loaders(model: Any) -> dict[str, Callable[[Sequence[Any]], None]]:
    return _loaders.get(model, {})
