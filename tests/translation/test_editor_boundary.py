"""What may come from a browser into the page of a translation, and what a page becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction
from wagtail_localize.models import OverridableSegment, StringSegment, StringTranslation, Translation

from cms.translation import machine
from cms.translation.editor import services
from cms.translation.editor.sheets import Work, sheet_of
from cms.translation.machines.errors import RefusedError
from cms.translation.machines.tasks import drafted
from cms.users.choices import Role
from cms.users.models import RoleAssignment, User
from cms.users.services import assign
from tests.factories.pages import make_practice
from tests.factories.site import locale, published
from tests.factories.translations import fill, save, synchronise
from tests.translation.machine_servers import machine_settings
from tests.workflows.people import hire

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import Settings

BODY = [
    {"type": "text", "value": "<p>Come early.</p><p>Come early.</p><p>First<br/>second.</p>", "id": "text"},
    {"type": "quote", "value": {"text": "It works.", "attribution": "A clerk"}, "id": "quote"},
]


@pytest.fixture(scope="module")
def world(made_once: Callable[[Callable[[], Any]], Any]) -> dict[str, Any]:
    """A practice with a complete Russian draft, a public Russian page beside it, and who works on them."""

    def make() -> dict[str, Any]:
        hire()
        practice = make_practice(
            title="One window", problem='<p>See <a href="https://example.org">the <b>guide</b></a>.</p>', body=BODY
        )
        draft = synchronise(practice)
        fill(draft)
        taken = synchronise(make_practice(title="Other", slug="other"))
        fill(taken)
        save(taken)
        return {
            "draft": save(draft, publish=False).pk,
            "other": taken.get_target_instance().pk,
            "reviewer": worker("reviewer").pk,
            "second": worker("second").pk,
            "translator": worker("translator", Role.TRANSLATOR).pk,
        }

    return made_once(make)


def worker(name: str, role: Role = Role.TRANSLATION_REVIEWER) -> Any:
    user = User.objects.create_user(name, f"{name}@example.org", "carpet-of-felt-41")
    assign(user, [RoleAssignment(role=role, language="ru")])
    return user


@pytest.fixture
def draft(world: dict[str, Any], db: None) -> Any:
    return fresh(world["draft"])


@pytest.fixture
def people(world: dict[str, Any], db: None) -> dict[str, Any]:
    return {name: User.objects.get(pk=world[name]) for name in ("reviewer", "second", "translator")}


def fresh(pk: int) -> Any:
    return Page.objects.get(pk=pk).specific


def record_of(page: Any) -> Translation:
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale_id)


def row_of(page: Any, path: str, place: int = 0, user: Any = None) -> Any:
    return [row for row in sheet_of(record_of(page), user, only=()).rows if row.unit.path == path][place]


def post(client: Client, page: Any, row: Any, text: str, user: Any) -> Any:
    """Send a text as the script of the page does."""
    client.force_login(user)
    address = reverse("translation_segment", args=(record_of(page).pk, row.unit.id))
    return client.post(address, {"text": text, "seen": row.seen}, headers={"X-Requested-With": "XMLHttpRequest"})


def kept(page: Any, path: str) -> str | None:
    rows = StringTranslation.objects.filter(context__path=path, context__object_id=page.translation_key)
    return rows.values_list("data", flat=True).first()


@pytest.mark.parametrize(
    "case",
    [
        ("title", "Исследования & разработки", "Исследования &amp; разработки", "Исследования & разработки"),
        ("title", "a < b > c", "a &lt; b &gt; c", "a < b > c"),
        ("title", "R&amp;D", "R&amp;D", "R&D"),
        ("title", " Окно 🪟 \r\n для\u2028всех ", "Окно 🪟 для всех", "Окно 🪟 для всех"),
        ("title", "نافذة واحدة", "نافذة واحدة", "نافذة واحدة"),
        ("approach", "Раз.<br/>Два.", "Раз.<br/>Два.", "<p>Раз.<br/>Два.</p>"),
        ("approach", "Раз.\n\nДва.", "Раз. Два.", "<p>Раз. Два.</p>"),
        (
            "approach",
            "<b>Раз</b> <!-- нет -->",
            "<b>Раз</b> &lt;!-- нет --&gt;",
            "<p><b>Раз</b> &lt;!-- нет --&gt;</p>",
        ),
        ("approach", "я" * 30_000, "я" * 30_000, f"<p>{'я' * 30_000}</p>"),
        ("slug", " Okno No 1 ", "okno-no-1", "okno-no-1"),
        ("slug", "a/b?c=d&e", "abcde", "abcde"),
        ("slug", "x" * 255, "x" * 255, "x" * 255),
        ("slug", "ru-other", "ru-other", "ru-other-1"),
    ],
)
def test_what_is_written_is_what_the_page_says(
    draft: Any, people: dict[str, Any], case: tuple[str, str, str, str]
) -> None:
    path, text, stored, read = case
    row = row_of(draft, path)
    services.translate_segment(record_of(draft), row.unit.id, text, row.seen, people["reviewer"])
    assert kept(draft, path) == stored
    services.put_together(record_of(draft), people["reviewer"])
    assert str(getattr(fresh(draft.pk).get_latest_revision_as_object(), path)) == read


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("title", "<b></b>", "nothing that can be read"),
        ("title", "&nbsp;", "nothing that can be read"),
        ("title", "\u200b\u200f", "nothing that can be read"),
        ("approach", "<br/>", "nothing that can be read"),
        ("approach", "<b> </b>", "nothing that can be read"),
        ("slug", "Окно", "Latin letters, digits and hyphens"),
        ("slug", "!?", "Latin letters, digits and hyphens"),
        ("slug", "x" * 256, "256 characters; 255 fit"),
        ("title", "a\x00b", "control character (U+0000)"),
        ("approach", "<i>a <b>b</i></b>", "has no partner"),
        ("approach", "a</p><p>b", "has no partner"),
        ("approach", "<script>x</script>", "<script> tag is not allowed"),
        ("approach", '<b onclick="x()">a</b>', "tags with attributes"),
        ("approach", '<a id="a1">x</a>', "Use the tags"),
        ("approach", "<b>" * 21 + "x" + "</b>" * 21, "nested too deeply"),
    ],
)
def test_what_no_page_can_say_is_refused_with_what_to_do(
    draft: Any, people: dict[str, Any], path: str, text: str, reason: str
) -> None:
    row = row_of(draft, path)
    with pytest.raises(services.NotSavedError) as refused:
        services.translate_segment(record_of(draft), row.unit.id, text, row.seen, people["reviewer"])
    assert reason in str(refused.value)
    assert kept(draft, path) == row.unit.target


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "\r\n"])
def test_blanks_take_a_translation_away(draft: Any, people: dict[str, Any], text: str) -> None:
    row = row_of(draft, "title")
    services.translate_segment(record_of(draft), row.unit.id, text, row.seen, people["reviewer"])
    assert kept(draft, "title") is None
    assert row_of(draft, "title").work == Work.NEW


def test_a_text_in_which_the_original_has_lines_keeps_its_own(draft: Any) -> None:
    assert services.text_for("note", "One\ntwo", "Раз\r\nдва") == "Раз\nдва"


def test_an_original_that_was_deleted_meanwhile_is_told(client: Client, draft: Any, people: dict[str, Any]) -> None:
    record, row = record_of(draft), row_of(draft, "title")
    fresh(draft.translation_state.source_id).delete()
    response = post(client, draft, row, "Окно", people["reviewer"])
    assert response.status_code == 422
    assert response.content.decode().startswith("The original was deleted")
    assert client.post(reverse("wagtail_localize:upload_pofile", args=(record.pk,))).status_code == 404
    assert "translation-editor" not in client.get(reverse("wagtailadmin_pages:edit", args=(draft.pk,))).content.decode()


def test_rights_are_asked_anew_for_each_segment(client: Client, draft: Any, people: dict[str, Any]) -> None:
    row = row_of(draft, "title")
    assert post(client, draft, row, "Окно", people["translator"]).status_code == 200
    assign(people["translator"], [RoleAssignment(role=Role.TRANSLATOR, language="kk")])
    row = row_of(draft, "title")
    assert post(client, draft, row, "Касса", people["translator"]).status_code == 403
    client.logout()
    address = reverse("translation_segment", args=(record_of(draft).pk, row.unit.id))
    signed_out = client.post(address, {"text": "Касса"}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert signed_out.status_code == 403, "a redirection would be taken for an answer"
    assert kept(draft, "title") == "Окно"


def test_equal_sentences_of_one_place_are_translated_once(draft: Any, people: dict[str, Any]) -> None:
    row = row_of(draft, "body.text")
    assert (row.unit.source, row.unit.times) == ("Come early.", 2)
    assert "Stands 2 times in this place; one translation serves for all." in sheet_row(draft, row).remarks
    services.translate_segment(record_of(draft), row.unit.id, "Приходите рано.", row.seen, people["reviewer"])
    page = services.put_together(record_of(draft), people["reviewer"]).get_latest_revision_as_object()
    assert str(page.body[0].value).count("<p>Приходите рано.</p>") == 2


def sheet_row(page: Any, row: Any) -> Any:
    return next(one for one in sheet_of(record_of(page), None, only=()).rows if one.unit.id == row.unit.id)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ('См. <b><a id="a1">руководство</a></b>.', ""),
        ("См. <b>руководство</b>.", "1 link of the original is missing."),
    ],
)
def test_a_link_may_move_within_other_tags_and_its_loss_is_named(
    client: Client, draft: Any, people: dict[str, Any], text: str, remark: str
) -> None:
    row = row_of(draft, "problem")
    response = post(client, draft, row, text, people["reviewer"])
    assert response.status_code == 200
    assert ("link of the original is missing" in response.content.decode()) == bool(remark)
    services.put_together(record_of(draft), people["reviewer"])
    problem = str(fresh(draft.pk).get_latest_revision_as_object().problem)
    assert ('href="https://example.org"' in problem) == (not remark)


def test_a_page_that_lacks_a_sentence_by_now_is_not_approved(
    client: Client, draft: Any, people: dict[str, Any]
) -> None:
    """Whoever approves the page in review approves what is here: readers would see the original's new sentence."""
    services.submit(record_of(draft), people["translator"])
    original = fresh(draft.translation_state.source_id)
    original.problem = "<p>Read the guide.</p><p>A new sentence.</p>"
    published(original)
    first = row_of(draft, "problem")
    assert post(client, draft, first, "Прочтите руководство.", people["reviewer"]).status_code == 200

    shown = review(client, draft, people["second"])
    assert "Approve" not in shown["buttons"]
    assert "1 segment is not translated yet" in shown["text"]
    state = fresh(draft.pk).current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=(draft.pk, "approve", state.pk)), {"comment": ""})
    assert not fresh(draft.pk).live

    assert post(client, draft, row_of(draft, "problem", 1), "Новое.", people["reviewer"]).status_code == 200
    shown = review(client, draft, people["second"])
    assert "not translated yet" not in shown["text"]
    client.post(shown["buttons"]["Approve"])
    page = fresh(draft.pk)
    assert (page.live, str(page.problem)) == (True, "<p>Прочтите руководство.</p><p>Новое.</p>")
    assert locale("ru") == page.locale


