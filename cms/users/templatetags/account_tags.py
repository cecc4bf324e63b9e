from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import translate_url

from cms.languages import own_name, reader_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.template import Context

register = template.Library()


class SamePage(NamedTuple):
    code: str
    name: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def same_page_in_languages(context: Context) -> list[SamePage]:
    """The page on which somebody is, in each interface language."""
    here = context["request"].get_full_path()
    codes = [code for code, _name in settings.LANGUAGES]
    return [SamePage(code, own_name(code), translate_url(here, code), code == reader_language()) for code in codes]


@register.simple_tag
def text_file(lines: Sequence[str]) -> str:
    """The address of a file with these lines that no server has to be asked for."""
    return "data:text/plain;charset=utf-8," + quote("\r\n".join(lines) + "\r\n")
