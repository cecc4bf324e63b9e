"""Translations of pages as wagtail-localize keeps them: every sentence with the language before it."""

from __future__ import annotations

from typing import Any

from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from tests.factories.site import locale


def synchronise(page: Any, language: str = "ru") -> Translation:
    """The record of a translation of the page as it is now, without any text."""
    source, _created = TranslationSource.get_or_create_from_instance(page)
    return Translation.objects.get_or_create(source=source, target_locale=locale(language))[0]


def fill(translation: Translation, *, only: str = "") -> None:
    """Give each sentence that has none a translation; with `only`, those in that place."""
    code = translation.target_locale.language_code
    segments = StringSegment.objects.filter(source=translation.source).select_related("string", "context")
    for segment in segments.filter(context__path__startswith=only):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": f"{code} {segment.string.data}", "translation_type": "manual"},
        )


def save(translation: Translation, *, publish: bool = True) -> Any:
    """Put the page together from what is translated; the page as the database has it afterwards."""
    translation.save_target(publish=False)
    page = translation.get_target_instance()
    if publish:
        page.get_latest_revision().publish()
    return type(page).objects.get(pk=page.pk)


def translated(page: Any, language: str = "ru", *, publish: bool = True) -> Any:
    """The page in another language, every sentence translated."""
    translation = synchronise(page, language)
    fill(translation)
    return save(translation, publish=publish)


def write(page: Any, path: str, text: str, language: str = "ru") -> StringTranslation:
    """Translate the one sentence in a place, as a translator does."""
    segment = StringSegment.objects.get(
        source__object_id=page.translation_key, source__locale=page.locale, context__path=path
    )
    return StringTranslation.objects.update_or_create(
        translation_of=segment.string, locale=locale(language), context=segment.context, defaults={"data": text}
    )[0]