def review(client: Client, page: Any, user: Any) -> dict[str, Any]:
    """What a reviewer reads on the page of a translation, and the addresses of what can be decided, by their labels."""
    client.force_login(user)
    response = client.get(reverse("wagtailadmin_pages:edit", args=(page.pk,)))
    soup = BeautifulSoup(response.content.decode(), "html5lib")
    buttons = soup.select("[data-workflow-action-url]")
    text = " ".join(one.get_text(" ") for one in soup.select(".translation-actions"))
    return {"text": text, "buttons": {one.get_text(): one["data-workflow-action-url"] for one in buttons}}


def restrict(page: Any) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


MEMORIES: dict[str, tuple[Callable[[Any], Any], int]] = {
    "public": (lambda page: page.save(), 1),
    "restricted": (restrict, 0),
    "in a restricted section": (lambda page: restrict(page.get_parent()), 0),
    "unpublished": (lambda page: page.unpublish(), 0),
    "deleted": (lambda page: page.delete(), 0),
    "of an original that was deleted": (lambda page: fresh(page.translation_state.source_id).delete(), 1),
}


@pytest.mark.parametrize("case", MEMORIES)
def test_the_memory_tells_of_what_anybody_may_read_and_of_ones_own(
    world: dict[str, Any], draft: Any, people: dict[str, Any], case: str
) -> None:
    hide, expected = MEMORIES[case]
    StringTranslation.objects.get(context__path="summary", context__object_id=draft.translation_key).delete()
    other = fresh(world["other"])
    key = other.translation_key
    StringTranslation.objects.filter(context__object_id=key).update(last_translated_by=people["second"])
    hide(other)

    def found(user: Any) -> list[Any]:
        (row,) = (row for row in sheet_of(record_of(draft), user).rows if row.unit.path == "summary")
        return [(one.text, one.likeness) for one in row.suggestions]

    own = [("ru What was done, and what came of it.", 100)]
    assert found(people["reviewer"]) == own * expected
    assert found(people["second"]) == own


