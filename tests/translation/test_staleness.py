"""What becomes of translations when their original is published, and of the changes when they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation

from cms.translation.choices import Status
from cms.translation.drafts import make_draft
from cms.translation.models import ChangedSegment, TranslationState
from cms.translation.staleness import note_all_translations, source_published
from cms.workflows.installation import install_workflow
from practices.models import PracticeIndexPage
from tests.factories.examples import FULL
from tests.factories.pages import make_practice
from tests.factories.site import homes, index_page, locale, published
from tests.factories.translations import fill, save, synchronise, translated, write

if TYPE_CHECKING:
    from wagtail.models import Site

every_type = pytest.mark.parametrize("kind", FULL)
PARAGRAPHS = "<p>First a count.</p><p>Then a plan was made.</p><p>Nobody queued any more.</p>"


@pytest.fixture
def practice(site: Site) -> Any:
    return make_practice(
        title="One window",
        summary="A counter for everything.",
        problem="<p>People queued.</p>",
        advice="<p>Begin small. See <a href='https://example.org/a'>the guide</a>.</p>",
        body=[{"type": "text", "value": PARAGRAPHS, "id": "text"}],
    )


def state(page: Any) -> TranslationState:
    return TranslationState.objects.with_status().get(page=page.pk)


def status(page: Any) -> tuple[str, int]:
    found: Any = state(page)
    return found.status, found.outdated_segments


def changed(page: Any, **facts: Any) -> Any:
    """The page with other values, published."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in facts.items():
        setattr(page, name, value)
    return published(page)


def fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


@every_type
def test_a_page_in_its_own_language_has_no_state_and_a_translation_one(site: Site, kind: str) -> None:
    source = FULL[kind]()
    homes()["ru"].delete() if kind == "home" else None
    target = translated(source, publish=False)
    assert not TranslationState.objects.filter(page=source.pk).exists()
    assert (state(target).source_id, state(target).language) == (source.pk, "ru")
    assert status(target) == (Status.DRAFT, 0)


@every_type
def test_a_changed_sentence_makes_its_translations_outdated_at_once(site: Site, kind: str) -> None:
    source = FULL[kind]()
    if kind == "home":
        homes()["ru"].delete()
    target = translated(source)
    assert status(target) == (Status.CURRENT, 0)
    source = changed(source, summary=f"{source.summary} And more.")
    assert status(target) == (Status.OUTDATED, 1)
    assert state(target).outdated_by == source.live_revision
    assert state(target).outdated_since is not None


def test_each_language_counts_for_itself(practice: Any) -> None:
    russian, kazakh = translated(practice), translated(practice, "kk", publish=False)
    changed(practice, summary="A desk for everything.", title="One desk")
    assert (status(russian), status(kazakh)) == ((Status.OUTDATED, 2), (Status.DRAFT, 2))


def test_a_draft_of_the_original_changes_nothing(practice: Any) -> None:
    target = translated(practice)
    practice.summary = "A desk for everything."
    practice.save_revision()
    assert status(target) == (Status.CURRENT, 0)


def test_a_changed_fact_is_no_changed_sentence(practice: Any) -> None:
    target = translated(practice)
    changed(practice, status="ended")
    assert status(target) == (Status.CURRENT, 0)


def test_a_changed_sentence_keeps_its_translation_and_says_for_what_it_was_made(practice: Any) -> None:
    target = translated(practice)
    changed(practice, summary="A desk for everything.")
    change = ChangedSegment.objects.get()
    assert (change.previous, change.string.data) == ("A counter for everything.", "A desk for everything.")
    kept = StringTranslation.objects.get(translation_of=change.string, context=change.context)
    assert kept.data == "ru A counter for everything."
    assert save(Translation.objects.get()).summary == "ru A counter for everything."
    assert status(target) == (Status.OUTDATED, 1)


def test_of_two_changes_the_sentence_is_remembered_for_which_the_translation_was_made(practice: Any) -> None:
    target = translated(practice)
    changed(practice, summary="A desk for everything.")
    changed(practice, summary="A desk for all things.")
    change = ChangedSegment.objects.of_page(target).get()
    assert change.previous == "A counter for everything."


def test_what_changes_back_is_current_again(practice: Any) -> None:
    target = translated(practice)
    changed(practice, summary="A desk for everything.")
    changed(practice, summary="A counter for everything.")
    assert status(target) == (Status.CURRENT, 0)
    assert state(target).outdated_since is None


def test_a_translated_change_counts_until_it_is_published(practice: Any) -> None:
    target = translated(practice)
    changed(practice, summary="A desk for everything.", title="One desk")
    write(practice, "summary", "Стол на все случаи.")
    assert status(target) == (Status.OUTDATED, 2)
    target = save(Translation.objects.get())
    assert (target.summary, target.title) == ("Стол на все случаи.", "ru One window")
    assert status(target) == (Status.OUTDATED, 1)
    write(practice, "title", "Один стол")
    save(Translation.objects.get())
    assert status(target) == (Status.CURRENT, 0)
    assert not ChangedSegment.objects.exists()


