from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html

from cms.translation.choices import Status

register = template.Library()


@register.simple_tag
def status_label(state: Any) -> str:
    """How a translation stands, in words."""
    return format_html(
        '<span class="translation-status translation-status--{}">{}</span>', state.status, Status(state.status).label
    )