def test_what_a_machine_made_is_no_memory_for_others(world: dict[str, Any], draft: Any, people: dict[str, Any]) -> None:
    StringTranslation.objects.get(context__path="summary", context__object_id=draft.translation_key).delete()
    key = fresh(world["other"]).translation_key
    StringTranslation.objects.filter(context__object_id=key).update(translation_type="machine")
    (row,) = (row for row in sheet_of(record_of(draft), people["reviewer"]).rows if row.unit.path == "summary")
    assert row.suggestions == []


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Подход по нему.", ""),
        ("Подход по нему", "The original ends with “.”."),
        ("Пoдход по нему.", "Latin and Cyrillic letters in one word: Пoдход."),
        ("Подход по нему 5.", "Numbers that the original does not have: 5."),
    ],
)
def test_what_should_be_looked_at_again_is_saved_all_the_same(
    client: Client, draft: Any, people: dict[str, Any], text: str, remark: str
) -> None:
    response = post(client, draft, row_of(draft, "approach"), text, people["translator"])
    said = [one.get_text() for one in parsed(response).select(".translation-remarks li")]
    assert (response.status_code, said) == (200, [remark] if remark else [])
    assert kept(draft, "approach") == text


def parsed(response: Any) -> Any:
    return BeautifulSoup(response.content.decode(), "html5lib")


