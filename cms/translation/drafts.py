"""Drafts of translations: made of what is translated already, never public by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.text import slugify
from django.utils.translation import ngettext
from wagtail.coreutils import find_available_slug
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from cms.translation.querysets import UNCONFIRMED
from cms.translation.segments import keep, texts_by_place

if TYPE_CHECKING:
    from cms.users.models import User


@transaction.atomic
def make_draft(page: Page, locale: Locale, user: User | None) -> Page:
    """The translation of an original into a language, as a draft for translators to work on.

    Pages above it that are missing in the language come first, as drafts too. What somebody wrote by hand in the
    language is kept as translations of its sentences. Raises `ValidationError` where the page cannot be saved.
    """
    # One at a time in each language, so that two workers do not make the same page above theirs.
    Locale.objects.select_for_update().get(pk=locale.pk)
    original = page.specific
    above = original.get_parent()
    if above.depth > 1 and not above.has_translation(locale):
        make_draft(original_of_place(above), locale, user)
    source = TranslationSource.objects.get_for_instance_or_none(original) or keep(text_of(original))
    present = original.get_translation_or_none(locale)
    translation = Translation.objects.filter(source=source, target_locale=locale).first()
    if present is not None and translation is not None and translation.enabled:
        return present
    if present is not None:
        adopt(source, present.get_latest_revision_as_object() if present.latest_revision_id else present.specific)
    translation, _created = Translation.objects.update_or_create(
        source=source, target_locale=locale, defaults={"enabled": True}
    )
    return save_draft(translation, user)


def save_draft(translation: Translation, user: User | None) -> Page:
    """Put the page together from what is translated, as a draft; where something is missing, the original stands.

    wagtail-localize creates the page. Of one that exists it would write the row, which is what readers see; only a
    revision is saved here. Wagtail would bring its index of references up to date for each row of the page; once in
    the end comes to the same.
    """
    source, locale = translation.source, translation.target_locale
    with disable_reference_index_auto_update():
        try:
            draft = source.get_ephemeral_translated_instance(locale, fallback=True)
        except ObjectDoesNotExist:
            translation.save_target(user=user, publish=False)
        else:
            draft.slug = find_available_slug(draft.get_parent(), slugify(draft.slug), ignore_page_id=draft.pk)
            draft.save_revision(user=user)
            source.update_target_view_restrictions(locale)
    page = translation.get_target_instance()
    with transaction.atomic():
        ReferenceIndex.create_or_update_for_object(page)
    return Page.objects.get(pk=page.pk)


def untranslated(page: Page) -> Any:
    """The segments for which a translation would show the original, because nothing usable stands for them.

    What a machine made is not usable before somebody has confirmed it. None of a page that is written by hand.
    """
    return _segments(page).filter(~Exists(_translations(page).filter(~UNCONFIRMED, has_error=False)))


def unconfirmed(page: Page) -> Any:
    """Those of the untranslated segments for which there is something that a machine made."""
    return _segments(page).filter(Exists(_translations(page).filter(UNCONFIRMED)))


def _segments(page: Page) -> Any:
    sources = TranslationSource.objects.filter(
        object_id=page.translation_key, translations__target_locale=page.locale_id, translations__enabled=True
    )
    return StringSegment.objects.filter(source__in=sources)


def _translations(page: Page) -> Any:
    return StringTranslation.objects.filter(
        translation_of=OuterRef("string"), context=OuterRef("context"), locale=page.locale_id
    )


def reasons_against_publication(page: Page) -> list[str]:
    """Sentences about why a translation cannot be published as it is; none where nothing speaks against it."""
    waiting = unconfirmed(page).count()
    missing = untranslated(page).count() - waiting
    reasons = [sentence_on_untranslated(missing)] if missing else []
    return [*reasons, sentence_on_unconfirmed(waiting)] if waiting else reasons


def sentence_on_untranslated(count: int) -> str:
    return ngettext(
        "Not published: %(count)d segment is not translated yet, and readers would see the original in its place.",
        "Not published: %(count)d segments are not translated yet, and readers would see the original in their place.",
        count,
    ) % {"count": count}


def sentence_on_unconfirmed(count: int) -> str:
    return ngettext(
        "Not published: %(count)d segment was translated by a machine, and nobody has confirmed it yet.",
        "Not published: %(count)d segments were translated by a machine, and nobody has confirmed them yet.",
        count,
    ) % {"count": count}


def original_of_place(page: Page) -> Page:
    """The original of a page under which others stand, which may itself be a translation."""
    state = getattr(page, "translation_state", None)
    return state.source if state is not None and state.source else page


def text_of(page: Any) -> Any:
    """What is translated: what readers see, or the last draft of what was never public."""
    return page if page.live or not page.latest_revision_id else page.get_latest_revision_as_object()


def adopt(source: TranslationSource, written: Any) -> None:
    """Keep what was written by hand as translations, where a place has as many sentences as the original there.

    A sentence that is the original's own counts as not translated: somebody has to say that it is the same.
    """
    texts = texts_by_place(written)
    places: dict[str, list[StringSegment]] = {}
    segments = StringSegment.objects.filter(source=source).select_related("context", "string").order_by("order")
    for segment in segments:
        places.setdefault(segment.context.path, []).append(segment)
    for path, ones in places.items():
        if len(texts.get(path, [])) != len(ones):
            continue
        for segment, text in zip(ones, texts[path], strict=True):
            if text == segment.string.data:
                continue  # the original, which stood in for a translation
            StringTranslation.objects.update_or_create(
                translation_of_id=segment.string_id,
                context=segment.context,
                locale=written.locale,
                defaults={
                    "data": text,
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "tool_name": "",
                    "has_error": False,
                },
            )