def test_what_is_translated_after_a_text_was_saved_is_not_published_with_it(practice: Any) -> None:
    target = translated(practice)
    changed(practice, summary="A desk for everything.")
    draft = save(Translation.objects.get(), publish=False).get_latest_revision()
    write(practice, "summary", "Стол на все случаи.")
    draft.publish()
    assert status(target) == (Status.OUTDATED, 1)


def test_a_translation_that_is_taken_back_is_a_change_again(practice: Any) -> None:
    target = translated(practice)
    changed(practice, summary="A desk for everything.")
    write(practice, "summary", "Стол на все случаи.").delete()
    assert ChangedSegment.objects.get().resolved_at is None
    assert status(target) == (Status.OUTDATED, 1)


def test_an_added_sentence_counts_and_has_no_translation(practice: Any) -> None:
    target = translated(practice)
    more = PARAGRAPHS.replace("</p><p>Nobody", "</p><p>Staff were trained for a month.</p><p>Nobody")
    changed(practice, body=[{"type": "text", "value": more, "id": "text"}])
    assert status(target) == (Status.OUTDATED, 1)
    assert ChangedSegment.objects.get().previous == ""
    assert not StringTranslation.objects.filter(translation_of__data__startswith="Staff").exists()
    assert "Staff" not in str(fresh(target).body)


def test_the_changed_one_of_several_sentences_is_told_from_the_others(practice: Any) -> None:
    translated(practice)
    other = PARAGRAPHS.replace("Then a plan was made.", "Then a good plan was made.")
    changed(practice, body=[{"type": "text", "value": other, "id": "text"}])
    assert ChangedSegment.objects.get().previous == "Then a plan was made."


def test_a_block_that_moved_keeps_its_translation(practice: Any) -> None:
    target = translated(practice)
    changed(practice, body=[{"type": "text", "value": PARAGRAPHS, "id": "another"}])
    assert status(target) == (Status.CURRENT, 0)
    target = save(Translation.objects.get())
    assert "ru First a count." in str(target.body)


def test_a_link_that_is_gone_is_no_link_in_the_kept_translation(practice: Any) -> None:
    translated(practice)
    changed(practice, advice="<p>Begin very small. See the guide.</p>")
    target = save(Translation.objects.get())
    assert target.advice == "<p>ru Begin small. See the guide.</p>"


def test_sentences_that_nobody_has_translated_stay_without(practice: Any) -> None:
    translation = synchronise(practice)
    fill(translation, only="title")
    target = save(translation, publish=False)
    changed(practice, summary="A desk for everything.")
    assert status(target) == (Status.DRAFT, 1)
    assert not StringTranslation.objects.filter(context__path="summary").exists()


def test_a_page_written_by_hand_is_current_when_it_is_published(practice: Any) -> None:
    target = translated(practice)
    Translation.objects.update(enabled=False)
    changed(practice, summary="A desk for everything.")
    assert status(target) == (Status.OUTDATED, 1)
    published(fresh(target))
    assert status(target) == (Status.CURRENT, 0)


def test_a_translation_that_was_never_kept_in_segments_is_compared_with_what_was_published_before(
    practice: Any,
) -> None:
    target = practice.copy_for_translation(locale("ru"))
    published(target)
    changed(practice, summary="A desk for everything.", title="One desk")
    assert status(target) == (Status.OUTDATED, 2)


def test_before_the_first_publication_nothing_is_outdated(site: Site) -> None:
    source = make_practice(index_page(PracticeIndexPage), live=False)
    target = source.copy_for_translation(locale("ru"))
    published(source)
    assert status(target) == (Status.DRAFT, 0)


def test_a_translation_in_review_is_in_review(practice: Any, admin_user: Any) -> None:
    target = translated(practice, publish=False)
    install_workflow()
    running = target.get_workflow().start(target, admin_user)
    assert status(target)[0] == Status.IN_REVIEW
    running.cancel()
    assert status(target)[0] == Status.DRAFT


def test_without_its_original_a_translation_is_orphaned(practice: Any) -> None:
    target = translated(practice)
    practice.delete()
    assert status(target) == (Status.ORPHANED, 0)
    assert Page.objects.get(pk=target.pk).live
    assert StringTranslation.objects.filter(locale=locale("ru"), context__path="title").exists()


def test_a_deleted_translation_leaves_its_texts(practice: Any) -> None:
    translated(practice).delete()
    assert not TranslationState.objects.filter(source=practice.pk).exists()
    assert save(Translation.objects.get(), publish=False).title == "ru One window"


def test_a_translation_made_again_is_as_outdated_as_the_texts_that_it_is_made_of(practice: Any) -> None:
    target = translated(practice)
    changed(practice, summary="A desk for everything.")
    target.delete()
    again = make_draft(practice, locale("ru"), None)
    assert status(again) == (Status.DRAFT, 1)


def test_pages_without_a_state_get_one(practice: Any, django_assert_max_num_queries: Any) -> None:
    target = translated(practice)
    TranslationState.objects.all().delete()
    note_all_translations()
    assert (state(target).source_id, state(target).language) == (practice.pk, "ru")
    before = TranslationState.objects.count()
    note_all_translations()
    assert TranslationState.objects.count() == before


def test_publishing_a_page_without_translations_costs_four_queries(
    practice: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):  # two of them for a savepoint
        source_published(practice)
