"""What becomes of translations when an original is published, and of the changes when a translation is.

A sentence that has changed keeps its translation, which is marked; so does one that has moved, which is not. Nothing
here touches a page that readers see, except for the number of segments of which it says that they have changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from wagtail.models import Locale, Page, PageLogEntry, get_page_models
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.strings import extract_ids

from cms.translation.links import without_links
from cms.translation.matching import Sentence, successors
from cms.translation.models import ChangedSegment, TranslationState
from cms.translation.querysets import is_unconfirmed
from cms.translation.segments import keep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from wagtail.models import Revision

    Changes = dict[Sentence, Sentence | None]


def note_translation(page: Any) -> TranslationState:
    """Keep the state of a page that was not written in its language."""
    original = original_of(page)
    facts = {"source": original, "language": page.locale.language_code}
    state, _created = TranslationState.objects.update_or_create(page_id=page.pk, defaults=facts)
    # There may have been such a page before: the texts that it left are taken up again, as outdated as they are.
    kept = StringTranslation.objects.filter(
        translation_of=OuterRef("string"), context=OuterRef("context"), locale=OuterRef("locale")
    )
    changes = ChangedSegment.objects.filter(context__object_id=page.translation_key, locale_id=page.locale_id)
    changes.filter(Q(resolved_at__isnull=False) | ~Exists(kept)).delete()
    recount(state)
    return state


def note_all_translations(**_of_signal: Any) -> None:
    """Give each page that was not written in its language a state, where it has none yet."""
    originals = Page.objects.filter(translation_key=OuterRef("translation_key"), alias_of=None)
    for model in page_models():
        pages = model.objects.filter(translation_state=None).exclude(source_language=F("locale__language_code"))
        original = originals.filter(locale__language_code=OuterRef("source_language")).values("pk")[:1]
        rows = pages.annotate(original=Subquery(original)).values_list("pk", "locale__language_code", "original")
        states = [TranslationState(page_id=pk, language=code, source_id=original) for pk, code, original in rows]
        TranslationState.objects.bulk_create(states, batch_size=1000, ignore_conflicts=True)


def page_models() -> list[Any]:
    """The types of pages that are written in one language and translated into others."""
    return [model for model in get_page_models() if hasattr(model, "source_language")]


def original_of(page: Any) -> Page | None:
    versions = Page.objects.filter(translation_key=page.translation_key, alias_of=None)
    return versions.filter(locale__language_code=page.source_language).first()


@transaction.atomic
def source_published(page: Page) -> None:
    """Bring what is kept of an original up to date, and mark in each language what has changed by that."""
    locales = {state.page.locale_id: state for state in states_of(page)}
    source = TranslationSource.objects.select_for_update().filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).first() or (baseline(page) if locales else None)
    if source is None:
        return
    before = sentences(source)
    changes = successors(before, sentences(keep(page.specific)))
    if changes:
        languages = Locale.objects.filter(pk__in=locales) | Locale.objects.filter(translations__source=source)
        for locale in languages.distinct():
            carry(changes, locale)
    for state in locales.values():
        recount(state)


def states_of(page: Page) -> list[TranslationState]:
    return list(TranslationState.objects.filter(source=page).select_related("page"))


def baseline(page: Page) -> TranslationSource | None:
    """What an original said when it was last published: the first that is kept of it.

    None where it was never published before, so that no translation can be older than it.
    """
    entries = PageLogEntry.objects.filter(page=page.pk, action__in=("wagtail.publish", "wagtail.publish.scheduled"))
    former = entries.exclude(revision=page.live_revision_id).exclude(revision=None).order_by("-timestamp").first()
    if former is None:
        return None
    return keep(former.revision.as_object())


def sentences(source: TranslationSource) -> list[Sentence]:
    rows = StringSegment.objects.filter(source=source).order_by("order")
    return [Sentence(*row) for row in rows.values_list("context_id", "string_id", "string__data")]


def carry(changes: Changes, locale: Locale) -> None:
    """Let each changed sentence have the translation of the one that it came from, and mark it.

    Of a text by a machine that nobody has confirmed only sentences have something that are still the same.
    """
    places = Q(pk__in=[])
    for one in {*changes, *filter(None, changes.values())}:
        places |= Q(context_id=one.context)
    known = _by_sentence(StringTranslation.objects.filter(places, locale=locale))
    marks = _by_sentence(ChangedSegment.objects.filter(places, locale=locale))
    kept, marked = [], []
    for new, old in changes.items():
        if (new.context, new.string) in known:
            continue
        before = known.get((old.context, old.string)) if old else None
        if old and before and not (is_unconfirmed(before) and old.string != new.string):
            kept.append(_copy(before, new))
        mark = marks.get((old.context, old.string)) if old else None
        if old is None or old.string != new.string:
            former = mark.previous if mark and not mark.resolved_at else old.text if old else ""
            marked.append(_mark(new, locale, former))
        elif mark:
            marked.append(_mark(new, locale, mark.previous, mark.resolved_at))
    StringTranslation.objects.bulk_create(kept, ignore_conflicts=True)
    ChangedSegment.objects.bulk_create(marked, ignore_conflicts=True)


def _by_sentence(rows: Iterable[Any]) -> dict[tuple[int, int], Any]:
    return {(row.context_id, getattr(row, "translation_of_id", None) or row.string_id): row for row in rows}


def _mark(new: Sentence, locale: Locale, previous: str, resolved_at: datetime | None = None) -> ChangedSegment:
    return ChangedSegment(
        locale=locale, string_id=new.string, context_id=new.context, previous=previous, resolved_at=resolved_at
    )


def _copy(translation: StringTranslation, new: Sentence) -> StringTranslation:
    """The same translation of another sentence. Links that this has not would make it void."""
    return StringTranslation(
        translation_of_id=new.string,
        context_id=new.context,
        locale_id=translation.locale_id,
        data=without_links(translation.data, extract_ids(translation.data) - extract_ids(new.text)),
        translation_type=translation.translation_type,
        tool_name=translation.tool_name,
        has_error=is_unconfirmed(translation),
        last_translated_by_id=translation.last_translated_by_id,
    )


@transaction.atomic
def translation_published(page: Page, revision: Revision | None) -> None:
    """Forget the changes that have found their way into the published text of a translation."""
    state = TranslationState.objects.select_for_update().select_related("page").filter(page_id=page.pk).first()
    if state is None:
        return
    changes = ChangedSegment.objects.filter(context__object_id=page.translation_key, locale_id=page.locale_id)
    if is_synchronised(page):
        changes = changes.filter(resolved_at__lte=revision.created_at if revision else timezone.now())
    changes.delete()
    recount(state)


def is_synchronised(page: Page) -> bool:
    """Whether a page is put together from translated segments; otherwise it is written by hand."""
    return Translation.objects.filter(
        source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
    ).exists()


def recount(state: TranslationState) -> None:
    """Note how many segments of a translation are older than its original, and since which version of that."""
    count = ChangedSegment.objects.of_page(state.page).count()
    if count == state.outdated_segments:
        return
    if not count:
        state.outdated_by, state.outdated_since = None, None
    elif not state.outdated_segments and state.source:
        state.outdated_by, state.outdated_since = state.source.live_revision, timezone.now()
    state.outdated_segments = count
    state.save(update_fields=["outdated_segments", "outdated_by", "outdated_since"])


def settle(translation: StringTranslation) -> None:
    """Somebody has looked at the translation of a sentence: it is no longer that of a former one."""
    _changes_of(translation).filter(resolved_at=None).update(resolved_at=timezone.now())


def unsettle(translation: StringTranslation) -> None:
    _changes_of(translation).update(resolved_at=None)


def _changes_of(translation: StringTranslation) -> Any:
    return ChangedSegment.objects.filter(
        locale_id=translation.locale_id, string_id=translation.translation_of_id, context_id=translation.context_id
    )
