"""The site map: an index, and a section per type of page with the language versions of each.

Drafts, restricted pages and aliases are in no section. Addresses begin with `settings.PUBLIC_URL`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Max
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import get_page_models

from cms.core.addresses import Alternate, absolute, alternates, page_url
from cms.core.models import BasePage

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

ENTRIES_PER_FILE = 1000
CONTENT_TYPE = "application/xml"


@dataclass(frozen=True)
class Entry:
    location: str
    changed: datetime.datetime | None
    alternates: list[Alternate]


class Section(Protocol):
    """A part of the site map: what there is, when it last changed, and the entries of some of it."""

    def items(self) -> Any: ...

    def changed(self) -> datetime.datetime | None: ...

    def entries(self, items: Sequence[Any]) -> list[Entry]: ...


@dataclass(frozen=True)
class PageSection:
    """The public pages of one type, in all languages."""

    model: Any

    def items(self) -> Any:
        return self.model.objects.published().filter(alias_of=None).select_related("locale").order_by("pk")

    def changed(self) -> datetime.datetime | None:
        return self.items().aggregate(newest=Max("last_published_at"))["newest"]

    def entries(self, items: Sequence[Any]) -> list[Entry]:
        versions: dict[Any, dict[str, Any]] = {}
        for page in self.items().filter(translation_key__in={item.translation_key for item in items}):
            versions.setdefault(page.translation_key, {})[page.locale.language_code] = page
        return [
            Entry(page_url(item), item.last_published_at, alternates(versions[item.translation_key])) for item in items
        ]


def page_sections() -> dict[str, Section]:
    """A section for each type of page, named after it."""
    models = [model for model in get_page_models() if issubclass(model, BasePage)]
    return {str(model._meta.model_name): PageSection(model) for model in models}


@require_safe
def index(request: HttpRequest, sections: dict[str, Section]) -> HttpResponse:
    """The files of all sections that are not empty."""
    files = []
    for name, section in sections.items():
        paginator = Paginator(section.items(), ENTRIES_PER_FILE)
        url = absolute(reverse("sitemap_section", args=[name]))
        pages = paginator.page_range if paginator.count else []
        changed = section.changed() if paginator.count else None
        files += [(url if number == 1 else f"{url}?page={number}", changed) for number in pages]
    return render(request, "sitemap_index.xml", {"files": files}, content_type=CONTENT_TYPE)


@require_safe
def section_file(request: HttpRequest, name: str, sections: dict[str, Section]) -> HttpResponse:
    """The entries of one file of a section; 404 where there is no such file."""
    if name not in sections:
        raise Http404(f"no section {name}")
    section = sections[name]
    try:
        page = Paginator(section.items(), ENTRIES_PER_FILE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error
    entries = section.entries(list(page.object_list))
    return render(request, "sitemap.xml", {"entries": entries}, content_type=CONTENT_TYPE)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone, and where the site map is."""
    context = {"sitemap": absolute(reverse("sitemap"))}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")
