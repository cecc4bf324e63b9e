"""At which addresses a public object stands, and those that show it in a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import get_script_prefix
from django.utils.encoding import iri_to_uri
from wagtail.models import Page

from cms.core.addresses import absolute, home_path, path_in_language
from cms.core.querysets import content_language
from cms.delivery.lines import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cms.delivery.models import Published
    from cms.delivery.registries import Kind


def addresses_of(kind: Kind, row: Published) -> set[str]:
    """The absolute addresses at which caches may hold something of an object.

    None of another host: a cache is told only of what it stands in front of.
    """
    found = {api_address(kind.name), api_address(kind.name, value(row.payload, kind.named_by) or row.object_id)}
    if row.payload and kind.model is Page:
        found |= page_addresses(row)
    # Of pictures and files, where they are downloaded; of redirects, what was there before.
    found |= {absolute_of(path) for name in ("download_url", "old_path") if (path := value(row.payload, name))}
    return {iri_to_uri(address) for address in found if address.startswith(absolute("/"))}


def api_address(kind: str, place: object = "") -> str:
    return absolute(f"{get_script_prefix()}api/v2/{kind}/{f'{place}/' if place else ''}")


def page_addresses(row: Published) -> set[str]:
    """Of a page, the one above it and the home page of its language."""
    above = json.loads(row.parent or "null") or {"meta": {}}
    own = {value(row.payload, "html_url"), above["meta"].get("html_url"), absolute(home_path(row.locale))}
    known = {address for address in own if address}
    return known | lent(row.locale, known)


def lent(language: str, addresses: Iterable[str]) -> set[str]:
    """Where readers of languages without pages of their own see pages of this one."""
    borrowers = [code for code, _name in settings.LANGUAGES if code != language == content_language(code)]
    paths = [address.removeprefix(settings.PUBLIC_URL) for address in addresses]
    return {absolute(path_in_language(path, code)) for path in paths for code in borrowers}


def value(payload: str, name: str) -> Any:
    """A field of the JSON of an object, or of its `meta`; None where it has none of that name."""
    line = line_of(payload, name) if name else None
    return json.loads(f"{{{line}}}")[name] if line else None


def absolute_of(address: str) -> str:
    return absolute(address) if address.startswith("/") else address
