from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html

from cms.translation.choices import Operation, Status
from cms.translation.forms import TranslationsForm
from cms.translation.lifecycle import CASCADES

if TYPE_CHECKING:
    from wagtail.models import Page

register = template.Library()


@register.simple_tag
def status_label(state: Any) -> str:
    """How a translation stands, in words."""
    return format_html(
        '<span class="translation-status translation-status--{}">{}</span>', state.status, Status(state.status).label
    )


@register.simple_tag(takes_context=True)
def translations_question(
    context: template.Context, operation: str, page: Page, destination: Page | None = None
) -> TranslationsForm:
    """What is asked about the translations of a page before something is done with it."""
    cascade = CASCADES[Operation(operation)](context["request"].user, [page], destination=destination)
    return TranslationsForm(cascade=cascade)
