"""Finds as public JSON."""

from typing import Annotated

from typing_extensions import TypedDict

from cms.core.shapes import Address, Code

Marked = Annotated[str, "HTML: what was found stands in `mark`, everything else is escaped."]


class FoundPage(TypedDict):
    """Where to read more of a page that was found."""

    id: int
    type: str
    detail_url: Address


class FindJSON(TypedDict):
    """A find."""

    kind: Annotated[str, "As the parameter `kind` names it."]
    title: str
    url: Annotated[str, "Absolute."]
    marked_title: Marked
    excerpt: Marked
    page: Annotated[FoundPage | None, "None for finds that are no pages, such as indicators."]


class Bucket(TypedDict):
    """A value by which the finds can be narrowed, and how many would be left."""

    code: Code
    label: str
    count: int


class FacetsJSON(TypedDict):
    """The numbers of a facet count what all other parameters leave."""

    kind: list[Bucket]
    country: list[Bucket]
    theme: list[Bucket]


class SearchMeta(TypedDict):
    total_count: int


class SearchJSON(TypedDict):
    """Finds: pages, the best first, and then what is no page."""

    meta: SearchMeta
    items: list[FindJSON]
    facets: FacetsJSON
