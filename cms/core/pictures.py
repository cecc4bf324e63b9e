"""The sizes in which a picture is offered to others, at signed addresses; each is drawn when it is first asked for."""

from __future__ import annotations

from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.images.image_operations import ImageTransform
from wagtail.images.models import Filter
from wagtail.images.utils import generate_signature

from cms.core.addresses import absolute

if TYPE_CHECKING:
    from cms.core.shapes import FocalPoint, Rendition

WIDTHS = (480, 960, 1440)
CARD = "fill-1200x630"
FORMATS = ("webp", "jpeg")
SPECS = tuple(f"{size}|format-{kind}" for size in (*(f"width-{width}" for width in WIDTHS), CARD) for kind in FORMATS)


@cache
def filter_of(spec: str) -> Filter:
    return Filter(spec=spec)


def renditions(image: Any) -> list[Rendition]:
    """The sizes of the site's own pages and one for cards, each no larger than the original. Draws nothing."""
    found: dict[tuple[int, int, str], Rendition] = {}
    for spec in SPECS:
        width, height = size_of(image, spec)
        kind = spec.rpartition("-")[2]
        key = (width, height, kind)
        if key not in found:
            found[key] = {"width": width, "height": height, "type": f"image/{kind}", "url": address_of(image, spec)}
    return list(found.values())


def address_of(image: Any, spec: str) -> str:
    """Where a rendition is drawn and given. The signature keeps others from having the server draw what they like."""
    path = reverse("wagtailimages_serve", args=(generate_signature(image.pk, spec), image.pk, spec))
    return absolute(f"{path}{PurePath(image.file.name).name}")


def size_of(image: Any, spec: str) -> tuple[int, int]:
    """Width and height, in pixels, of the rendition that Wagtail would draw."""
    transform = ImageTransform((image.width, image.height), image_is_svg=image.is_svg())
    for operation in filter_of(spec).transform_operations:
        transform = operation.run(transform, image)
    width, height = transform.size
    return width, height


def focal_point(image: Any) -> FocalPoint | None:
    point = image.get_focal_point()
    if point is None:
        return None
    x, y = point.centroid
    return {"x": round(x), "y": round(y), "width": round(point.width), "height": round(point.height)}
