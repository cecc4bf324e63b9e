"""RSS 2.0 and Atom: what was published last in a language, narrowed by the facets of its list."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.core.addresses import absolute, home_path, index_paths, page_url
from cms.core.querysets import content_language
from cms.languages import reader_language
from search.facets import CountryFacet, ThemeFacet
from search.listings import Listing
from search.registries import ContentKind, feed_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from search.facets import Facet

LENGTH = 30
MINUTES_KEPT = 10
EVERYTHING = "all"
SHARED_FACETS = (CountryFacet("country", gettext_lazy("Country")), ThemeFacet("theme", gettext_lazy("Theme")))
FORMATS: dict[str, Any] = {"rss": Rss201rev2Feed, "atom": Atom1Feed}
NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


@require_safe
@cache_control(public=True, max_age=MINUTES_KEPT * 60)
def feed(request: HttpRequest, kind: str, extension: str) -> HttpResponse:
    """The newest of one kind, or of `all` kinds, with the parameters of the list. An unknown kind is 404."""
    kinds = feed_kinds()
    if kind not in {*kinds, EVERYTHING}:
        raise Http404(f"no feed of {kind}")
    language = content_language(reader_language())
    with translation.override(language):
        chosen = [kinds[kind]] if kind in kinds else list(kinds.values())
        listings = [(one, _listing(one, request, None if kind in kinds else SHARED_FACETS)) for one in chosen]
        entries = newest(listings)
        title, link = _heading(listings, kinds.get(kind))
        generator = FORMATS[extension](
            title=title,
            link=link,
            description=str(settings.SITE_TAGLINE),
            language=language,
            feed_url=absolute(request.get_full_path()),
            feed_guid=absolute(request.path),
        )
        for moment, page in entries:
            _add(generator, page, moment)
    return HttpResponse(generator.writeString("utf-8"), content_type=generator.content_type)


def _listing(kind: ContentKind, request: HttpRequest, facets: Sequence[Facet] | None) -> Listing:
    pages = kind.model.objects.published().in_reader_language()
    return Listing(pages, kind.facets if facets is None else facets, request.GET)


def newest(listings: Sequence[tuple[ContentKind, Listing]]) -> list[tuple[datetime.datetime, Any]]:
    """(moment, page) of the newest pages of all listings together."""
    found = []
    for kind, listing in listings:
        pages = listing.pages.exclude(**{kind.date_field: None}).order_by(f"-{kind.date_field}", "-pk")
        found += [(_moment(getattr(page, kind.date_field)), page) for page in pages.with_row_facts()[:LENGTH]]
    return sorted(found, key=lambda entry: (entry[0], entry[1].pk), reverse=True)[:LENGTH]


def _moment(value: datetime.date) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value
    return datetime.datetime.combine(value, datetime.time(), datetime.UTC)


def _heading(listings: Sequence[tuple[ContentKind, Listing]], kind: ContentKind | None) -> tuple[str, str]:
    """Title and address of what the feed follows: the list with its filters, or the home page."""
    listing = listings[0][1]
    name = str(kind.label) if kind else _("Everything new")
    title = xml_text(" – ".join([name, *listing.chosen_labels, _(settings.WAGTAIL_SITE_NAME)]))
    path = index_paths().get(kind.index, "") if kind else ""
    if not path:
        return title, absolute(home_path(reader_language()))
    query = listing.query_string
    return title, f"{absolute(path)}{f'?{query}' if query else ''}"


def _add(generator: Any, page: Any, moment: datetime.datetime) -> None:
    url = page_url(page)
    labels = [theme.label for theme in page.themes]
    generator.add_item(
        title=xml_text(page.title),
        link=url,
        description=xml_text(page.summary),
        unique_id=uuid.uuid5(page.translation_key, page.locale.language_code).urn,
        unique_id_is_permalink=False,
        pubdate=moment,
        updateddate=page.last_published_at or moment,
        categories=[xml_text(label) for label in [*([page.country.label] if page.country else []), *labels]],
        item_copyright=page.get_licence_display(),
    )


def xml_text(text: str) -> str:
    """A text without the control characters that no XML document may hold."""
    return text.translate(NOT_XML)
