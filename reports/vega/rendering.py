"""From a specification to SVG that may stand in a page.

vl-convert runs Vega in the process, one drawing at a time. It may fetch nothing, and it is given no letter that XML
cannot hold, at which it would end the process. Nothing of what it writes is trusted: an element that is on no list
makes the drawing fail, an attribute that is on none is left out, numbers are rounded. What an area of a map stands for
is kept as its title. What was drawn once is kept by a digest of its specification, which holds the figures and the
words: another state of the data, another language or another version of this module is another drawing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from reports.vega.sheets import AXIS, HATCH

if TYPE_CHECKING:
    from reports.axes import Frame
    from reports.vega.sheets import Specification

logger = logging.getLogger(__name__)

CACHE = "charts"
KEEP_FOR = 30 * 24 * 3600
VEGA_LITE = "6.4"
# Changes with what this module does to a drawing; the version of vl-convert stands for what it draws.
EDITION = f"1 {version('vl-convert-python')}"
ELEMENTS = {"g", "path", "line", "rect", "text", "tspan", "circle"}
ATTRIBUTES = {
    *("transform", "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "r", "cx", "cy", "width", "height"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin"),
    *("stroke-linecap", "stroke-miterlimit", "opacity", "text-anchor", "font-size", "font-weight", "font-style"),
}
# Attributes that say what is so without them.
DEFAULTS = {("opacity", "1"), ("stroke-dasharray", "1,0"), ("text-anchor", "start"), ("transform", "translate(0,0)")}
# More than one decimal, or a number so small that it is written with an exponent.
LONG_NUMBER = re.compile(r"-?\d+(?:\.\d{2,}(?:e[-+]\d+)?|(?:\.\d)?e[-+]\d+)")
SVG = "{http://www.w3.org/2000/svg}"
# What is no Char of XML 1.0; names that were pasted from elsewhere hold such letters.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class DrawingError(Exception):
    """The renderer could not draw a chart. Readers get the table instead."""


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG without its outermost element, for a place of a name and a size."""

    name: str
    width: float
    height: float
    markup: str
    frame: Frame | None = None

    def marks(self, hatching: str) -> str:
        """The markup, with what it refers to under an id that the document has once."""
        if HATCH not in self.markup:
            return self.markup
        pattern = (
            f'<defs><pattern id="{hatching}" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path d="M0 0V6" stroke="{AXIS}" stroke-width="1.25"/></pattern></defs>'
        )
        return pattern + self.markup.replace(HATCH, f"url(#{hatching})")


def draw(specifications: list[Specification]) -> list[Picture]:
    """Pictures of specifications, out of the cache where they were drawn before. Raises `DrawingError`."""
    keys = [key_of(one) for one in specifications]
    known = caches[CACHE].get_many(keys)
    drawn = {key: clean(render(one)) for key, one in zip(keys, specifications, strict=True) if key not in known}
    if drawn:
        caches[CACHE].set_many(drawn, KEEP_FOR)
    found = known | drawn
    return [
        Picture(one.sheet.name, one.sheet.width, one.sheet.height, found[key], one.frame)
        for key, one in zip(keys, specifications, strict=True)
    ]


def is_shared() -> bool:
    """Whether what one process draws reaches the others."""
    return not isinstance(caches[CACHE], DummyCache | LocMemCache)


def key_of(specification: Specification) -> str:
    content = json.dumps(specification.essence or specification.spec, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{EDITION} {content}".encode()).hexdigest()


def writable(value: Any) -> Any:
    """Texts, alone or within a specification, with a space for each letter that XML cannot hold."""
    if isinstance(value, str):
        return NOT_IN_XML.sub(" ", value)
    if isinstance(value, dict):
        return {name: writable(one) for name, one in value.items()}
    return [writable(one) for one in value] if isinstance(value, list | tuple) else value


def render(specification: Specification) -> str:
    """SVG as Vega writes it. The library is loaded by the first drawing of a process, never before a process forks."""
    import vl_convert  # loads V8, for which a process that never draws has no use

    try:
        return vl_convert.vegalite_to_svg(writable(specification.spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # what panics in the library is no Exception
        raise DrawingError(str(error)) from error


def clean(svg: str) -> str:
    """What is inside the outermost element, with nothing but marks and texts. Raises `DrawingError`."""
    try:
        root = fromstring(svg)
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise DrawingError(f"not well-formed: {error}") from error
    tidy(root)
    return "".join(ElementTree.tostring(child, encoding="unicode") for child in root)


def tidy(element: ElementTree.Element) -> None:
    """Strip an element and those in it of namespaces, and of what is not on the lists or says nothing."""
    for child in list(element):
        child.tag = child.tag.removeprefix(SVG)
        if child.tag not in ELEMENTS:
            raise DrawingError(f"unexpected element {child.tag}")
        title = child.attrib.get("aria-label", "") if child.tag == "path" else ""
        child.attrib = {
            name: LONG_NUMBER.sub(rounded, value)
            for name, value in child.attrib.items()
            if name in ATTRIBUTES and (name, value) not in DEFAULTS
        }
        tidy(child)
        if title.strip():
            ElementTree.SubElement(child, "title").text = title
        is_empty = not len(child) and not child.text
        if is_empty and (
            child.tag in {"g", "text"} or (child.tag == "path" and not {"fill", "stroke"} & child.attrib.keys())
        ):
            element.remove(child)
    if len(element) == 1 and element[0].tag == "g" and not element[0].attrib:
        inner = element[0]
        element.remove(inner)
        element.extend(inner)


def rounded(number: re.Match[str]) -> str:
    value = round(float(number.group()), 1)
    return str(value or 0).removesuffix(".0")
