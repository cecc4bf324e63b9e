"""How values look to a reader: numbers and dates by CLDR, languages by name, pictures, citations.

Every filter writes in the reader's language and gives an empty text for None.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.numbers import format_decimal
from django import template
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.core import addresses
from cms.core.choices import LICENCE_URLS
from cms.core.ornament import ornament_svg
from cms.languages import reader_language

if TYPE_CHECKING:
    from decimal import Decimal

    from django.template.context import Context
    from django.utils.safestring import SafeString

register = template.Library()

# CLDR's plain "en" is the American form; the site is written in British English.
CLDR_NAMES = {"en": "en_GB"}


def cldr() -> str:
    """The name of the reader's locale in CLDR."""
    language = reader_language()
    return CLDR_NAMES.get(language, language)


@register.filter
def number(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A number with exactly `decimals` places, or with as many as it has, at most four."""
    if value is None or value == "":
        return ""
    places = "####" if decimals is None else "0" * decimals
    return format_decimal(value, format=f"#,##0.{places}" if places else "#,##0", locale=cldr())


@register.filter
def signed(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A difference, with a plus or a true minus sign before it."""
    if value is None:
        return ""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{number(abs(value), decimals)}"


@register.filter
def day(value: datetime.date | None) -> str:
    """A date with day, month in words and year."""
    return format_date(value, "long", locale=cldr()) if value else ""


@register.filter
def month(value: datetime.date | None) -> str:
    """Month in words and year."""
    return format_skeleton("yMMMM", value, locale=cldr()) if value else ""


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """Date and time to the minute, in the time zone that the value carries."""
    return format_datetime(value, "long", tzinfo=value.tzinfo, locale=cldr()) if value else ""


@register.filter
def clock(value: datetime.datetime | None) -> str:
    """Hours and minutes, in the time zone that the value carries."""
    return format_time(value, "short", tzinfo=value.tzinfo, locale=cldr()) if value else ""


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


@register.filter
def language_name(code: str) -> str:
    """The name of a language in the reader's language; the code where CLDR has no name."""
    return Locale.parse(cldr()).languages.get(code, code)


@register.filter
def host(url: str) -> str:
    """The host of an address, as a reader would name it."""
    return urlsplit(url).netloc.removeprefix("www.")


@register.simple_tag
def language_of(item: Any) -> str | SafeString:
    """`lang` and `dir` for text of a page whose language is not the reader's."""
    code = _language_code(item)
    if not code or code == reader_language():
        return ""
    return format_html('lang="{}" dir="{}"', code, "rtl" if get_language_info(code)["bidi"] else "ltr")


@register.simple_tag
def language_note(item: Any) -> str:
    """The name of a page's language where it is not the reader's."""
    code = _language_code(item)
    return "" if not code or code == reader_language() else language_name(code)


def _language_code(item: Any) -> str:
    return item.locale.language_code if isinstance(item, Page) and item.locale_id else ""


@register.simple_tag
def ornament(page: Any, shape: str = "tile") -> SafeString:
    """The ornament that stands for a page where it has no picture."""
    return ornament_svg(str(page.translation_key), theme_code(page), shape=shape)


def theme_code(page: Any) -> str:
    """The code of a page's first theme, which colours its ornament."""
    themes = getattr(page, "themes", None)
    return themes[0].code if themes else ""


@register.inclusion_tag("components/item_picture.html")
def item_picture(item: Any) -> dict[str, Any]:
    """A small square for a row: cover, else ornament; decoration, so without a text."""
    return {"item": item, "image": getattr(item, "cover_image", None)}


@register.simple_tag
def social_card_url(page: Any) -> str:
    """The absolute address of the picture that other sites show for a page."""
    return addresses.absolute(reverse("social_card", args=[page.translation_key]))


@register.simple_tag
def licence_link(page: Any) -> str | SafeString:
    """The licence of a page, with a link to its text where it has a published one."""
    url = LICENCE_URLS.get(page.licence)
    label = page.get_licence_display()
    return format_html('<a href="{}" rel="license noopener">{}</a>', url, label) if url else label


@register.simple_tag
def other_countries(page: Any) -> list[Any]:
    """The countries of a page beside the one that it comes from."""
    return [country for country in page.countries if country.pk != page.country_id]


@register.simple_tag
def citation(page: Any, url: str) -> str:
    """How to name a page in a text: author, year, title, site, address."""
    return url


@register.simple_tag
def file_facts(document: Any, language: str = "") -> str:
    """Format, size and language of a file."""
    facts = [document.file_extension.upper(), filesizeformat(document.get_file_size())]
    if language and language != reader_language():
        facts.append(language_name(language))
    return ", ".join(facts)
