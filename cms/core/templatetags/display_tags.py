"""How values look to a reader: numbers and dates by CLDR, languages by name, pictures, licences, citations.

Every filter writes in the reader's language and gives an empty text for None.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.numbers import NumberPattern, parse_pattern
from django import template
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext
from wagtail.models import Page

from cms.core import addresses, links, querysets
from cms.core.choices import LICENCE_URLS, OrganisationRole
from cms.core.loading import load_references
from cms.core.ornament import ornament_svg
from cms.core.registries import profile_paths
from cms.languages import reader_language
from cms.translation.models import TranslationState

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from decimal import Decimal

    from django.utils.safestring import SafeString

register = template.Library()

KEPT = 16_384

# CLDR's plain "en" is the American form; the site is written in British English.
CLDR_NAMES = {"en": "en_GB"}


def cldr() -> str:
    """The name of the reader's locale in CLDR."""
    language = reader_language()
    return CLDR_NAMES.get(language, language)


@register.filter
def number(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A number with exactly `decimals` places, or with as many as it has, at most four."""
    return "" if value is None or value == "" else _number(value or 0, decimals, cldr())


# Tables have thousands of numbers and dates, the same for every reader, and CLDR takes its time for each.
@lru_cache(maxsize=KEPT)
def _number(value: Decimal | float, decimals: int | None, language: str) -> str:
    pattern, locale = _number_form(language, decimals)
    return pattern.apply(value, locale)


@lru_cache
def _number_form(locale: str, decimals: int | None) -> tuple[NumberPattern, Locale]:
    places = "####" if decimals is None else "0" * decimals
    return parse_pattern(f"#,##0.{places}" if places else "#,##0"), Locale.parse(locale)


@register.filter
def signed(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A difference, with a plus or a true minus sign before it."""
    if value is None:
        return ""
    if value < 0:
        return f"\N{MINUS SIGN}{number(-value, decimals)}"
    return f"+{number(value, decimals)}" if value else number(value, decimals)


@register.filter
def day(value: datetime.date | None) -> str:
    """A date with day, month in words and year."""
    return _day(value, cldr()) if value else ""


@lru_cache(maxsize=KEPT)
def _day(value: datetime.date, language: str) -> str:
    return format_date(value, "long", locale=language)


@register.filter
def month(value: datetime.date | None) -> str:
    """Month in words and year."""
    return _month(value, cldr()) if value else ""


@lru_cache(maxsize=KEPT)
def _month(value: datetime.date, language: str) -> str:
    return format_skeleton("yMMMM", value, locale=language)


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """Date and time to the minute, in the time zone that the value carries."""
    return format_datetime(value, f"{_long_date()}, HH:mm", tzinfo=value.tzinfo, locale=cldr()) if value else ""


def _long_date() -> str:
    return str(Locale.parse(cldr()).date_formats["long"].pattern)


@register.filter
def clock(value: datetime.datetime | None) -> str:
    """Hours and minutes, in the time zone that the value carries."""
    return format_time(value, "HH:mm", tzinfo=value.tzinfo, locale=cldr()) if value else ""


@register.filter
def period(value: datetime.date | None, frequency: str = "D") -> str:
    """The period that begins on a date, by its SDMX frequency: a year, a quarter, a month, else the day."""
    if value is None:
        return ""
    if frequency == "A":
        return str(value.year)
    if frequency == "Q":
        return format_skeleton("yQQQ", value, locale=cldr())
    return month(value) if frequency == "M" else day(value)


@register.filter("language_in_words")  # Django's filter `language_name` is always in English
def language_name(code: str) -> str:
    """The name of a language in the reader's language; the code where CLDR has no name."""
    return Locale.parse(cldr()).languages.get(code, code)


@register.filter
def host(url: str) -> str:
    """The host of an address, as a reader would name it."""
    return urlsplit(url).netloc.removeprefix("www.")


@register.filter
def in_content_languages(languages: Iterable[Any]) -> list[Any]:
    """Of the links to a page in other languages, those behind which there is a text in that language."""
    codes = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
    return [language for language in languages if language.is_real and language.code in codes]


@register.simple_tag
def language_of(item: Any) -> str | SafeString:
    """`lang` and `dir` for text of a page, or of a label row, whose language is not the reader's."""
    code = _language_code(item)
    if code in ("", reader_language()):
        return ""
    return format_html('lang="{}" dir="{}"', code, "rtl" if get_language_info(code)["bidi"] else "ltr")


@register.simple_tag
def language_note(item: Any) -> str:
    """The name of a page's language where it is not the reader's."""
    code = _language_code(item)
    return "" if code in ("", reader_language()) else language_name(code)


@register.simple_tag
def outdated_note(page: Any) -> TranslationState | None:
    """Since when, in how many segments and of which page a translation is outdated; None where it is not."""
    if not getattr(page, "is_translation", False):
        return None
    return TranslationState.objects.outdated().select_related("source__locale").filter(page=page.pk).first()


def _language_code(item: Any) -> str:
    if isinstance(item, Page):
        return querysets.language_of(item)
    return getattr(item, "language", "")


@register.simple_tag
def load_facts(page: Any) -> str:
    """Load what a page refers to, in one query however much that is."""
    if isinstance(page, Page) and page.pk:
        load_references(page)
    return ""


@register.simple_tag
def related_pages(page: Any) -> list[Any]:
    """The public pages that the editors recommend after a page, as rows."""
    return links.rows_to(relation.related_id for relation in page.page_relations.all())


@register.simple_tag
def public_pages(pages: Iterable[Any]) -> list[Any]:
    """Of the pages that an editor chose, those that anybody may read, as rows."""
    return links.rows_to(page.pk for page in pages if page)


@register.simple_tag
def path_to(page: Any) -> str:
    """Where a page stands."""
    return addresses.page_path(page)


register.simple_tag(links.attributes, name="link_to")


@register.simple_tag
def hreflang_at(path: str) -> str | SafeString:
    """`hreflang` for a link to a path below the prefix of another language than the reader's."""
    language = addresses.language_at(path)
    return format_html(' hreflang="{}"', language) if language else ""


@register.simple_tag
def profile_path(country: Any) -> str:
    """Where the profile of a country stands in the reader's language; empty where it has none."""
    return profile_paths().get(country.pk, "") if country else ""


@register.simple_tag
def other_countries(page: Any) -> list[Any]:
    """The countries of a page beside the one that it comes from."""
    return [country for country in page.countries if country.pk != page.country_id]


@register.simple_tag
def ornament(page: Any, shape: str = "tile") -> SafeString:
    """The ornament that stands for a page where it has no picture."""
    return ornament_svg(str(page.translation_key), theme_code(page), shape=shape)


@register.simple_tag
def site_ornament(key: str, shape: str = "wide", theme: str = "") -> SafeString:
    """An ornament for a part of the site that is no page."""
    return ornament_svg(key, theme, shape=shape)


def theme_code(page: Any) -> str:
    """The code of a page's first theme, which decides the colours of its ornament."""
    themes = getattr(page, "themes", None)
    return str(themes[0].code) if themes else ""


@register.inclusion_tag("components/item_picture.html")
def item_picture(item: Any) -> dict[str, Any]:
    """A small square for a row: the cover, else the ornament. It is decoration and has no text."""
    return {"item": item, "image": getattr(item, "cover_image", None)}


@register.simple_tag
def social_card_url(page: Any) -> str:
    """The absolute address of the picture that other sites show for a page."""
    return addresses.absolute(reverse("social_card", args=[page.translation_key]))


@register.simple_tag
def licence_link(page: Any) -> str | SafeString:
    """The licence of a page, with a link to its text where it has a published one."""
    url = LICENCE_URLS.get(page.licence)
    label = str(page.get_licence_display())
    return format_html('<a href="{}" rel="license noopener">{}</a>', url, label) if url else label


@register.simple_tag
def citation(page: Any, url: str) -> str:
    """How to name a page in a text: who (year). Title. Site. Address."""
    authors = [
        link.organisation.label
        for link in page.page_organisations.all()
        if link.role in (OrganisationRole.AUTHOR, OrganisationRole.LEAD)
    ]
    site_name = gettext(settings.WAGTAIL_SITE_NAME)
    who = page.attribution or ", ".join(authors) or site_name
    year = f" ({page.first_published_at.year})" if page.first_published_at else ""
    return f"{who}{year}. {page.title}. {site_name}. {url}"


@register.simple_tag
def file_facts(document: Any, language: str = "") -> str:
    """Format and size of a file, and its language where it is not the reader's."""
    facts = [document.file_extension.upper(), filesizeformat(document.get_file_size())]
    if language and language != reader_language():
        facts.append(language_name(language))
    return ", ".join(facts)