def test_of_two_reviewers_the_second_sees_what_the_first_wrote_and_decides(
    client: Client, draft: Any, people: dict[str, Any]
) -> None:
    row = row_of(draft, "title")
    assert post(client, draft, row, "Первое", people["reviewer"]).status_code == 200
    assert post(client, draft, row, "Первое", people["second"]).status_code == 200, "both say the same"
    overtaken = post(client, draft, row, "Второе", people["second"])
    assert overtaken.status_code == 409
    assert parsed(overtaken).textarea.get_text() == "Второе"
    assert post(client, draft, row, "", people["second"]).status_code == 409, "nor is it taken away unseen"
    assert kept(draft, "title") == "Первое"
    assert post(client, draft, row_of(draft, "title"), "Второе", people["second"]).status_code == 200


def test_a_segment_whose_original_changed_meanwhile_is_not_saved_and_the_new_one_is(
    client: Client, draft: Any, people: dict[str, Any]
) -> None:
    row = row_of(draft, "approach")
    original = fresh(draft.translation_state.source_id)
    original.approach = "<p>Another approach.</p>"
    published(original)
    response = post(client, draft, row, "Подход.", people["reviewer"])
    assert (response.status_code, response["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "Reload the page" in response.content.decode()
    now = row_of(draft, "approach")
    assert (now.work, now.text) == (Work.OUTDATED, row.text)
    assert post(client, draft, now, now.text, people["reviewer"]).status_code == 200
    assert row_of(draft, "approach").work == Work.DONE


@pytest.mark.parametrize("action", ["submit", "publish"])
def test_what_is_done_twice_is_done_once(client: Client, draft: Any, people: dict[str, Any], action: str) -> None:
    client.force_login(people["reviewer"])
    address = reverse("wagtailadmin_pages:edit", args=(draft.pk,))
    for _time in range(2):
        assert client.post(address, {"action": action}).status_code == 302
    page = fresh(draft.pk)
    assert (page.live, page.workflow_in_progress) == (action == "publish", action == "submit")
    assert page.workflow_states.count() == (action == "submit")


@pytest.mark.parametrize("form", [{"action-publish": "1"}, {"action-submit": "1"}, {"action": "delete"}, {}])
def test_no_other_form_makes_an_incomplete_page_public(
    client: Client, draft: Any, people: dict[str, Any], form: dict[str, str]
) -> None:
    StringTranslation.objects.get(context__path="title", context__object_id=draft.translation_key).delete()
    client.force_login(people["reviewer"])
    client.post(reverse("wagtailadmin_pages:edit", args=(draft.pk,)), form)
    client.post(reverse("wagtailadmin_pages:edit", args=(draft.pk,)) + "?values", form)
    page = fresh(draft.pk)
    assert (page.live, page.workflow_in_progress) == (False, False)


@pytest.mark.parametrize("how", ["unpublish", "move", "delete"])
def test_a_page_in_review_stays_in_hand_whatever_becomes_of_its_original(
    client: Client, world: dict[str, Any], draft: Any, people: dict[str, Any], how: str
) -> None:
    services.submit(record_of(draft), people["translator"])
    original = fresh(draft.translation_state.source_id)
    if how == "unpublish":
        original.unpublish()
    elif how == "move":
        original.move(fresh(world["other"]).get_parent().get_parent(), pos="last-child")
    else:
        original.delete()
    client.force_login(people["reviewer"])
    html = client.get(reverse("wagtailadmin_pages:edit", args=(draft.pk,))).content.decode()
    assert ("translation-editor" in html) == (how != "delete")
    state = fresh(draft.pk).current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=(draft.pk, "approve", state.pk)), {"comment": ""})
    page = fresh(draft.pk)
    assert (page.live, page.workflow_in_progress) == (True, False)


