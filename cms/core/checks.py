"""Misconfiguration that would show only later, found by `manage.py check`."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own name
from wagtail.models import get_page_models


@register()
def pages_share_the_base(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """core.E001: a page type of the project that is no `BasePage` would lack facts, rights and public JSON."""
    from cms.core.models import BasePage

    for model in get_page_models():
        if model._meta.app_label.startswith("wagtail") or issubclass(model, BasePage):
            continue
        yield Error(
            f"{model.__name__} does not derive from BasePage.",
            hint="Let it inherit from cms.core.models.BasePage.",
            obj=model,
            id="core.E001",
        )


@register()
def fallbacks_are_languages(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """core.E002: LANGUAGE_FALLBACKS may name only languages of LANGUAGES."""
    known = dict(settings.LANGUAGES)
    for language, fallbacks in settings.LANGUAGE_FALLBACKS.items():
        unknown = [code for code in [language, *fallbacks] if code not in known]
        if unknown:
            yield Error(
                f"LANGUAGE_FALLBACKS names {', '.join(unknown)}, which LANGUAGES does not.",
                hint="Add the language to LANGUAGES or remove it from LANGUAGE_FALLBACKS.",
                id="core.E002",
            )


@register()
def content_languages_have_fallbacks(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """core.W001: a reader of a language without a fallback order is offered languages in the order of LANGUAGES."""
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        if code not in settings.LANGUAGE_FALLBACKS:
            yield Warning(
                f"LANGUAGE_FALLBACKS has no entry for {code}.",
                hint="Say which languages its readers are offered where a text is missing.",
                id="core.W001",
            )
