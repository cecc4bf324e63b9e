"""What the public JSON is made of. The description of the API is generated from these types and their notes."""

import datetime
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

Address = Annotated[str, {"format": "uri"}]
HTML = Annotated[str, "HTML with resolved links."]
Code = Annotated[str, "A code that stays the same in every language."]


class Label(TypedDict):
    """A row of a vocabulary, or a value of a fixed list."""

    code: Code
    label: Annotated[str, "In the language of what it stands in."]


class FocalPoint(TypedDict):
    """The part of a picture that must be seen, in pixels of the original."""

    x: Annotated[int, "Its middle, from the left."]
    y: Annotated[int, "Its middle, from the top."]
    width: int
    height: int


class Rendition(TypedDict):
    """A picture in one size and format. Its address is signed: no other size can be asked for."""

    width: int
    height: int
    type: Annotated[str, "Media type."]
    url: Address


class Picture(TypedDict):
    """An image, expanded."""

    id: int
    title: str
    alt: Annotated[str, "What the picture shows, for those who cannot see it; its title where nobody has said."]
    width: Annotated[int, "Of the original, in pixels."]
    height: Annotated[int, "Of the original, in pixels."]
    credit: str
    url: Annotated[str, "Where the original stands."]
    focal_point: FocalPoint | None
    renditions: list[Rendition]


class File(TypedDict):
    """A document, expanded."""

    id: int
    title: str
    language: Annotated[str, "The language that it is written in; empty where nobody has said."]
    size: Annotated[int | None, "In bytes."]
    url: Annotated[str, "Where it is downloaded."]


class PageLink(TypedDict):
    """A public page that another one leads to."""

    id: int
    type: str
    title: str
    locale: str
    url: Annotated[str | None, "Absolute."]


class Involvement(TypedDict):
    """An organisation and what it did for the content."""

    code: Code
    name: str
    role: Annotated[str, "author, lead, partner, funder or publisher."]


class Translation(TypedDict):
    """A public language version of an item and how it stands."""

    locale: str
    id: int
    title: str
    url: str | None
    status: Annotated[str, "original, current, outdated, or orphaned: without its original."]
    outdated_segments: Annotated[int, "How many sentences of the original have changed since."]
    outdated_since: datetime.datetime | None


class Problem(TypedDict):
    """What went wrong (RFC 9457)."""

    type: str
    title: Annotated[str, "The name of the status."]
    status: int
    detail: Annotated[str, "What happened and what to do."]
    message: Annotated[str, "The same, where clients of Wagtail's API look for it."]
    parameter: NotRequired[Annotated[str, "The parameter that could not be understood."]]
