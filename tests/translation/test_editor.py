"""The page on which translations are written: what it shows, what it saves, and who may do what with the whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageLogEntry
from wagtail_localize.models import StringTranslation, Translation

from cms.translation import machine
from cms.translation.choices import Status
from cms.translation.editor.memory import remember_all
from cms.translation.editor.sheets import Work, sheet_of
from cms.translation.models import (
    ChangedSegment,
    GlossaryTerm,
    GlossaryWording,
    MemoryKey,
    TranslationRequest,
    TranslationState,
)
from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign
from tests.factories.pages import make_practice
from tests.factories.site import locale, published
from tests.factories.translations import fill, save, synchronise, translated, write
from tests.translation.machine_servers import machine_settings
from tests.workflows.people import hire

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import Settings

RUSSIAN = "Люди ждали у семи окон."


@pytest.fixture(scope="module")
def world(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    """A practice of which a Russian draft lacks the problem, one that is not translated, and who works on them."""

    def make() -> dict[str, Any]:
        hire()
        begun, untouched = write_practice("One window"), write_practice("Second window")
        translation = synchronise(begun)
        fill(translation)
        StringTranslation.objects.get(context__path="problem", locale=locale("ru")).delete()
        return {
            "draft": save(translation, publish=False).pk,
            "practice": untouched.pk,
            "translator": worker("translator", Role.TRANSLATOR),
            "reviewer": worker("reviewer", Role.TRANSLATION_REVIEWER),
        }

    return made_once(make)


def write_practice(title: str) -> Any:
    return make_practice(
        title=title,
        summary="A counter for everything.",
        problem="<p>People queued at 7 counters.</p>",
        advice="<p>Begin small. See <a href='https://example.org/a'>the guide</a>.</p>",
    )


@pytest.fixture
def practice(world: dict[str, Any], db: None) -> Any:
    return Page.objects.get(pk=world["practice"]).specific


@pytest.fixture
def draft(world: dict[str, Any], db: None) -> Any:
    return Page.objects.get(pk=world["draft"]).specific


@pytest.fixture
def translator(world: dict[str, Any], db: None) -> Any:
    return User.objects.get(pk=world["translator"].pk)


@pytest.fixture
def reviewer(world: dict[str, Any], db: None) -> Any:
    return User.objects.get(pk=world["reviewer"].pk)


def worker(name: str, role: Role, language: str = "ru") -> Any:
    user = User.objects.create_user(name, f"{name}@example.org", "carpet-of-felt-41")
    assign(user, [RoleAssignment(role=role, language=language)])
    return user


def translation_of(page: Any) -> Translation:
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale_id)


def edit_url(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def opened(client: Client, page: Any, user: Any, query: str = "") -> Any:
    client.force_login(user)
    response = client.get(edit_url(page) + query)
    assert response.status_code == 200
    return parsed(response)


def parsed(response: Any) -> Any:
    return BeautifulSoup(response.content.decode(), "html5lib")


def segment(page: Any, place: str) -> Any:
    return next(one for one in page.select("article") if one.h3.get_text() == place)


def send(client: Client, article: Any, text: str, *, by_script: bool = True, **other: str) -> Any:
    form = article.form
    given = {field["name"]: field.get("value", "") for field in form.select("input")} | {"text": text} | other
    headers = {"X-Requested-With": "XMLHttpRequest"} if by_script else {}
    return client.post(form["action"], given, headers=headers)


def test_what_waits_for_a_translation_is_shown_first(client: Client, draft: Any, translator: Any) -> None:
    page = opened(client, draft, translator)
    assert [one.h3.get_text() for one in page.select("article")] == ["Problem"]
    assert "1 without a translation" in page.select_one("#translation-summary").get_text()
    everything = opened(client, draft, translator, "?show=all")
    assert len(everything.select("article")) > 5
    assert everything.select("article h3")[0].get_text() == "Title"
    assert segment(everything, "Title").textarea.get_text() == "ru One window"
    assert segment(everything, "Title").textarea["lang"] == "ru"


def test_a_saved_segment_is_kept_and_shown_as_done(client: Client, draft: Any, translator: Any) -> None:
    page = opened(client, draft, translator)
    response = send(client, segment(page, "Problem"), RUSSIAN)
    answer = parsed(response)
    assert response.status_code == 200
    assert "translation-segment--done" in answer.article["class"]
    assert "Numbers that the translation does not have: 7." in answer.article.get_text()
    row = StringTranslation.objects.get(context__path="problem", locale=locale("ru"))
    assert (row.data, row.last_translated_by, row.translation_type) == (RUSSIAN, translator, "manual")
    assert sheet_of(translation_of(draft), translator).to_do == 0


def test_a_browser_without_scripts_gets_the_page_again(client: Client, draft: Any, translator: Any) -> None:
    page = opened(client, draft, translator, "?show=all")
    response = send(client, segment(page, "Problem"), RUSSIAN, by_script=False)
    assert response.status_code == 302
    assert response["Location"].startswith(edit_url(draft))

    refused = send(client, segment(page, "Title"), "д" * 300, by_script=False)
    answer = parsed(refused)
    assert refused.status_code == 422
    assert "255 fit in this place" in answer.select_one("main .error-message").get_text()
    assert answer.select_one("main textarea").get_text() == "д" * 300
    assert answer.find("a", string="Back to the page")["href"].startswith(edit_url(draft))


def test_what_the_page_cannot_hold_comes_back_with_the_reason(client: Client, draft: Any, translator: Any) -> None:
    page = opened(client, draft, translator, "?show=all")
    advice = next(one for one in page.select("article") if "the guide" in one.get_text())
    sent = 'См. <a id="elsewhere">руководство</a>'
    for text, reason in ((sent, "Use the tags"), ("<b>См.", "has no partner")):
        response = send(client, advice, text)
        answer = parsed(response)
        assert response.status_code == 422
        assert reason in answer.select_one(".error-message").get_text()
        assert answer.textarea.get_text() == text
    response = send(client, segment(page, "Title"), "д" * 300)
    assert "The translation has 300 characters; 255 fit in this place." in response.content.decode()
    assert not StringTranslation.objects.filter(last_translated_by=translator).exists()


def test_whoever_saves_second_learns_of_the_first(client: Client, draft: Any, translator: Any) -> None:
    page = opened(client, draft, translator)
    write_in_between = send(client, segment(page, "Problem"), "Первый текст.")
    assert write_in_between.status_code == 200
    response = send(client, segment(page, "Problem"), "Второй текст.")
    answer = parsed(response)
    assert response.status_code == 409
    assert answer.textarea.get_text() == "Второй текст."
    assert StringTranslation.objects.get(context__path="problem", locale=locale("ru")).data == "Первый текст."
    assert send(client, answer.article, "Второй текст.").status_code == 200


def test_an_empty_text_takes_the_translation_away(client: Client, draft: Any, translator: Any) -> None:
    page = opened(client, draft, translator, "?show=all")
    assert send(client, segment(page, "Title"), "  ").status_code == 200
    assert not StringTranslation.objects.filter(context__path="title", locale=locale("ru")).exists()


def test_a_segment_that_the_original_has_no_more_is_not_saved(client: Client, draft: Any, translator: Any) -> None:
    page = opened(client, draft, translator)
    original = type(draft).objects.get(pk=draft.translation_state.source_id)
    original.problem = "<p>Something quite else.</p>"
    published(original)
    response = send(client, segment(page, "Problem"), RUSSIAN)
    assert response.status_code == 422
    assert "The original has changed" in response.content.decode()


def test_a_changed_sentence_shows_what_has_changed_and_is_confirmed(
    client: Client, practice: Any, translator: Any
) -> None:
    target = translated(practice)
    fresh = type(practice).objects.get(pk=practice.pk)
    fresh.problem = "<p>People waited at 7 counters.</p>"
    published(fresh)
    page = opened(client, target, translator)
    article = segment(page, "Problem")
    assert len(page.select("article")) == 1
    assert [one.get_text() for one in article.select("del, ins")][:2] == ["queued", "waited"]
    assert article.select_one("button.button").get_text() == "Confirm"
    assert send(client, article, article.textarea.get_text()).status_code == 200
    assert ChangedSegment.objects.get(locale=locale("ru")).resolved_at is not None
    state = TranslationState.objects.with_status().get(page=target.pk)
    assert state.status == Status.OUTDATED  # readers see the former text until it is published


def test_the_memory_suggests_what_is_public_and_ones_own(client: Client, practice: Any, translator: Any) -> None:
    other = make_practice(title="Another window", problem="<p>People queued for hours at 7 counters.</p>")
    target = translated(other, publish=False)
    write(other, "problem", "Люди часами стояли у 7 окон.")
    draft = save(synchronise(practice), publish=False)
    article = segment(opened(client, draft, translator), "Problem")
    assert article.select(".translation-suggestions li") == []

    target.get_latest_revision().publish()
    article = segment(opened(client, draft, translator), "Problem")
    (suggestion,) = article.select(".translation-suggestions li")
    assert suggestion.button["data-use"] == "Люди часами стояли у 7 окон."
    assert "ru Another window" in suggestion.get_text()
    assert 60 <= int(suggestion.select_one(".translation-likeness").get_text().split()[0]) < 100

    StringTranslation.objects.filter(context__object_id=other.translation_key).update(last_translated_by=translator)
    Page.objects.filter(pk=target.pk).update(live=False)
    assert segment(opened(client, draft, translator), "Problem").select(".translation-suggestions li")


def test_the_glossary_stands_beside_the_original(client: Client, draft: Any, translator: Any) -> None:
    term = GlossaryTerm.objects.create()
    term.wordings = [
        GlossaryWording(language="en", text="counter"),
        GlossaryWording(language="ru", text="окно", note="не «стойка»"),
    ]
    term.save()
    article = segment(opened(client, draft, translator), "Problem")
    assert [one["data-insert"] for one in article.select(".translation-terms button")] == ["окно"]
    answer = parsed(send(client, article, "Люди стояли у 7 стоек."))
    assert "The glossary has “окно” for “counter”." in answer.select_one(".translation-remarks").get_text()


def test_an_incomplete_translation_is_neither_submitted_nor_published(
    client: Client, draft: Any, reviewer: Any
) -> None:
    client.force_login(reviewer)
    for action in ("submit", "publish"):
        response = client.post(edit_url(draft), {"action": action}, follow=True)
        assert "Not published: 1 segment is not translated yet" in response.content.decode()
    draft.refresh_from_db()
    assert not draft.live
    assert not draft.workflow_in_progress


def test_a_translation_goes_through_review_and_is_published(
    client: Client, draft: Any, translator: Any, reviewer: Any
) -> None:
    page = opened(client, draft, translator)
    send(client, segment(page, "Problem"), "Люди ждали у 7 окон.")
    labels = [one.get_text() for one in opened(client, draft, translator).select(".translation-actions button")]
    assert labels == ["Submit for review"]
    response = client.post(edit_url(draft), {"action": "submit"}, follow=True)
    assert "has been submitted for review" in response.content.decode()
    locked = parsed(response)
    assert locked.select(".translation-target button, .translation-actions") == []
    article = segment(page, "Problem")
    assert send(client, article, "Другой текст.").status_code == 403

    page = opened(client, draft, reviewer, "?show=all")
    buttons = {one.get_text(): one["data-workflow-action-url"] for one in page.select("[data-workflow-action-url]")}
    assert {"Approve", "Request changes"} <= buttons.keys()
    assert send(client, segment(page, "Problem"), "Люди часами ждали у 7 окон.").status_code == 200
    client.post(buttons["Approve"])
    fresh = type(draft).objects.get(pk=draft.pk)
    assert fresh.workflow_in_progress, "the reviewer has written some of it"


def test_nobody_approves_what_they_have_translated_although_another_has_submitted_it(
    client: Client, draft: Any, translator: Any, reviewer: Any
) -> None:
    send(client, segment(opened(client, draft, reviewer), "Problem"), RUSSIAN)
    client.force_login(translator)
    client.post(edit_url(draft), {"action": "submit"})
    labels = [one.get_text() for one in opened(client, draft, reviewer).select("[data-workflow-action-url]")]
    assert "Request changes" in labels
    assert "Approve" not in labels
    other = worker("other-reviewer", Role.TRANSLATION_REVIEWER)
    page = opened(client, draft, other)
    client.post(next(one["data-workflow-action-url"] for one in page.select("button") if one.get_text() == "Approve"))
    assert type(draft).objects.get(pk=draft.pk).live


def test_whoever_may_publish_publishes_at_once(client: Client, draft: Any, reviewer: Any) -> None:
    page = opened(client, draft, reviewer)
    send(client, segment(page, "Problem"), RUSSIAN)
    client.post(edit_url(draft), {"action": "publish"})
    fresh = type(draft).objects.get(pk=draft.pk)
    assert fresh.live
    assert RUSSIAN in str(fresh.problem)
    assert TranslationState.objects.with_status().get(page=draft.pk).status == Status.CURRENT


def test_a_page_that_was_given_back_is_submitted_again(
    client: Client, draft: Any, translator: Any, reviewer: Any
) -> None:
    send(client, segment(opened(client, draft, translator), "Problem"), RUSSIAN)
    client.post(edit_url(draft), {"action": "submit"})
    page = opened(client, draft, reviewer)
    url = next(one["data-workflow-action-url"] for one in page.select("button") if one.get_text() == "Request changes")
    client.post(url, {"comment": "Say “окна”."})
    labels = [one.get_text() for one in opened(client, draft, translator).select(".translation-actions button")]
    assert labels == ["Submit for review again"]
    client.post(edit_url(draft), {"action": "submit"})
    assert type(draft).objects.get(pk=draft.pk).workflow_in_progress


def test_a_page_that_cannot_be_saved_says_why(client: Client, draft: Any, reviewer: Any) -> None:
    send(client, segment(opened(client, draft, reviewer), "Problem"), RUSSIAN)
    StringTranslation.objects.filter(context__path="title", locale=locale("ru")).update(data="д" * 300)
    response = client.post(edit_url(draft), {"action": "publish"}, follow=True)
    assert "Title: Ensure this value has at most 255 characters (it has 300)" in response.content.decode()
    assert not type(draft).objects.get(pk=draft.pk).live


@pytest.mark.parametrize("action", ["submit", "publish"])
def test_the_whole_is_only_for_those_who_may(client: Client, draft: Any, translator: Any, action: str) -> None:
    send(client, segment(opened(client, draft, translator), "Problem"), RUSSIAN)
    client.force_login(worker("kazakh", Role.TRANSLATION_REVIEWER, "kk"))
    assert client.post(edit_url(draft), {"action": action}).status_code == 302
    if action == "publish":
        client.force_login(translator)
        assert client.post(edit_url(draft), {"action": action}).status_code == 302
    fresh = type(draft).objects.get(pk=draft.pk)
    assert (fresh.live, fresh.workflow_in_progress) == (False, False)


def test_other_pictures_and_links_are_chosen_on_the_page_of_the_package(
    client: Client, practice: Any, translator: Any
) -> None:
    draft = save(synchronise(practice), publish=False)
    assert "?values" in [one["href"] for one in opened(client, draft, translator).select(".translation-elsewhere a")]
    client.force_login(translator)
    assert "js-translation-editor" in client.get(edit_url(draft) + "?values").content.decode()


def test_the_number_of_queries_does_not_depend_on_the_number_of_segments(
    client: Client, practice: Any, translator: Any
) -> None:
    def queries(page: Any) -> int:
        opened(client, page, translator)
        with CaptureQueriesContext(connection) as captured:
            opened(client, page, translator, "?show=all")
        return len(captured)

    short = save(synchronise(practice), publish=False)
    paragraphs = "".join(f"<p>Paragraph number {number} of the text.</p>" for number in range(40))
    long = make_practice(title="Long", body=[{"type": "text", "value": paragraphs, "id": "a"}])
    assert abs(queries(save(synchronise(long), publish=False)) - queries(short)) <= 2


def test_sentences_that_were_written_past_the_memory_are_remembered(practice: Any) -> None:
    synchronise(practice)
    before = set(MemoryKey.objects.values_list("string", "key"))
    MemoryKey.objects.all().delete()
    remember_all()
    assert set(MemoryKey.objects.values_list("string", "key")) == before != set()


def test_what_a_machine_wrote_waits_for_a_person(practice: Any, translator: Any) -> None:
    translation = synchronise(practice)
    fill(translation)
    StringTranslation.objects.filter(context__path="title").update(translation_type="machine")
    counts = sheet_of(translation, translator).counts
    assert (counts[Work.MACHINE], counts[Work.NEW]) == (1, 0)


def test_the_best_suggestions_come_first_and_only_once(client: Client, practice: Any, translator: Any) -> None:
    sentences = [
        "People queued at 7 counters in the morning.",
        "People queued at 7 counters of the town.",
        "People queued at 7 counters of the village.",
        "People queued at 7 counters and got nothing for it at all.",
        "Nobody knew where to go, and nobody said so.",
    ]
    for number, sentence in enumerate(sentences):
        other = make_practice(title=f"Window number {number}", problem=f"<p>{sentence}</p>")
        translated(other)
    twin = make_practice(title="Twin", problem="<p>People queued at 7 counters of the town.</p>")
    translated(twin)
    draft = save(synchronise(practice), publish=False)
    rows = sheet_of(translation_of(draft), translator).rows
    found = next(row.suggestions for row in rows if row.unit.path == "problem")
    assert len(found) == 3
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    assert len({one.text for one in found}) == 3
    assert not any("Nobody knew" in one.source for one in found)
    assert any(part.kind == "removed" for part in found[0].difference)


def test_a_sentence_that_stands_elsewhere_already_is_suggested_whole(
    client: Client, practice: Any, translator: Any
) -> None:
    other = make_practice(title="Other", problem="<p>People queued at 7 counters.</p>")
    translated(other)
    draft = save(synchronise(practice), publish=False)
    rows = sheet_of(translation_of(draft), translator).rows
    (found,) = next(row.suggestions for row in rows if row.unit.path == "problem")
    assert (found.likeness, found.text, found.difference) == (100, "ru People queued at 7 counters.", ())


def test_what_was_asked_for_stands_above_for_those_who_may_know(
    client: Client, draft: Any, translator: Any, reviewer: Any
) -> None:
    request = TranslationRequest.objects.create(note="Before the conference.", due_on=date(2030, 5, 1))
    request.items.create(source_id=draft.translation_state.source_id, locale=draft.locale, page_id=draft.pk)
    shown = opened(client, draft, translator).select_one("p.translation-request").get_text()
    assert "Before the conference." in shown
    assert "2030" in shown
    editor = User.objects.get(username="editor")
    assert opened(client, draft, editor).select("p.translation-request") == []


def test_a_machine_is_offered_where_there_is_one_and_something_left_for_it(
    client: Client, draft: Any, translator: Any, settings: Settings
) -> None:
    assert "Draft with machine translation" not in opened(client, draft, translator).get_text()
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("dummy")
    page = opened(client, draft, translator)
    form = next(form for form in page.select("form") if "Draft with machine translation" in form.get_text())
    client.post(form["action"])
    article = segment(opened(client, draft, translator), "Problem")
    assert "translation-segment--machine" in article["class"]
    assert article.select_one("button.button").get_text() == "Confirm"
    assert send(client, article, article.textarea.get_text()).status_code == 200
    assert "Draft with machine translation" not in opened(client, draft, translator).get_text()
    assert sheet_of(translation_of(draft), translator).to_do == 0
    (confirmed,) = PageLogEntry.objects.filter(page=draft.pk, action=machine.CONFIRMED)
    assert (confirmed.user, confirmed.data["count"]) == (translator, 1)


def test_a_page_that_somebody_has_locked_is_read_only(
    client: Client, draft: Any, translator: Any, reviewer: Any
) -> None:
    page = opened(client, draft, translator)
    Page.objects.filter(pk=draft.pk).update(locked=True, locked_by=reviewer)
    locked = opened(client, draft, translator)
    assert locked.select(".translation-buttons, .translation-actions, .translation-suggestions") == []
    assert all(field.has_attr("readonly") for field in locked.select("textarea"))
    assert send(client, segment(page, "Problem"), RUSSIAN).status_code == 403
    client.force_login(translator)
    assert client.post(edit_url(draft), {"action": "submit"}).status_code == 302
    assert not type(draft).objects.get(pk=draft.pk).workflow_in_progress


def test_an_original_is_edited_as_ever(client: Client, practice: Any) -> None:
    page = opened(client, practice, User.objects.get(username="editor"))
    assert page.select(".translation-editor") == []
    assert page.select("#id_title")
