"""What a page says about itself to search engines: schema.org as JSON-LD.

`describe` is extended per page type by the apps (`describe.register`); what it leaves to this module are the facts that
every page has. Names and texts are those that readers see, in the language of the page.
"""

from __future__ import annotations

import json
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms.core.addresses import absolute, home_path, is_home, page_url
from cms.core.choices import LICENCE_URLS, Licence, OrganisationRole
from cms.core.loading import load_references
from cms.core.models import BasePage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Thing = dict[str, Any]

AUTHORS = {OrganisationRole.AUTHOR, OrganisationRole.LEAD}
# A script element ends at the first "</script", whatever stands around it.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@singledispatch
def describe(page: Any, context: Mapping[str, Any]) -> Thing:
    """What a page is, as a schema.org thing; `context` is that of the template."""
    return {}


@describe.register(BasePage)
def describe_page(page: BasePage, context: Mapping[str, Any]) -> Thing:
    return website(page) if is_home(page) else work("WebPage", page, context)


def work(kind: str, page: Any, context: Mapping[str, Any], **properties: Any) -> Thing:
    """A page as a creative work of a kind, with the facts that every page has; without what has no value."""
    load_references(page)
    versions = context.get("versions") or {}
    source = versions.get(page.source_language) if page.is_translation else None
    organisations = page.page_organisations.all()
    facts = {
        "@type": kind,
        "@id": f"{page_url(page)}#{kind.lower()}",
        "url": page_url(page),
        "name": page.title,
        "description": page.search_description or page.summary,
        "inLanguage": page.locale.language_code,
        "datePublished": page.first_published_at,
        "dateModified": page.last_published_at,
        "license": LICENCE_URLS.get(Licence(page.licence)),
        "creditText": page.attribution,
        "author": [organisation(link.organisation) for link in organisations if link.role in AUTHORS],
        "contributor": [organisation(link.organisation) for link in organisations if link.role not in AUTHORS],
        "publisher": site_organisation(),
        "about": [theme.label for theme in page.themes],
        "spatialCoverage": [{"@type": "Country", "name": row.label} for row in page.countries],
        "image": absolute(reverse("social_card", args=[page.translation_key])),
        "isBasedOn": page_url(source) if source else None,
        "translationOfWork": {"@type": kind, "@id": f"{page_url(source)}#{kind.lower()}"} if source else None,
    }
    return filled(facts | properties)


def website(page: BasePage) -> Thing:
    """The home page: the site as a whole and how to search it."""
    language = page.locale.language_code
    with translation.override(language):
        search = absolute(reverse("search"))
    return {
        "@type": "WebSite",
        "@id": f"{page_url(page)}#website",
        "url": page_url(page),
        "name": translation.gettext(settings.WAGTAIL_SITE_NAME),
        "description": page.summary,
        "inLanguage": language,
        "publisher": site_organisation(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def collection(page: Any, context: Mapping[str, Any], items: Iterable[Any] = (), **properties: Any) -> Thing:
    """A list, and the pages that it shows."""
    elements = [
        {"@type": "ListItem", "position": position, "url": page_url(item), "name": item.title}
        for position, item in enumerate(items, start=1)
    ]
    entity = {"@type": "ItemList", "numberOfItems": len(elements), "itemListElement": elements} if elements else None
    return work("CollectionPage", page, context, mainEntity=entity, **properties)


def organisation(row: Any) -> Thing:
    return filled({"@type": "Organization", "name": row.label, "alternateName": row.acronym, "url": row.url})


def site_organisation() -> Thing:
    return {
        "@type": "Organization",
        "name": translation.gettext(settings.WAGTAIL_SITE_NAME),
        "url": absolute(home_path("en")),
    }


def breadcrumb_list(links: Iterable[tuple[str, str]]) -> Thing:
    """(name, path) from the home page to what is shown."""
    elements = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(links, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": elements}


def filled(thing: Thing) -> Thing:
    """A thing without the properties that have no value; dates and lazy texts as strings."""
    return {name: value for name, value in thing.items() if value not in (None, "", [])}


def script(things: Iterable[Thing]) -> SafeString:
    """Things as an element for the head of a page; nothing in them can end the element."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, default=_text).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