def send_file(client: Client, page: Any, before: str, after: str) -> Any:
    """Download the texts of a page, put one in the place of another, and bring them back."""
    record = record_of(page)
    data = client.get(reverse("wagtail_localize:download_pofile", args=(record.pk,))).content
    assert before.encode() in data
    changed = SimpleUploadedFile("back.po", data.replace(before.encode(), after.encode()))
    return client.post(reverse("wagtail_localize:upload_pofile", args=(record.pk,)), {"file": changed})


def test_no_way_leads_past_a_review(client: Client, draft: Any, people: dict[str, Any], settings: Settings) -> None:
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_settings("dummy")
    record, row = record_of(draft), row_of(draft, "title")
    services.submit(record, people["translator"])
    string = StringSegment.objects.get(source=record.source, context__path="title")
    override = OverridableSegment.objects.filter(source=record.source).first()
    before = list(StringTranslation.objects.order_by("pk").values())
    assert post(client, draft, row, "Окно", people["translator"]).status_code == 403
    refused = send_file(client, draft, "ru One window", "Окно")
    assert refused.status_code == 422
    assert "The page is locked, by somebody or by its review." in refused.content.decode()
    for name, method, *place in (
        ("edit_string_translation", client.put, string.pk),
        ("edit_string_translation", client.delete, string.pk),
        ("edit_override", client.put, override.pk if override else 0),
        ("machine_translate", client.post),
        ("stop_translation", client.post),
    ):
        address = reverse(f"wagtail_localize:{name}", args=(record.pk, *place))
        assert method(address, "value=x", "application/x-www-form-urlencoded").status_code in {302, 403}, name
    assert list(StringTranslation.objects.order_by("pk").values()) == before
    assert record_of(draft).enabled
    with pytest.raises(PermissionDenied):
        machine.draft(record, people["translator"])
    with pytest.raises(RefusedError):
        drafted(record, people["translator"])


def test_what_a_reviewer_brings_back_in_a_file_is_what_is_approved(
    client: Client, draft: Any, people: dict[str, Any]
) -> None:
    services.submit(record_of(draft), people["translator"])
    client.force_login(people["reviewer"])
    assert send_file(client, draft, "ru One window", "Окно").status_code == 302
    assert fresh(draft.pk).get_latest_revision_as_object().title == "Окно"
    client.post(review(client, draft, people["second"])["buttons"]["Approve"])
    assert fresh(draft.pk).title == "Окно"
